"""A page that is sent in portions ends with a word, whatever becomes of it, and outlives a change of the views."""

import http.client
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine, text

from tests.web.served import Served
from tests.web.world import World
from worker.report import reading, views
from worker.report.reading import Reading
from worker.web.pages import speaker

SESSIONS = text("""
SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
""")


def fail(asked: Reading, *_others: object) -> None:
    """End the session, as a server does that is stopped."""
    asked.rows("SELECT pg_terminate_backend(pg_backend_pid())")


def sleep(asked: Reading, *_others: object) -> None:
    """Let PostgreSQL work until it is stopped for its time."""
    asked.rows("SELECT pg_sleep(60)")


@pytest.fixture(params=["search", "speaker"])
def second(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, world: World
) -> tuple[str, Callable[..., None]]:
    """The address of a page in portions, and what replaces the questions of its second portion."""
    if request.param == "search":
        return "/?q=wall", lambda ask: monkeypatch.setattr(Reading, "other_rows", ask)
    return f"/speakers/{world.linden}", lambda ask: monkeypatch.setattr(speaker, "said_by_others", ask)


def test_a_page_whose_rest_cannot_be_made_says_so(
    site: Served, second: tuple[str, Callable[..., None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, becomes = second
    becomes(fail)
    page = site.ask(address).text  # and not half an answer, which `http.client` refuses
    assert 'class="card"' in page
    assert "The rest of this page could not be made." in page
    monkeypatch.undo()
    answer = site.ask(address)
    assert answer.status == 200
    assert "could not be made" not in answer.text
    assert "</html>" in answer.text


def test_a_page_whose_rest_takes_too_long_says_so(
    site: Served, second: tuple[str, Callable[..., None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, becomes = second
    monkeypatch.setattr(reading.reading.__wrapped__, "__defaults__", (1.0,))  # type: ignore[attr-defined]
    becomes(sleep)
    page = site.ask(address).text
    assert 'class="card"' in page
    assert "took too long and was stopped." in page
    assert "</html>" in page


def test_a_connection_comes_back_from_a_browser_that_goes_away(
    site: Served, world: World, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reading, "other_rows", lambda asked: asked.rows("SELECT pg_sleep(1)") and [])
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=30)
    connection.request("GET", "/?q=wall")
    response = connection.getresponse()
    assert response.read1(100)
    with engine.connect() as other:
        assert "idle" not in other.execute(SESSIONS).scalars().all()
    response.close()
    connection.close()
    begun = time.monotonic()
    while site.house.reader.pool.checkedout():  # type: ignore[attr-defined]
        assert time.monotonic() - begun < 20
        time.sleep(0.05)
    with engine.connect() as other:
        assert set(other.execute(SESSIONS).scalars()) == {"idle"}


def test_pages_outlive_a_change_of_the_views(
    site: Served, world: World, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [f"/speakers/{world.linden}", f"/quotes/{world.wall}", "/outlets/1", "/?q=wall"]
    for address in 4 * addresses:
        assert site.ask(address).status == 200
    with_other_columns = (
        views.VIEWS.replace("coalesce(r.name, s.name)", "coalesce(r.name, s.name)::varchar")
        .replace("report.outlets (outlet_id, outlet,", "report.outlets (outlet_id, another, outlet,")
        .replace("SELECT o.id, o.name, count(DISTINCT a.id)", "SELECT o.id, 7, o.name, count(DISTINCT a.id)")
    )
    monkeypatch.setattr(views, "VIEWS", with_other_columns)
    with engine.begin() as connection:
        views.apply(connection)
    for address in addresses:
        answer = site.ask(address)
        assert (answer.status, "could not be made" in answer.text) == (200, False), address
