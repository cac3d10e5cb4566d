"""Setting right in a real browser: each correction, its undo, the keys, and what it leaves in the tables."""

import re

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, text

from tests.web.served import Served
from tests.web.world import World
from worker.web.asking import PAGE


def decisions(engine: Engine) -> list[tuple[object, ...]]:
    """Return the decisions in the tables: kind, person, reason."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT kind, who, reason FROM decisions ORDER BY id"))]


def speaker_of(engine: Engine, quote: int) -> str | None:
    """Return the speaker of a quotation, as reports show it."""
    with engine.connect() as connection:
        found = connection.execute(text("SELECT speaker FROM report.quotes WHERE quote_id = :id"), {"id": quote})
        row = found.one_or_none()
    return row.speaker if row else "(not in the reports)"


def open_choices(tab: Page, quote: int) -> None:
    """Open what can be set right about a quotation, in its article or on its page."""
    tab.get_by_role("link", name=f"correct quotation {quote}").first.click()
    expect(tab.get_by_role("group", name=f"Set quotation {quote} right")).to_be_visible()


def press(tab: Page, key: str) -> None:
    """Press a key, once the page and its script are there."""
    tab.wait_for_load_state()
    tab.keyboard.press(key)


def undo(tab: Page) -> None:
    """Undo what was just decided."""
    tab.get_by_role("status").get_by_role("button").click()
    expect(tab.get_by_role("status")).to_contain_text("Undone")


def test_another_speaker_and_back(tab: Page, world: World, engine: Engine) -> None:
    tab.goto(f"/articles/{world.harbour}#q{world.wall}")
    open_choices(tab, world.wall)
    assert tab.url.endswith(f"/articles/{world.harbour}#q{world.wall}"), "the form stands in place"
    tab.get_by_label("Said by").fill("Sergey Lavrov")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("status")).to_contain_text("Sergey Lavrov said quotation")
    assert speaker_of(engine, world.wall) == "Sergey Lavrov"
    assert decisions(engine) == [("set_speaker", "Ada", "set right on the page")]
    undo(tab)
    assert speaker_of(engine, world.wall) == "Ruta Linden"


def test_a_name_that_nobody_has_makes_a_speaker(tab: Page, world: World, engine: Engine) -> None:
    tab.goto(f"/quotes/{world.unnamed}")
    open_choices(tab, world.unnamed)
    tab.get_by_label("Said by").fill("Ministry of Ports")
    tab.get_by_label("a body, if new").check()
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator(".by .speaker")).to_have_text("Ministry of Ports")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT kind FROM speakers WHERE name = 'Ministry of Ports'")).scalar() == "body"


def test_no_speaker_and_back(tab: Page, world: World, engine: Engine) -> None:
    tab.goto("/?q=wall")
    open_choices(tab, world.wall)
    tab.get_by_role("button", name="Nobody known said it").click()
    expect(tab.get_by_role("status")).to_contain_text("Nobody known said")
    assert speaker_of(engine, world.wall) is None
    assert "q=wall" in tab.url, "the search stays"
    undo(tab)
    assert speaker_of(engine, world.wall) == "Ruta Linden"


def test_no_quotation_and_back(tab: Page, world: World, engine: Engine) -> None:
    tab.goto(f"/articles/{world.harbour}")
    open_choices(tab, world.wall)
    tab.get_by_role("button", name="No quotation").click()
    expect(tab.get_by_role("status")).to_contain_text("is no quotation")
    assert speaker_of(engine, world.wall) == "(not in the reports)"
    undo(tab)
    assert speaker_of(engine, world.wall) == "Ruta Linden"


def test_merge_and_back(tab: Page, world: World, engine: Engine) -> None:
    tab.goto(f"/speakers/{world.linden}")
    tab.get_by_label("The same as").fill("R. Linden")
    tab.get_by_role("button", name="Merge").click()
    expect(tab.get_by_role("status")).to_contain_text("is Ruta Linden")
    expect(tab.locator("h1")).to_have_text("Ruta Linden")
    assert speaker_of(engine, world.drains) == "Ruta Linden"
    undo(tab)
    assert speaker_of(engine, world.drains) == "R. Linden"


def test_split_and_back(tab: Page, world: World, engine: Engine) -> None:
    tab.goto(f"/speakers/{world.orlov}")
    tab.get_by_role("button", name=re.compile("Somebody else.*Dmitri Orlov")).click()
    expect(tab.get_by_role("status")).to_contain_text("Dmitri Orlov is somebody else")
    expect(tab.locator("#names + .scroll tbody tr")).to_have_count(1)
    undo(tab)
    expect(tab.locator("#names + .scroll tbody tr")).to_have_count(2)


def test_rename_and_back(tab: Page, world: World, engine: Engine) -> None:
    tab.goto(f"/speakers/{world.linden}")
    tab.get_by_label("Shown as").fill("Ruta Lindén")
    tab.get_by_role("button", name="Rename").click()
    expect(tab.locator("h1")).to_have_text("Ruta Lindén")
    undo(tab)
    expect(tab.locator("h1")).to_have_text("Ruta Linden")


def test_an_alias_and_back(tab: Page, world: World, engine: Engine) -> None:
    tab.goto(f"/speakers/{world.linden}")
    tab.get_by_label("Also called").fill("Dmitry Orlov")
    tab.get_by_role("button", name="Add").click()
    expect(tab.get_by_role("status")).to_contain_text("Dmitry Orlov is a name of Ruta Linden")
    expect(tab.get_by_role("list", name="Aliases that people gave")).to_contain_text("Dmitry Orlov")
    assert said_in_port(engine) == {"Ruta Linden"}
    tab.get_by_role("button", name=re.compile("Remove.*Dmitry Orlov")).click()
    expect(tab.get_by_role("status")).to_contain_text("Undone")
    expect(tab.get_by_role("list", name="Aliases that people gave")).to_have_count(0)
    assert "Ruta Linden" not in said_in_port(engine)


def said_in_port(engine: Engine) -> set[str]:
    """Return who said, as reports show it, what the article about the port quotes."""
    with engine.connect() as connection:
        return set(connection.execute(text("SELECT speaker FROM report.quotes WHERE title = 'Port'")).scalars())


def test_a_join_is_reviewed_with_keys(tab: Page, world: World, engine: Engine) -> None:
    tab.goto("/review?kind=joins")
    expect(tab.locator(".pair")).to_contain_text("The drains come next.")
    press(tab, "n")
    expect(tab.get_by_role("heading", name="Nothing is left here")).to_be_visible()
    press(tab, "u")
    expect(tab.locator(".pair")).to_be_visible()
    press(tab, "s")
    expect(tab.get_by_text("1 skipped")).to_be_visible()
    tab.get_by_role("link", name="Look at the skipped ones").click()
    expect(tab.locator(".pair")).to_be_visible()
    press(tab, "y")
    expect(tab.get_by_role("status")).to_contain_text("Ruta Linden")
    assert speaker_of(engine, world.drains) == "Ruta Linden"
    expect(tab.get_by_text("1 decided by you today")).to_be_visible()


def test_a_doubtful_quotation_is_never_shown_twice(tab: Page, world: World, engine: Engine) -> None:
    tab.goto("/review?kind=doubtful")
    expect(tab.locator("blockquote")).to_contain_text("The drains come next.")
    press(tab, "y")
    expect(tab.get_by_role("status")).to_contain_text("R. Linden said")
    expect(tab.locator("blockquote", has_text="The drains come next.")).to_have_count(0)
    assert speaker_of(engine, world.drains) == "R. Linden"


def test_a_candidate_is_accepted_in_its_article_and_back(tab: Page, world: World, engine: Engine) -> None:
    tab.goto(f"/articles/{world.harbour}")
    expect(tab.locator("mark.candidate")).to_have_text("the work late")
    tab.get_by_role("button", name=re.compile("It is a quotation.*")).click()
    expect(tab.get_by_role("status")).to_contain_text(f"Quotation {world.late} is a quotation")
    expect(tab.locator("mark.candidate")).to_have_count(0)
    assert speaker_of(engine, world.late) is None
    undo(tab)
    expect(tab.locator("mark.candidate")).to_have_text("the work late")
    assert speaker_of(engine, world.late) == "(not in the reports)"


def test_candidates_are_reviewed_with_keys(tab: Page, world: World, engine: Engine) -> None:
    tab.goto("/review?kind=candidates")
    expect(tab.locator("blockquote")).to_contain_text("who said this")
    press(tab, "y")
    expect(tab.locator("blockquote")).to_contain_text("the work late")
    press(tab, "u")
    expect(tab.locator("blockquote")).to_contain_text("who said this")
    press(tab, "n")
    expect(tab.locator("blockquote")).to_contain_text("the work late")
    assert [kind for kind, _, _ in decisions(engine)] == ["accept", "undo", "reject"]


def test_corrections_work_without_javascript(browser: Browser, site: Served, world: World, engine: Engine) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"/articles/{world.harbour}#q{world.wall}")
    open_choices(tab, world.wall)
    assert "/correct" in tab.url
    tab.get_by_label("Said by").fill("lavrov sergey the unknown")
    tab.get_by_role("button", name="Save").click()
    assert f"/articles/{world.harbour}" in tab.url
    assert tab.url.endswith(f"#q{world.wall}")
    assert speaker_of(engine, world.wall) == "lavrov sergey the unknown"
    undo(tab)
    assert speaker_of(engine, world.wall) == "Ruta Linden"
    context.close()


def test_a_decision_that_is_impossible_says_why(tab: Page, world: World, engine: Engine) -> None:
    tab.goto(f"/speakers/{world.linden}")
    tab.get_by_label("The same as").fill("Ruta Linden")
    context = tab.context
    answer = context.request.post(
        f"/speakers/{world.linden}/merge",
        form={"token": tab.locator("input[name=token]").first.input_value(), "speaker": "Nobody at all"},
        headers={"Origin": tab.url.split("/speakers")[0]},
    )
    assert answer.status == 409
    assert "No speaker is called Nobody at all" in answer.text()
    assert decisions(engine) == []


def test_every_decision_is_listed_with_its_undo(tab: Page, site: Served, world: World, engine: Engine) -> None:
    site.ask(f"/quotes/{world.wall}/correct", {"decision": "no_speaker", "reason": "the mayor was away"})
    tab.goto("/decisions")
    expect(tab.locator(".decisions li")).to_contain_text("the mayor was away")
    tab.get_by_role("button", name="Undo decision").click()
    expect(tab.locator(".decisions .undone")).to_have_count(1)
    assert speaker_of(engine, world.wall) == "Ruta Linden"


def test_a_refused_file_waits_again(tab: Page, world: World, engine: Engine) -> None:
    tab.goto("/files?state=quarantined")
    tab.get_by_role("button", name=re.compile("Try again.*empty.txt")).click()
    expect(tab.get_by_role("button", name=re.compile("Try again.*empty.txt"))).to_have_count(0)
    with engine.connect() as connection:
        state = connection.execute(text("SELECT state FROM files WHERE shown = 'empty.txt'")).scalar()
    assert state == "waiting"


def test_a_file_holds_more_than_a_page(site: Served, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO files (inbox_id, path, shown, sha256, state, reason, finished_at, members)"
                " SELECT 1, convert_to('f' || n, 'UTF8'), 'f' || n, sha256(convert_to(n::text, 'UTF8')), 'ignored',"
                " 'pattern', now(), 0 FROM generate_series(1, 1200) n"
            )
        )
    taken = site.ask("/files.jsonl?state=ignored")
    assert len(taken.body.splitlines()) == 1200
    shown = site.ask("/files?state=ignored&page=24").text
    assert shown.count("<tr>") == PAGE + 1
    assert "Page 24 of 24" in shown
