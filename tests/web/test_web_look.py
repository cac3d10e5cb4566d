"""What people see, in a real browser: each page, in both schemes, at both widths, and to a screen reader."""

import threading
from dataclasses import asdict

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.web.served import Served
from tests.web.world import HOSTILE, World
from worker.web.pages import search

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {"runOnly": {"type": "tag", "values": RULES}}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}

ADDRESSES = (
    "/?q=wall",
    "/?q=after%3Anever",
    "/articles/{harbour}#q{wall}",
    "/quotes/{wall}",
    "/quotes/{wall}/correct",
    "/speakers/{linden}",
    "/speakers/{hostile}",
    "/speakers",
    "/outlets",
    "/outlets/1",
    "/statements/1",
    "/articles/{ferry}",
    "/articles/{killed}",
    "/files",
    "/files?file=dump.jsonl",
    "/reports",
    "/reports/together",
    "/reports/speaker?speaker=lavrov",
    "/review",
    "/review?kind=nobody",
    "/review?kind=candidates",
    "/quotes/{late}",
    "/?candidates=1",
    "/?denied=yes",
    "/decisions",
    "/watch-lists",
    "/nowhere",
)
"""An address of every page; the numbers are those of the world."""


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_can_be_read_by_everybody(browser: Browser, site: Served, world: World, address: str) -> None:
    tab = browser.new_page(base_url=site.url, viewport={"width": 1200, "height": 900})
    tab.goto(address.format(**asdict(world)))
    violations = Axe().run(tab, options=ALL_RULES).response["violations"]
    tab.emulate_media(color_scheme="dark")
    violations += Axe().run(tab, options=CONTRAST).response["violations"]
    tab.set_viewport_size({"width": 360, "height": 740})
    width = tab.evaluate("document.documentElement.scrollWidth")
    tab.close()
    assert [f"{rule['id']}: {rule['nodes'][0]['html'][:150]}" for rule in violations] == []
    assert width <= 360


def test_the_search_marks_its_hits_and_counts_them(tab: Page) -> None:
    tab.goto("/")
    tab.get_by_label("Search the quotations").fill("wall speaker:linden after:2024-06-01")
    tab.get_by_role("button", name="Search").click()
    expect(tab.locator(".summary")).to_contain_text("1 quotation")
    expect(tab.locator(".card mark")).to_have_text("wall")
    expect(tab.locator(".card .speaker")).to_have_text("Ruta Linden")
    assert "q=wall+speaker%3Alinden" in tab.url


def test_behind_the_last_page_no_hit_is_denied(site: Served) -> None:
    for address in ("/?page=99", "/?q=wall&page=99"):
        shown = site.ask(address).text
        assert "There is no page 99." in shown
        assert "No quotation" not in shown


def test_a_choice_beside_the_hits_narrows_them_and_back_widens_them(tab: Page) -> None:
    tab.goto("/")
    every = tab.locator(".card").count()
    tab.locator(".facets").get_by_role("link", name="Sergey Lavrov").click()
    expect(tab.locator(".card")).to_have_count(2)
    tab.locator(".chosen").get_by_role("link").click()
    expect(tab.locator(".card")).to_have_count(every)
    tab.go_back()
    expect(tab.locator(".card")).to_have_count(2)


