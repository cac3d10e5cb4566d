"""Rows of `checks`: the latest answer to each question, which `onrecord doctor` reads, and which question is due."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store.checking.question import Answer

DUE = text(
    """
    SELECT due.name, c.started_at IS NOT NULL AND c.ended_at IS NULL AS goes_on,
           coalesce(c.position, 0) AS position, coalesce(c.count, 0) AS number, coalesce(c.ids, '{}') AS ids,
           coalesce(c.seconds, 0) AS seconds
    FROM unnest(CAST(:names AS text[])) WITH ORDINALITY AS due (name, place)
    LEFT JOIN checks c ON c.name = due.name
    WHERE c.name IS NULL OR c.ended_at IS NULL OR c.started_at < now() - make_interval(secs => :hours * 3600)
    ORDER BY due.place LIMIT 1
    """
)
RECORD = text(
    """
    INSERT INTO checks (name, started_at, ended_at, count, ids, seconds, position)
    VALUES (:name, now(), CASE WHEN :ended THEN now() END, :count, CAST(:ids AS text[]), :seconds, :position)
    ON CONFLICT (name) DO UPDATE
    SET started_at = CASE WHEN :goes_on THEN checks.started_at ELSE now() END,
        ended_at = excluded.ended_at, count = excluded.count, ids = excluded.ids, seconds = excluded.seconds,
        position = excluded.position
    """
)
LATEST = text(
    """SELECT name, started_at, count AS number, seconds FROM checks WHERE ended_at IS NOT NULL ORDER BY started_at"""
)


class Due(NamedTuple):
    """A question that is to be asked, or asked further, and what it has found so far.

    `number` and `ids` are the rows that are wrong. `position` is the last article that was looked at. `goes_on` is true
    if the question was begun before.
    """

    name: str
    goes_on: bool
    position: int
    number: int
    ids: list[str]
    seconds: float


class Latest(NamedTuple):
    """The latest answer to a question: when it was asked, and the number of wrong rows (None: not in time)."""

    name: str
    started_at: datetime
    number: int | None
    seconds: float


def due(connection: Connection, names: Sequence[str], hours: float) -> Due | None:
    """Return the first of these questions that was not asked for `hours`; None if there is none."""
    row = connection.execute(DUE, {"names": list(names), "hours": hours}).first()
    return Due(*row) if row else None


def record(
    connection: Connection, answer: Answer, *, ended: bool = True, goes_on: bool = False, position: int = 0
) -> None:
    """Store the answer to a question.

    `ended`: the question was answered, or given up. `goes_on`: it was begun before. `position`: the last article that
    was looked at.
    """
    values = {
        "name": answer.name,
        "ended": ended,
        "goes_on": goes_on,
        "count": answer.count,
        "ids": [str(number) for number in answer.ids],
        "seconds": answer.seconds,
        "position": position,
    }
    connection.execute(RECORD, values)


def latest(connection: Connection) -> list[Latest]:
    """Return the latest answer to each question that was answered or given up, the oldest first."""
    return [Latest(*row) for row in connection.execute(LATEST)]
