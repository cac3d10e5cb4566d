"""The ledger: which process has claimed a waiting row, and how a claim begins and ends. `ringing` rings for the rows.

Three tables hold ledger rows, one table for each queue. Every function works in the caller's transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Connection, TextClause, text

from worker.settings import settings
from worker.store.db.engine import LIGHTLY
from worker.store.marks import FORGOTTEN, NO_MARKS, Marks
from worker.store.queues import INTAKE, Queue

COMPUTED = {"inbox": "(SELECT i.path FROM inboxes i WHERE i.id = inbox_id)"}
"""SQL for the fields of a claim that are not columns of the queue's table."""
OPEN = ("waiting", "split")
"""States that a row can have after its claim has ended, and in which its work is not finished yet."""


Columns = TypeVar("Columns", bound=NamedTuple)


@dataclass(frozen=True, slots=True)
class Claim(Generic[Columns]):
    """A row that this process may work on: its fence (`attempt`), and the columns that the caller asked for (`row`)."""

    queue: Queue
    id: int
    attempt: int
    row: Columns


class Lost(Exception):
    """The claim is no longer ours: its lease ended, and another process may have done the work."""


@lru_cache
def _claim(queue: Queue, columns: tuple[str, ...]) -> TextClause:
    return text(
        f"""
        UPDATE {queue.table_name}
        SET state = '{queue.claimed}', attempt = attempt + 1, claimed_by = :process_id, claimed_at = now(),
            lease_until = now() + make_interval(secs => :lease), rung_at = NULL
        WHERE id = :id AND state = 'waiting'
        RETURNING {", ".join(("attempt", *(COMPUTED.get(column, column) for column in columns), LIGHTLY))}
        """
    )


@lru_cache
def _hold(queue: Queue) -> TextClause:
    return text(
        f"""
        SELECT {FORGOTTEN} FROM {queue.table_name}
        WHERE id = :id AND attempt = :attempt AND state = '{queue.claimed}'
        FOR UPDATE
        """
    )


@lru_cache
def _renew(queue: Queue) -> TextClause:
    return text(f"""UPDATE {queue.table_name} SET lease_until = now() + make_interval(secs => :lease) WHERE id = :id""")


@lru_cache
def _end(queue: Queue, columns: tuple[str, ...]) -> TextClause:
    return text(
        f"""
        UPDATE {queue.table_name}
        SET state = :state, reason = :reason, message = :message,
            claimed_by = NULL, claimed_at = NULL, lease_until = NULL,
            rung_at = CASE WHEN :rung THEN now() END,
            finished_at = CASE WHEN :finished THEN coalesce(finished_at, clock_timestamp()) END,
            attempt = attempt + CASE WHEN :outdate THEN 1 ELSE 0 END
            {"".join(f", {column} = :{column}" for column in columns)}
        WHERE id = ANY(CAST(:ids AS bigint[]))
        """
    )


@lru_cache
def _held(queue: Queue) -> TextClause:
    return text(
        f"""
        SELECT 1 FROM {queue.table_name}
        WHERE id = :id AND claimed_by = :process_id AND state = '{queue.claimed}'
        FOR UPDATE
        """
    )


@lru_cache
def _end_lease(queue: Queue) -> TextClause:
    return text(
        f"""
        UPDATE {queue.table_name} SET lease_until = now(), message = :message
        WHERE id = :id AND claimed_by = :process_id AND state = '{queue.claimed}'
        """
    )


def claim(
    connection: Connection, queue: Queue, row_id: int, process_id: int, columns: type[Columns]
) -> Claim[Columns] | None:
    """Claim a waiting row, and read its `columns`; the transaction will not wait for the disk.

    Return None if the row does not wait any more, for example because its message was delivered twice. The fields of
    `columns` have the names of columns of the queue's table, or of `COMPUTED`.
    """
    values = {"id": row_id, "process_id": process_id, "lease": settings().lease_seconds}
    row = connection.execute(_claim(queue, columns._fields), values).first()
    return Claim(queue, row_id, row[0], columns(*row[1:-1])) if row else None


def holds(connection: Connection, claim: Claim[Any]) -> bool:
    """Lock the claimed row; return False if the claim is no longer ours."""
    return _hold_unless(connection, claim, NO_MARKS) is not None


def fence(connection: Connection, claim: Claim[Any], marks: Marks = NO_MARKS) -> bool:
    """Lock the claimed row for the final write; raise `Lost` if the claim is no longer ours.

    Return True if a person had anything forgotten that has one of these marks; the caller must keep decisions out.
    """
    is_forgotten = _hold_unless(connection, claim, marks)
    if is_forgotten is None:
        raise Lost(f"{claim.queue.name} row {claim.id}: attempt {claim.attempt} is no longer the current one")
    return is_forgotten


def _hold_unless(connection: Connection, claim: Claim[Any], marks: Marks) -> bool | None:
    """Lock the claimed row; return True if one of the marks stands, and None if the claim is no longer ours."""
    values = {"id": claim.id, "attempt": claim.attempt, **marks.values()}
    row = connection.execute(_hold(claim.queue), values).first()
    return None if row is None else bool(row[0])


def renew(connection: Connection, claim: Claim[Any]) -> None:
    """Let the lease begin again, with its full time. Only intake does so, after each batch of members."""
    fence(connection, claim)
    connection.execute(_renew(claim.queue), {"id": claim.id, "lease": settings().lease_seconds})


def end(
    connection: Connection,
    queue: Queue,
    ids: Sequence[int],
    state: str,
    *,
    reason: str | None = None,
    message: str | None = None,
    rung: bool = False,
    outdate: bool = False,
    **columns: bytes | int | None,
) -> None:
    """End the claims on some rows, whatever the outcome: give each row its next state, and store the result.

    A task must have locked its row before, by `fence` or `holds`. The sweep locks its rows itself. The sweep and a
    decision by a person end the claims of other processes, with `outdate`.

    `rung`: a row that waits again counts as rung already. `outdate`: the fence grows by one, so that a late write of
    the process that held the claim changes nothing. `columns`: further columns to set, for example `members=3`.
    """
    values = {
        "ids": list(ids),
        "state": state,
        "reason": reason,
        "message": message,
        "rung": rung,
        "finished": state not in OPEN,
        "outdate": outdate,
    }
    connection.execute(_end(queue, tuple(columns)), values | columns)


def give_back(connection: Connection, queue: Queue, row_id: int, process_id: int) -> None:
    """End this process's claim on a row without a strike, whatever its attempt; the row waits again."""
    if connection.execute(_held(queue), {"id": row_id, "process_id": process_id}).first() is not None:
        columns = {"members": 0} if queue is INTAKE else {}  # the file is read from the start
        end(connection, queue, [row_id], "waiting", **columns)  # type: ignore[arg-type]


def end_lease(connection: Connection, queue: Queue, row_id: int, process_id: int, why: str) -> None:
    """End now the lease of a row that this process holds; the next sweep counts a strike and rings again.

    `why` is a sentence for people; it is shown if this was the row's last strike.
    """
    values = {"id": row_id, "process_id": process_id, "message": f"{why} {queue.advice}"}
    connection.execute(_end_lease(queue), values)
