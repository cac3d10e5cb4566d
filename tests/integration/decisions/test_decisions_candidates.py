"""Candidates: quotations below the floor of confidence, which a person may lift into the reports."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from tests.integration.dedupe.newsroom import Said, Story, extract_again, person, store
from tests.integration.dedupe.test_dedupe_stories import prose
from worker.decisions import quotes as quote_decisions
from worker.decisions import speakers as speaker_decisions
from worker.store import floor

SURE, UNSURE = (
    "We expect the agreement to be achieved before the end of this year",
    "There are countries with interests outside their borders",
)
LAVROV, RAISI = person("Sergey Lavrov"), person("Ebrahim Raisi")
WHO: dict[str, Any] = {"who": "ada", "reason": "it stands there"}


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def unsure(connection: Connection) -> None:
    """Let the machine be unsure of one quotation."""
    connection.execute(text("UPDATE quotes SET confidence = 0.3 WHERE text = :words"), {"words": UNSURE})


@pytest.fixture
def article(connection: Connection) -> int:
    """An article with a sure quotation by Lavrov, and an unsure one by Raisi."""
    article = store(connection, Story(prose(1, 60), (Said(SURE, [LAVROV]), Said(UNSURE, [RAISI])), "Mehr"))
    unsure(connection)
    return article


def shown(connection: Connection, view: str = "quotes") -> list[str]:
    return list(connection.exec_driver_sql(f"SELECT quote FROM report.{view} ORDER BY quote_id").scalars())


def number(connection: Connection, words: str = UNSURE) -> int:
    return int(connection.execute(text("SELECT id FROM quotes WHERE text = :words"), {"words": words}).scalar_one())


def test_every_view_counts_only_what_is_shown(connection: Connection, article: int) -> None:
    assert shown(connection) == [SURE]
    assert shown(connection, "candidates") == [UNSURE]
    assert shown(connection, "all_quotes") == [SURE, UNSURE]
    for view, column in (
        ("speakers", "speaker"),
        ("speaker_days", "speaker"),
        ("quote_speakers", "speaker"),
        ("statements", "statement"),
    ):
        found = connection.exec_driver_sql(f"SELECT {column} FROM report.{view}").scalars().all()
        assert found == ["Sergey Lavrov" if column == "speaker" else SURE], view
    counts = connection.exec_driver_sql("SELECT quotes, statements FROM report.outlets").all()
    assert set(counts) <= {(1, 1)}
    search = text("SELECT quote FROM report.search(:words)")
    assert connection.execute(search, {"words": "countries"}).all() == []


def test_both_views_have_the_same_columns_and_comments(connection: Connection) -> None:
    columns = text(
        "SELECT attname, atttypid, col_description(attrelid, attnum) FROM pg_attribute"
        " WHERE attrelid = CAST(:view AS regclass) AND attnum > 0 ORDER BY attnum"
    )
    of = {
        view: connection.execute(columns, {"view": f"report.{view}"}).all()
        for view in ("quotes", "candidates", "all_quotes")
    }
    assert of["quotes"] == of["candidates"] == of["all_quotes"]
    assert all(comment for _, _, comment in of["quotes"])


def test_the_floor_holds_at_once_for_everybody(engine: Engine) -> None:
    with engine.begin() as connection:
        store(connection, Story(prose(1, 60), (Said(SURE, [LAVROV]), Said(UNSURE, [RAISI]))))
        unsure(connection)
    floor.keep(engine, 0.2)
    with engine.begin() as connection:
        assert shown(connection) == [SURE, UNSURE]
        assert shown(connection, "candidates") == []
    floor.keep(engine, 0.95)
    with engine.begin() as connection:
        assert shown(connection) == []
    floor.keep(engine, 0.0)
    with engine.begin() as connection:
        assert shown(connection) == [SURE, UNSURE]
        connection.execute(text("DELETE FROM confidence_floor"))
        assert shown(connection) == [SURE], "without a row, the views know the default"


def test_a_persons_yes_lifts_a_candidate_and_survives_re_processing(connection: Connection, article: int) -> None:
    decision = quote_decisions.accept(connection, number(connection), **WHO)
    assert shown(connection) == [SURE, UNSURE]
    assert connection.exec_driver_sql("SELECT speaker FROM report.speakers ORDER BY 1").scalars().all() == [
        "Ebrahim Raisi",
        "Sergey Lavrov",
    ]
    before = number(connection)
    extract_again(connection, article, [Said(SURE, [LAVROV]), Said(UNSURE, [RAISI])], 2)
    unsure(connection)
    quote_decisions.apply(connection, article)
    assert number(connection) == before
    assert shown(connection) == [SURE, UNSURE]
    speaker_decisions.undo(connection, decision, **WHO)
    assert shown(connection) == [SURE]
    assert shown(connection, "candidates") == [UNSURE]


def test_who_says_whose_it_is_lifts_it_too(connection: Connection, article: int) -> None:
    given = quote_decisions.set_speaker(connection, number(connection), "Ann One", **WHO)
    taken = quote_decisions.no_speaker(connection, number(connection), **WHO)
    assert shown(connection) == [SURE, UNSURE]
    speaker_decisions.undo(connection, taken, **WHO)
    assert shown(connection) == [SURE, UNSURE], "the other decision still holds"
    speaker_decisions.undo(connection, given, **WHO)
    assert shown(connection) == [SURE]


def test_the_later_of_a_yes_and_a_no_holds(connection: Connection, article: int) -> None:
    quote = number(connection, SURE)
    rejected = quote_decisions.reject(connection, quote, **WHO)
    assert shown(connection) == []
    accepted = quote_decisions.accept(connection, quote, **WHO)
    assert shown(connection) == [SURE]
    speaker_decisions.undo(connection, accepted, **WHO)
    assert shown(connection) == []
    assert shown(connection, "candidates") == [UNSURE], "a rejected quote is no candidate"
    speaker_decisions.undo(connection, rejected, **WHO)
    assert shown(connection) == [SURE]
