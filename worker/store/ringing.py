"""Ringing: which waiting rows of the ledger get a doorbell, so that no queue holds more messages than it should.

A row that was rung has `rung_at`; the caller sends the message after the commit (`worker.tasks.doorbell`). Every
function works in the caller's transaction.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, TextClause, text

from worker.settings import settings
from worker.store import inboxes
from worker.store.queues import INTAKE, QUEUES, Queue

PRESENT = f"AND inbox_id NOT IN (SELECT id FROM inboxes WHERE {inboxes.ABSENT})"
"""In the queue `intake`, doorbells are sent only for files whose folder is present."""


BEYOND = 100
"""So many doorbells more than `doorbells` may be outstanding, for files that were dropped just now."""


def room(table: str, most: str) -> str:
    """Return SQL for the number of doorbells that may still be sent before `most` are outstanding."""
    return f"""(SELECT greatest({most} - count(*), 0) FROM (
        SELECT 1 FROM {table} WHERE state = 'waiting' AND rung_at IS NOT NULL LIMIT {most}) outstanding)"""


@lru_cache
def _ring(queue: Queue, order: str, limit: str) -> TextClause:
    return text(
        f"""
        WITH following AS (
            SELECT id FROM {queue.table_name}
            WHERE state = 'waiting' AND rung_at IS NULL {PRESENT if queue is INTAKE else ""}
            ORDER BY {order}
            LIMIT {limit}
            FOR UPDATE SKIP LOCKED)
        UPDATE {queue.table_name} q SET rung_at = now()
        FROM following WHERE q.id = following.id
        RETURNING q.id
        """
    )


RING_FILES = text(
    f"""
    UPDATE files SET rung_at = now()
    WHERE inbox_id = :inbox AND path = ANY(CAST(:paths AS bytea[])) AND state = 'waiting' AND rung_at IS NULL {PRESENT}
      AND {room("files", ":most")} > 0
    RETURNING id
    """
)


def _waiting(queue: Queue, rung: str) -> str:
    return f"EXISTS (SELECT FROM {queue.table_name} WHERE state = 'waiting' AND rung_at {rung})"


@lru_cache
def _any_rung(queues: tuple[str, ...]) -> TextClause:
    return text(f"""SELECT {" OR ".join(_waiting(QUEUES[name], "IS NOT NULL") for name in queues)}""")


# Marks of changes are looked for in the same statement, since every process sends it every two seconds.
UNRUNG = text(
    f"""
    SELECT EXISTS (SELECT FROM change_marks), {", ".join(_waiting(queue, "IS NULL") for queue in QUEUES.values())}
    """
)


@lru_cache
def _any_unrung(queue: Queue) -> TextClause:
    return text(f"""SELECT {_waiting(queue, "IS NULL")}""")


@lru_cache
def _unring(queue: Queue) -> TextClause:
    return text(
        f"""
        UPDATE {queue.table_name} SET rung_at = NULL
        WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'waiting'
        """
    )


def ring(connection: Connection, queue: str) -> list[int]:
    """Mark waiting rows as rung, oldest first, while fewer than `doorbells` are outstanding; return their ids.

    Files of an absent folder are not rung for: a worker could only let them wait again, and they would delay other
    files.
    """
    values = {"doorbells": settings().doorbells, "away_seconds": settings().ring_again_seconds}
    oldest = _ring(QUEUES[queue], "id", room(QUEUES[queue].table_name, ":doorbells"))
    return sorted(connection.execute(oldest, values).scalars())


def ring_newest(connection: Connection, queue: str, count: int) -> list[int]:
    """Mark the `count` newest waiting rows as rung, also if `doorbells` are outstanding; return their ids.

    For rows that the same transaction has made, and that are few (`FEW`): they do not wait for a large drop. If
    `BEYOND` more than `doorbells` are outstanding, they wait like all others.
    """
    values = {"count": count, "most": settings().doorbells + BEYOND, "away_seconds": settings().ring_again_seconds}
    newest = _ring(QUEUES[queue], "id DESC", f"least(:count, {room(QUEUES[queue].table_name, ':most')})")
    return sorted(connection.execute(newest, values).scalars())


def ring_files(connection: Connection, inbox_id: int, paths: Iterable[bytes]) -> list[int]:
    """Mark the files at these paths of an inbox as rung, as `ring_newest` does; return their ids."""
    most = settings().doorbells + BEYOND
    values = {
        "inbox": inbox_id,
        "paths": list(paths),
        "most": most,
        "away_seconds": settings().ring_again_seconds,
    }
    return sorted(connection.execute(RING_FILES, values).scalars())


def any_unrung(connection: Connection, queue: str) -> bool:
    """True if a row of this queue waits without a doorbell."""
    return bool(connection.execute(_any_unrung(QUEUES[queue])).scalar())


def any_rung(connection: Connection, queues: Iterable[str]) -> bool:
    """True if at least one row of these queues has been rung and still waits."""
    return bool(connection.execute(_any_rung(tuple(queues))).scalar_one())


class Unrung(NamedTuple):
    """What is to be done: queues with waiting rows that have not been rung, and whether changes are to be told."""

    queues: list[str]
    untold: bool


def unrung(connection: Connection) -> Unrung:
    """Return which queues have waiting rows that have not been rung, and whether changes are to be told."""
    untold, *waiting = connection.execute(UNRUNG).one()
    return Unrung([name for name, is_any in zip(QUEUES, waiting, strict=True) if is_any], untold)


def unring(connection: Connection, queue: str, ids: Iterable[int]) -> None:
    """Delete the mark `rung_at` of rows whose message could not be sent."""
    connection.execute(_unring(QUEUES[queue]), {"ids": list(ids)})
