"""Watch-lists on the page: made from the search, followed by feeds, paused, and removed; and what they may not do."""

import json
from xml.etree import ElementTree as Xml

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from tests.web.served import Served, served
from tests.web.test_web_look import ALL_RULES
from tests.web.world import World
from worker.deliveries import making

ATOM = "{http://www.w3.org/2005/Atom}"
TOLD = text(
    "INSERT INTO deliveries (watch_list_id, what, quote_id, article_id, change_id)"
    " SELECT w.id, what, q, :article, 1 FROM watch_lists w, unnest(CAST(:whats AS text[]), CAST(:quotes AS bigint[]))"
    " AS told (what, q)"
)


def test_a_watch_list_from_the_search_to_its_end(tab: Page, site: Served, world: World, engine: Engine) -> None:
    tab.goto("/?q=wall&kind=direct")
    tab.get_by_label("a watch-list named").fill("Walls & dams")
    tab.get_by_role("button", name="Make it").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Walls & dams")
    expect(tab.get_by_text("wall, kind direct")).to_be_visible()
    expect(tab.get_by_text("It has told nothing yet")).to_be_visible()
    with engine.begin() as connection:
        made = connection.execute(text("SELECT id, made_by, query FROM watch_lists")).one()
        values = {"article": world.harbour, "whats": ["new", "withdrawn"], "quotes": [world.wall, world.drains]}
        connection.execute(TOLD, values)
        denying = "UPDATE quotes SET denied = true WHERE id = :id"
        connection.execute(text(denying), {"id": world.wall})
        connection.execute(
            text(
                "INSERT INTO receivers"
                " (watch_list_id, kind, address, shown, secret, told_to, failing_since, tries, failure) VALUES"
                " (:id, 'webhook', 'https://hooks.example/T0P', 'https://hooks.example/…', 'whsec_S3CRET', 0, now(), 3,"
                " 'It answered 500.')"
            ),
            {"id": made.id},
        )
    assert (made.made_by, made.query) == ("Ada", "q=wall&kind=direct")
    tab.reload()
    expect(tab.get_by_text("The harbour wall goes up.")).to_be_visible()
    expect(tab.get_by_text(f"Quotation {world.drains} is withdrawn.")).to_be_visible()
    expect(tab.get_by_text("3 tries; 2 wait. It answered 500.")).to_be_visible()
    everybody_can_read(tab)
    tab.goto("/watch-lists")
    expect(tab.get_by_role("link", name="Walls & dams")).to_be_visible()
    everybody_can_read(tab)
    shown = site.ask("/watch-lists").text + site.ask(f"/watch-lists/{made.id}").text
    assert "T0P" not in shown
    assert "S3CRET" not in shown
    the_feeds_hold_what_was_told(site, made.id, world)
    tab.goto(f"/watch-lists/{made.id}")
    tab.get_by_role("button", name="Pause").click()
    expect(tab.get_by_text("paused since")).to_be_visible()
    tab.get_by_role("button", name="Go on").click()
    expect(tab.get_by_text("follows")).to_be_visible()
    tab.get_by_role("button", name="Remove").click()
    expect(tab.get_by_text("There is no watch-list yet.")).to_be_visible()
    assert site.ask(f"/watch-lists/{made.id}/feed.atom").status == 404


def everybody_can_read(tab: Page) -> None:
    """Check a page for what hinders people, and its width on a telephone."""
    violations = Axe().run(tab, options=ALL_RULES).response["violations"]
    assert [f"{rule['id']}: {rule['nodes'][0]['html'][:150]}" for rule in violations] == []
    tab.set_viewport_size({"width": 360, "height": 740})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360


def the_feeds_hold_what_was_told(site: Served, number: int, world: World) -> None:
    """Check both feeds: the words, the withdrawal, and stable ids."""
    address = f"/watch-lists/{number}/feed"
    feed = Xml.fromstring(site.ask(f"{address}.atom").body)
    assert str(feed.findtext(f"{ATOM}id")).startswith(f"{site.url}{address}.atom?key=")
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == [
        f"Withdrawn: quotation {world.drains}",
        "Ruta Linden, DENIED, The Courier, Harbour <b>wall</b>",
    ]
    items = json.loads(site.ask(f"{address}.json").body)["items"]
    assert items[1]["content_text"] == "The harbour wall goes up."
    assert items[1]["id"] == f"{site.url}/quotes/{world.wall}"


def test_what_cannot_be_watched_for_is_said(site: Served) -> None:
    answers = [
        site.ask("/watch-lists", {"name": "x", "query": "page=2"}),
        site.ask("/watch-lists", {"name": " ", "query": "q=wall"}),
        site.ask("/watch-lists", {"name": "x", "query": "q=wall&candidates=1"}),
        site.ask("/watch-lists", {"name": "x", "query": "q=kind:loud"}),
    ]
    assert [answer.status for answer in answers] == [409] * 4
    assert "Say what to watch for" in answers[0].text
    assert "Give the watch-list a name" in answers[1].text
    assert site.ask("/watch-lists/999/remove", {}).status == 404
    assert site.ask("/watch-lists", {"name": "x", "query": "q=wall"}, Origin="http://evil.example").status == 403


def test_a_feed_reader_needs_the_key_and_no_password(database_url: str, engine: Engine) -> None:
    with engine.begin() as connection:
        made = making.make(connection, "walls", "q=wall", "Ada")
    with served(database_url, password="a long password") as site:
        address = f"/watch-lists/{made.id}/feed.atom"
        asked = [site.ask(f"{address}{key}") for key in ("", "?key=", "?key=x", f"?key={made.feed_key}")]
        assert [answer.status for answer in asked] == [303, 403, 403, 200]
        assert site.ask(f"/watch-lists/{made.id}?key={made.feed_key}").status == 303, "only the feeds"
        assert site.ask(f"/watch-lists/{made.id}/remove?key={made.feed_key}", {}).status == 303


def test_where_everybody_may_read_strangers_do_not_see_the_key(database_url: str, engine: Engine) -> None:
    with engine.begin() as connection:
        made = making.make(connection, "walls", "q=wall", "Ada")
    with served(database_url, password="a long password", is_open=True) as site:
        for path in ("", "/feed.atom", "/feed.json"):
            answered = site.ask(f"/watch-lists/{made.id}{path}")
            assert (answered.status, "feed.json" in answered.text or path == "/feed.atom") == (200, True)
            assert made.feed_key not in answered.text
        assert made.feed_key in site.ask(f"/watch-lists/{made.id}/feed.json?key={made.feed_key}").text