@pytest.mark.parametrize("width", [1200, 360])
def test_hits_stay_where_they_are_when_the_counts_come(
    browser: Browser, site: Served, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    may_count = threading.Event()
    counts_of = search.counts_of
    monkeypatch.setattr(search, "counts_of", lambda rows: counts_of(rows) if may_count.wait(30) else None)
    tab = browser.new_page(base_url=site.url, viewport={"width": width, "height": 900})
    for address in ("/", "/?q=wall"):
        may_count.clear()
        tab.goto(address, wait_until="commit")
        card = tab.locator(".card").first
        card.wait_for()
        before = card.bounding_box()
        assert tab.locator(".facets").count() == 0
        may_count.set()
        tab.wait_for_load_state()
        expect(tab.locator(".facets")).to_be_visible()
        assert card.bounding_box() == before, address
    tab.close()


def test_candidates_are_sought_by_themselves(tab: Page) -> None:
    tab.goto("/?q=work")
    expect(tab.locator(".card")).to_have_count(0)
    tab.get_by_role("link", name="Candidates").click()
    expect(tab.locator(".card.candidate mark")).to_have_text("work")
    tab.locator(".chosen").get_by_role("link", name="candidates").click()
    expect(tab.locator(".card")).to_have_count(0)


def test_what_was_denied_is_found_and_counted(tab: Page, world: World) -> None:
    tab.goto("/?q=denied%3Ayes")
    expect(tab.locator(".card")).to_have_count(1)
    expect(tab.locator(".card .denied")).to_be_visible()
    tab.goto(f"/speakers/{world.orlov}")
    expect(tab.locator(".person")).to_contain_text("1 affirmed, 1 denied")
    tab.get_by_role("link", name="1 denied").click()
    expect(tab.locator(".card")).to_contain_text("The port is shut.")
    tab.locator(".chosen").get_by_role("link", name="denied").click()
    tab.locator(".facets").get_by_role("link", name="no", exact=True).click()
    expect(tab.locator(".card")).to_contain_text("The port is open.")


def test_an_undated_article_says_so(tab: Page) -> None:
    tab.goto("/?q=nobody+knows")
    expect(tab.locator(".undated")).to_contain_text("undated, stored on")


def test_a_deep_link_leads_to_the_quotation_and_keys_step_on(tab: Page, world: World) -> None:
    tab.goto(f"/articles/{world.harbour}#q{world.wall}")
    expect(tab.locator("mark.current")).to_have_text("The harbour wall goes up.")
    tab.keyboard.press("n")
    expect(tab.locator("mark.current")).to_have_text("The drains come next.")
    assert tab.url.endswith(f"#q{world.drains}")
    tab.keyboard.press("p")
    expect(tab.locator("mark.current")).to_have_text("The harbour wall goes up.")
    tab.go_back()
    assert tab.url.endswith(f"#q{world.drains}")


def test_names_with_markup_are_only_names(tab: Page, world: World) -> None:
    for address in (f"/speakers/{world.hostile}", "/", "/speakers", "/review", f"/speakers/{world.linden}"):
        tab.goto(address)
        assert tab.title() != "taken"
    tab.goto(f"/speakers/{world.hostile}")
    shown = tab.locator("h1").inner_text()
    assert shown == HOSTILE.replace("\u202e", "\\u202e")
    assert tab.locator("i", has_text="bold").count() == 0


def test_a_chart_has_its_numbers_as_a_table(tab: Page) -> None:
    tab.goto("/")
    tab.get_by_text("Quotations over time, as a table").click()
    rows = tab.locator("figcaption tbody tr").all_inner_texts()
    counts = [int(row.split("\t")[1]) for row in rows]
    assert sum(counts) == tab.locator(".card").count()


def test_a_bar_narrows_the_search_to_its_days(tab: Page) -> None:
    tab.goto("/")
    tab.locator("svg a").first.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator(".chosen")).to_contain_text("from 2024-05-01")
    assert "to=2024-05-31" in tab.url


def test_an_article_shows_the_versions_of_its_item(tab: Page, site: Served, world: World) -> None:
    tab.goto(f"/articles/{world.ferry}")
    rows = tab.get_by_role("region", name="Versions").locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("the newest (this one)")
    expect(rows.nth(1)).to_contain_text("replaced")
    expect(rows.nth(1).get_by_role("link")).to_have_count(1)  # its file; its article is in no report
    gone = site.ask(f"/articles/{world.killed}")
    assert gone.status == 404
    assert f'href="/articles/{world.ferry}"' in gone.text


def test_pages_work_without_javascript(browser: Browser, site: Served, world: World) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    tab = context.new_page()
    for address in ADDRESSES[:-1]:
        answer = tab.goto(address.format(**asdict(world)))
        assert answer is not None
        assert answer.status in (200, 400) or "killed" in address, address
    tab.goto("/")
    tab.get_by_label("Search the quotations").fill("wall")
    tab.keyboard.press("Enter")
    expect(tab.locator(".card")).to_have_count(1)
    context.close()


def test_a_print_has_only_what_is_read(tab: Page, world: World) -> None:
    tab.goto(f"/articles/{world.harbour}")
    tab.emulate_media(media="print")
    assert not tab.get_by_role("navigation").first.is_visible()
    assert tab.locator("mark").first.is_visible()
    assert tab.locator(".note").first.is_visible()


def test_completion_offers_names(tab: Page, world: World) -> None:
    tab.goto(f"/speakers/{world.linden}")
    tab.get_by_label("The same as").press_sequentially("lav")
    expect(tab.locator("#same-names option")).to_have_count(1)
    assert tab.locator("#same-names option").get_attribute("value") == "Sergey Lavrov"
