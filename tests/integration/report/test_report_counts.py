"""The numbers beside hits and on the page of a speaker are those that plain SQL counts, also beyond a bound."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.integration.report.conftest import Press
from worker.report import search as searching
from worker.report.cards import cards
from worker.report.reading import Reading, reading
from worker.report.search import Search, Sort
from worker.report.search_line import read_line
from worker.store.tables import models
from worker.web.pages import search as search_page
from worker.web.pages import speaker as speaker_page

WORDS = ("The wall goes up.", "The wall, the wall, the wall.", "No drain goes up.", "The wall came down.")
SOURCES = ("Ruta Linden", None, "the mayor")
BOUNDS = (1000, 30, 8, 1)
PLAIN = """
SELECT DISTINCT p.quote_id, p.article_id, p.day, p.source_text, p.statement_id, p.denied
FROM spoken s JOIN quote_places p ON p.quote_id = s.quote_id WHERE s.speaker_id = %(speaker)s ORDER BY p.quote_id DESC
"""
PRINTED = """SELECT article_id, outlet FROM printed"""
SPOKEN = """SELECT DISTINCT quote_id, speaker_id FROM spoken"""
PLACED = """SELECT quote_id, article_id FROM quote_places"""
HITS = """
SELECT p.quote_id, p.article_id, p.day, p.kind, p.denied FROM quote_places p
WHERE p.words @@ to_tsquery('simple', 'wall') ORDER BY p.day DESC, p.article_id, p.quote_id
"""
NUMBER = """SELECT DISTINCT speaker_id FROM spoken WHERE speaker = %(name)s"""


@pytest.fixture
def town(engine: Engine) -> Engine:
    """A database in which two speakers, one of them merged into the other, and a third say forty things."""
    with engine.begin() as connection:
        put = Press(connection)
        outlets = [put.add(models.Outlet, name=name, key=name.lower()) for name in ("Courier", "Times", "Herald")]
        linden, mayor = put.speaker("Ruta Linden"), put.speaker("Dmitry Orlov")
        merged = put.speaker("R. Linden", merged_into=linden)
        for number in range(20):
            words = " ".join(f"{number} {said}" for said in WORDS)
            day = datetime(2024, 5, 1, 12, tzinfo=UTC) + timedelta(days=(7 * number) % 20)
            article = put.article(words, f"Wall {number}", outlets[number % 3], day, language="en")
            for copy in range(1 + number % 2):
                put.carry(article, put.file(f"{number} {copy}.txt"), outlets[(number + copy) % 3], position=copy)
            put.quote(article, words, WORDS[number % 2], (linden, merged)[number % 2], source=SOURCES[number % 3])
            put.quote(article, words, WORDS[2 + number % 2], *((mayor,) if number % 5 else (linden, merged)))
        connection.exec_driver_sql("UPDATE quotes SET denied = true WHERE id %% 7 = 0")
        connection.exec_driver_sql("UPDATE quotes SET confidence = 0.2 WHERE id %% 11 = 0")
        connection.exec_driver_sql("UPDATE quotes SET rejected = true WHERE id %% 13 = 0")
        connection.exec_driver_sql("UPDATE articles SET current = false WHERE title = 'Wall 4'")
    return engine


@pytest.mark.parametrize("most", BOUNDS)
@pytest.mark.parametrize("name", ["Ruta Linden", "Dmitry Orlov"])
def test_a_speaker(town: Engine, monkeypatch: pytest.MonkeyPatch, name: str, most: int) -> None:
    monkeypatch.setattr(speaker_page, "MOST_COUNTED", most)
    with reading(town) as asking:
        number = asking.value(NUMBER, name=name)
        overview = speaker_page.overview_of(asking, number)
        assert overview is not None
        every = asking.rows(PLAIN, speaker=number)
        printed = asking.rows(PRINTED)
        spoken = asking.rows(SPOKEN)
        placed = {row["quote_id"]: row["article_id"] for row in asking.rows(PLACED)}
    assert len(every) > 8
    theirs = every[:most]
    row = overview.speaker
    assert (row["speaker"], row["speaker_id"], row["is_cut"]) == (name, number, len(every) > most)
    assert (row["quotes"], row["denied"]) == (len(theirs), sum(quote["denied"] for quote in theirs))
    for counted, column in (("statements", "statement_id"), ("articles", "article_id")):
        assert row[counted] == len({quote[column] for quote in theirs})
    days = [quote["day"] for quote in theirs]
    assert (row["first_day"], row["last_day"]) == (min(days), max(days))
    assert overview.days() == Counter(day.date() for day in days)
    articles = Counter(quote["article_id"] for quote in theirs)
    assert counts(overview.of("outlet"), "number") == outlets_of(articles, printed)
    assert counts(overview.of("printed"), "number") == Counter(filter(None, (quote["source_text"] for quote in theirs)))
    beside = {(row["speaker_id"], placed[row["quote_id"]]) for row in spoken if placed.get(row["quote_id"]) in articles}
    together = Counter(str(speaker) for speaker, _ in beside if speaker != number)
    assert {row["value"]: row["number"] for row in overview.of("together")} == together
    newest = sorted(theirs, key=lambda quote: (-quote["day"].timestamp(), quote["article_id"], quote["quote_id"]))
    assert [quote["quote_id"] for quote in overview.said] == [quote["quote_id"] for quote in newest[:10]]


@pytest.mark.parametrize("most", BOUNDS)
@pytest.mark.parametrize("sort", [*Sort])
def test_a_search(town: Engine, monkeypatch: pytest.MonkeyPatch, sort: Sort, most: int) -> None:
    monkeypatch.setattr(searching, "MOST_COUNTED", most)
    monkeypatch.setattr(search_page, "MOST_COUNTED", most)
    with reading(town) as asking:
        search = Search(line=read_line("wall")).resolved(asking)
        statement, values = search.counts(sort, 2, 5)
        rows = asking.rows(statement, **values)
        found, beside = search_page.hits_of(rows), search_page.counts_of(rows)
        every = asking.rows(HITS)
        printed = asking.rows(PRINTED)
        statement, values = cards(found.numbers, "wall")
        shown = asking.rows(statement, **values)
    assert len(every) > 8
    assert (found.total, found.is_cut) == (min(most, len(every)), len(every) > most)
    for name in ("kind", "denied", "confidence", "language"):
        assert sum(row["quotes"] for row in beside.facets[name]) == found.total
    assert sum(beside.days.values()) == found.total
    if not found.is_cut:
        assert counts(beside.facets["denied"], "quotes") == Counter("yes" if hit["denied"] else "no" for hit in every)
        assert beside.days == Counter(hit["day"].date() for hit in every)
        assert counts(beside.facets["outlet"], "quotes") == outlets_of(
            Counter(hit["article_id"] for hit in every), printed
        )
    in_order = [hit["quote_id"] for hit in every]
    if sort is Sort.OLDEST:
        in_order = [
            hit["quote_id"] for hit in sorted(every, key=lambda hit: (hit["day"], hit["article_id"], hit["quote_id"]))
        ]
    if sort is Sort.BEST:
        assert len(found.numbers) == max(0, min(5, found.total - 2))
        assert set(found.numbers) <= set(in_order)
    else:
        assert found.numbers == in_order[2:7]
    assert [row["quote_id"] for row in shown] == found.numbers
    assert all("\x02wall\x03" in row["marked"] for row in shown)


@pytest.mark.parametrize("few", [1000, 8, 1])
@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
def test_a_page_has_the_same_hits_sorted_or_walked_to(
    town: Engine, monkeypatch: pytest.MonkeyPatch, sort: Sort, few: int
) -> None:
    with reading(town) as asking:
        search = Search(line=read_line("wall")).resolved(asking)
        expected = shown_of(asking, search, sort)
        assert len(expected) > 8
        monkeypatch.setattr(searching, "FEW", few)
        assert shown_of(asking, search, sort) == expected


def shown_of(asking: Reading, search: Search, sort: Sort) -> list[int]:
    """Return the numbers of the hits of a long page."""
    statement, values = search.page(sort, 0, 100)
    return [row["quote_id"] for row in asking.rows(statement, **values)]


def counts(rows: Sequence[Mapping[Any, Any]], number: str) -> dict[str, int]:
    """Return the counts of rows by their labels."""
    return {row["label"]: row[number] for row in rows}


def outlets_of(articles: Mapping[int, int], printed: Sequence[Mapping[Any, Any]]) -> Counter[str]:
    """Return how many quotations each outlet printed, of so many in each article."""
    found: Counter[str] = Counter()
    for row in printed:
        if row["article_id"] in articles:
            found[row["outlet"]] += articles[row["article_id"]]
    return found
