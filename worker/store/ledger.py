"""The ledger: who waits, who is claimed by whom, and the fence that a late write does not pass (design page, §5).

Three tables hold ledger rows, one for each queue. Every function works in the caller's transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Integer, Row, bindparam, func, literal, select, update

from worker.settings import settings
from worker.store import inboxes
from worker.store.db.interval import interval
from worker.store.queues import ARTICLES, BACKFILL, INTAKE, QUEUES, Queue
from worker.store.tables.models import Inbox

__all__ = [
    "ARTICLES",
    "BACKFILL",
    "INTAKE",
    "QUEUES",
    "Claim",
    "Lost",
    "Queue",
    "any_rung",
    "claim",
    "end_lease",
    "fence",
    "lease",
    "release_held",
    "renew",
    "ring",
    "unring",
]


@dataclass(frozen=True, slots=True)
class Claim:
    """A row taken by this process: its fence, and the columns that were asked for with it."""

    queue: Queue
    id: int
    attempt: int
    row: Row[Any]


class Lost(Exception):
    """The claim is no longer ours: its lease ended, and somebody else may have done the work."""


def ring(connection: Connection, queue: str) -> list[int]:
    """Mark waiting rows as rung, oldest first, while fewer than `doorbells` are outstanding; give their ids.

    Files of a folder that is away wait until it is back: they would only be put back, and keep the others waiting.
    """
    rung = connection.execute(_ringing(QUEUES[queue]), {"limit": settings().doorbells})
    return sorted(rung.scalars())


@lru_cache
def _ringing(queue: Queue) -> Any:
    """The statement of `ring`."""
    table = queue.table
    limit = bindparam("limit", type_=Integer)
    waits = table.c.state == "waiting"
    outstanding = (
        select(literal(1)).select_from(table).where(waits, table.c.rung_at.is_not(None)).limit(limit).subquery()
    )
    room = select(func.greatest(limit - func.count(), 0)).select_from(outstanding).scalar_subquery()
    due = [waits, table.c.rung_at.is_(None)]
    if queue is INTAKE:
        due.append(table.c.inbox_id.not_in(select(Inbox.id).where(inboxes.absent())))
    following = (
        select(table.c.id)
        .where(*due)
        .order_by(table.c.id)
        .limit(room)
        .with_for_update(skip_locked=True)
        .cte("following")
    )
    return update(table).where(table.c.id == following.c.id).values(rung_at=func.now()).returning(table.c.id)


def any_rung(connection: Connection, queues: Iterable[str]) -> bool:
    """Whether a row of some queues has been rung and waits."""
    tables = [QUEUES[name].table for name in queues]
    waiting = (select(literal(1)).where(table.c.state == "waiting", table.c.rung_at.is_not(None)) for table in tables)
    return any(connection.execute(query.limit(1)).first() is not None for query in waiting)


def unring(connection: Connection, queue: str, ids: Iterable[int]) -> None:
    """Take the mark back from rows whose message could not be sent."""
    table = QUEUES[queue].table
    connection.execute(update(table).where(table.c.id.in_(list(ids)), table.c.state == "waiting").values(rung_at=None))


def lease() -> Any:
    """The end of a lease that starts now, by the database's clock."""
    return func.now() + interval(settings().lease_seconds)


def claim(connection: Connection, queue: Queue, row_id: int, process_id: int, *columns: Any) -> Claim | None:
    """Take a waiting row; None when it no longer waits (a message delivered twice ends here)."""
    taking = _taking(queue, tuple(columns))
    values = {"row": row_id, "process_id": process_id, "lease": settings().lease_seconds}
    taken = connection.execute(taking, values).first()
    return Claim(queue, row_id, taken.attempt, taken) if taken else None


@lru_cache
def _taking(queue: Queue, columns: tuple[Any, ...]) -> Any:
    """The statement of `claim`, put together once: that costs more than running it."""
    table = queue.table
    return (
        update(table)
        .where(table.c.id == bindparam("row"), table.c.state == "waiting")
        .values(
            state=queue.claimed,
            attempt=table.c.attempt + 1,
            claimed_by=bindparam("process_id"),
            claimed_at=func.now(),
            lease_until=func.now() + interval(bindparam("lease")),
            rung_at=None,
        )
        .returning(table.c.attempt, *columns)
    )


@lru_cache
def _fencing(queue: Queue) -> Any:
    """The statement of `fence`."""
    table = queue.table
    held = (table.c.id == bindparam("row"), table.c.attempt == bindparam("mine"), table.c.state == queue.claimed)
    return select(table.c.id).where(*held).with_for_update()


def fence(connection: Connection, claim: Claim) -> None:
    """Lock the claimed row for the final write; raise `Lost` when the claim has passed to somebody else."""
    values = {"row": claim.id, "mine": claim.attempt}
    if connection.execute(_fencing(claim.queue), values).first() is None:
        raise Lost(f"{claim.queue.name} row {claim.id}: attempt {claim.attempt} is no longer the current one")


def renew(connection: Connection, claim: Claim) -> None:
    """Start the lease again; only intake does so, after each batch."""
    fence(connection, claim)
    table = claim.queue.table
    connection.execute(update(table).where(table.c.id == claim.id).values(lease_until=lease()))


def release_held(connection: Connection, queue: Queue, row_id: int, process_id: int) -> None:
    """Give back a row that this process holds, whatever its attempt, without a strike."""
    table = queue.table
    connection.execute(
        update(table)
        .where(table.c.id == row_id, table.c.claimed_by == process_id, table.c.state == queue.claimed)
        .values(state="waiting", claimed_by=None, claimed_at=None, lease_until=None, rung_at=None)
    )


def end_lease(connection: Connection, queue: Queue, row_id: int, process_id: int, why: str) -> None:
    """Let the lease of a row that this process holds be over now; the sweep counts a strike and rings again.

    `why`, a sentence, is what people are told should it be the last strike.
    """
    table = queue.table
    connection.execute(
        update(table)
        .where(table.c.id == row_id, table.c.claimed_by == process_id, table.c.state == queue.claimed)
        .values(lease_until=func.now(), message=f"{why} {queue.advice}")
    )
