"""A question about the tables, the way to ask it, and the answer."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import DBAPIError

from worker.store.db.conflicts import QUERY_CANCELED, state_of
from worker.store.db.many_rows import numbers

SHOWN = 20
"""At most this many of the rows that are wrong are named in an answer; the others are counted."""

TIME_LIMIT = text("""SELECT set_config('statement_timeout', :limit, true)""")


@dataclass(frozen=True, slots=True)
class Question:
    """A query that finds rows that are wrong; it finds none at any moment at which a transaction has committed.

    `name` identifies the question in the output. `meaning` is a sentence for users about the rows that the query
    returns. `rows` says what the returned ids number, for example `quotes`. `query` is empty if SQL cannot answer the
    question (`worker.checks.texts` answers it). A row is a *leftover* if it is only not needed any more: no report
    shows it, and no number is wrong because of it.
    """

    name: str
    meaning: str
    rows: str
    query: str = ""
    leftover: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: how many rows are wrong, and the first of their ids.

    `count` is None if the question could not be answered in time. `seconds` is the time that it took.
    """

    name: str
    meaning: str
    rows: str
    count: int | None
    ids: tuple[int | str, ...]
    seconds: float
    leftover: bool = False

    @property
    def is_well(self) -> bool:
        """True if the question was answered, and no row is wrong."""
        return self.count == 0

    def __str__(self) -> str:
        """Return the answer as a line of text."""
        if self.count is None:
            return f"{self.name}: not answered within {self.seconds:.0f} s"
        shown = ", ".join(str(number) for number in self.ids)
        others = f" and {self.count - len(self.ids)} more" if self.count > len(self.ids) else ""
        return f"{self.name}: {self.meaning} ({self.rows}: {shown}{others})"

    def to_json(self) -> dict[str, Any]:
        """Return the answer as the object that `onrecord check --json` prints."""
        return {
            "name": self.name,
            "meaning": self.meaning,
            "rows": self.rows,
            "count": self.count,
            "ids": list(self.ids),
            "leftover": self.leftover,
            "seconds": round(self.seconds, 3),
        }


@lru_cache(maxsize=256)
def _first_rows(query: str) -> TextClause:
    return text(
        f"""
        SELECT id, count(*) OVER () AS number FROM ({query}) AS wrong (id) ORDER BY id LIMIT :shown
        """
    )


@lru_cache(maxsize=256)
def _rows_among(query: str) -> TextClause:
    return text(f"""SELECT id FROM ({query}) AS wrong (id) WHERE id = ANY(CAST(:ids AS bigint[]))""")


@lru_cache(maxsize=256)
def _all_rows(query: str) -> TextClause:
    return text(f"""SELECT id FROM ({query}) AS wrong (id) ORDER BY id LIMIT :most""")


def ask(connection: Connection, question: Question, seconds: float) -> Answer:
    """Ask a question, for `seconds` at most, in the caller's transaction."""
    started = time.monotonic()
    try:
        with connection.begin_nested():
            limit(connection, seconds)
            rows = connection.execute(_first_rows(question.query), {"shown": SHOWN}).all()
    except DBAPIError as error:
        if state_of(error) != QUERY_CANCELED:
            raise
        return unanswered(question, time.monotonic() - started)
    return answer(question, [row.id for row in rows], rows[0].number if rows else 0, time.monotonic() - started)


def answer(question: Question, ids: Collection[int | str], count: int, seconds: float) -> Answer:
    """Return the answer to a question for which these rows, and `count` rows in all, were found."""
    shown = tuple(ids)[:SHOWN]
    return Answer(question.name, question.meaning, question.rows, count, shown, seconds, question.leftover)


def unanswered(question: Question, seconds: float) -> Answer:
    """Return the answer to a question that took too long."""
    return Answer(question.name, question.meaning, question.rows, None, (), seconds, question.leftover)


def wrong_rows(connection: Connection, question: Question, most: int) -> list[int]:
    """Return the ids of the rows that are wrong, `most` at most, in ascending order."""
    return list(connection.execute(_all_rows(question.query), {"most": most}).scalars())


def wrong_among(connection: Connection, question: Question, ids: Collection[int]) -> list[int]:
    """Return those of the ids whose rows are wrong now."""
    return list(connection.execute(_rows_among(question.query), {"ids": numbers(ids)}).scalars())


def limit(connection: Connection, seconds: float) -> None:
    """Let PostgreSQL cancel each statement of the transaction that takes longer than `seconds`."""
    connection.execute(TIME_LIMIT, {"limit": f"{max(1, int(seconds * 1000))}ms"})
