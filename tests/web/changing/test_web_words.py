"""Marking words of an article in a real browser: a quotation that begins or ends elsewhere, and one that was missed."""

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, text

from tests.web.changing.test_web_right import decisions, open_choices, speaker_of, undo
from tests.web.served import Served
from tests.web.world import World


def words_of(engine: Engine, quote: int) -> str | None:
    """Return the words of a quotation, as reports show them."""
    query = text("SELECT quote FROM report.quotes WHERE quote_id = :id")
    with engine.connect() as connection:
        return connection.execute(query, {"id": quote}).scalar()


def drag(tab: Page, first: str, last: str) -> None:
    """Drag the mouse from inside the word `first` to inside the word `last` of the article's first paragraph."""
    places = tab.evaluate(
        """words => words.map(word => {
            const walker = document.createTreeWalker(document.querySelector("p[data-start]"), NodeFilter.SHOW_TEXT);
            for (let node; (node = walker.nextNode()); ) {
                const at = node.data.indexOf(word);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at + 1);
                range.setEnd(node, at + 2);
                const box = range.getBoundingClientRect();
                return [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)];
            }
        })""",
        [first, last],
    )
    tab.mouse.move(*places[0])
    tab.mouse.down()
    tab.mouse.move(*places[1], steps=4)
    tab.mouse.up()


def open_words(tab: Page, quote: int) -> None:
    """Open the form for the words of a quotation."""
    open_choices(tab, quote)
    tab.get_by_text("Other words").click()


def test_words_are_marked_with_the_keys_and_back(tab: Page, world: World, engine: Engine) -> None:
    tab.goto(f"/articles/{world.harbour}")
    open_words(tab, world.wall)
    box = tab.get_by_label("Its words, as the article has them")
    expect(box).to_have_value("The harbour wall goes up.")
    tab.keyboard.press("Shift+Alt+ArrowRight")
    expect(box).to_have_value("harbour wall goes up.")
    tab.keyboard.press("Shift+ArrowLeft")
    tab.keyboard.press("Shift+ArrowLeft")
    expect(box).to_have_value("harbour wall goes")
    tab.get_by_role("group", name=f"Set quotation {world.wall} right").locator(".recut button").click()
    expect(tab.get_by_role("status")).to_contain_text(f"Quotation {world.wall} has other words")
    assert tab.url.endswith(f"#q{world.wall}")
    assert words_of(engine, world.wall) == "harbour wall goes"
    expect(tab.locator(f'mark[data-quote="{world.wall}"]')).to_have_text("harbour wall goes")
    undo(tab)
    assert words_of(engine, world.wall) == "The harbour wall goes up."


def test_words_are_marked_with_the_mouse(tab: Page, world: World, engine: Engine) -> None:
    tab.goto(f"/articles/{world.harbour}")
    open_words(tab, world.drains)
    drag(tab, "drains", "come")
    expect(tab.get_by_label("Its words, as the article has them")).to_have_value("drains come")
    tab.locator(".recut button").click()
    expect(tab.get_by_role("status")).to_contain_text("has other words")
    assert words_of(engine, world.drains) == "drains come"
    assert speaker_of(engine, world.drains) == "R. Linden"


def test_a_missed_quotation_is_marked_and_taken_back(tab: Page, world: World, engine: Engine) -> None:
    tab.goto(f"/articles/{world.harbour}")
    tab.wait_for_load_state()
    tab.keyboard.press("m")
    drag(tab, "said so", "Monday")
    expect(tab.get_by_label("Its words", exact=True)).to_have_value("said so on Monday")
    tab.get_by_label("Who said it").fill("Sergey Lavrov")
    tab.locator(".missed button").click()
    expect(tab.get_by_role("status")).to_contain_text("was missed")
    added = tab.locator("mark", has_text="said so on Monday")
    quote = int(added.get_attribute("data-quote") or "")
    assert speaker_of(engine, quote) == "Sergey Lavrov"
    assert [kind for kind, _, _ in decisions(engine)] == ["add", "set_speaker"]
    tab.goto(f"/quotes/{quote}")
    expect(tab.locator("dl")).to_contain_text("a person marked them")
    tab.go_back()
    undo(tab)
    expect(added).to_have_count(0)
    assert [kind for kind, _, _ in decisions(engine)] == ["add", "set_speaker", "undo", "undo"]


def test_words_are_given_without_javascript(browser: Browser, site: Served, world: World, engine: Engine) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"/articles/{world.harbour}")
    open_words(tab, world.wall)
    tab.get_by_label("Its words, as the article has them").fill("The  harbour\nwall")
    tab.locator(".recut button").click()
    assert words_of(engine, world.wall) == "The harbour wall"
    tab.get_by_text("Is a quotation missing?").click()
    tab.get_by_label("Its words", exact=True).fill("the work late")
    tab.locator(".missed button").click()
    expect(tab.locator("main")).to_contain_text(f"mostly the words of quotation {world.late} already")
    tab.go_back()
    tab.get_by_text("Is a quotation missing?").click()
    tab.get_by_label("Its words", exact=True).fill("said so on Monday")
    tab.locator(".missed button").click()
    expect(tab.locator("mark", has_text="said so on Monday")).to_be_visible()
    context.close()
