"""The sweep's writes: end the claims of dead processes, and let rows be rung again whose doorbell was lost.

Every function here may be called again, and at any moment. The caller holds the lock of the sweep, so that only one
process sweeps.
"""

from functools import lru_cache

from sqlalchemy import Connection, TextClause, text

from worker.reasons import Reason
from worker.settings import settings
from worker.store import ledger
from worker.store.queues import INTAKE, QUEUES, Queue

STRUCK_OUT = "Its worker died or hung when it was tried."
"""The message of a row whose processes died before they could say why."""

UNSEEN = "stopped_at IS NULL AND last_seen < now() - make_interval(secs => :seen_seconds)"
BURY = text(f"""UPDATE processes SET stopped_at = now() WHERE {UNSEEN}""")


def _over(queue: Queue) -> str:
    return f"""
        FROM {queue.table_name} q LEFT JOIN processes p ON p.id = q.claimed_by
        WHERE q.state = '{queue.claimed}' AND (q.lease_until < now() OR p.id IS NULL OR p.stopped_at IS NOT NULL)
    """


def _rung_long_ago(queue: Queue) -> str:
    return f"""
        FROM {queue.table_name}
        WHERE state = 'waiting' AND rung_at IS NOT NULL AND rung_at < now() - make_interval(secs => :seconds)
    """


ANY_LEFT = text(
    f"""
    SELECT EXISTS (SELECT FROM processes WHERE {UNSEEN})
        {"".join(f"OR EXISTS (SELECT {_over(q)}) OR EXISTS (SELECT {_rung_long_ago(q)})" for q in QUEUES.values())}
        OR EXISTS (SELECT FROM files WHERE state = 'split')
        OR EXISTS (SELECT FROM reprocess_runs WHERE state = 'running')
    """
)
"""True if a sweep may have something to do."""


@lru_cache
def _expired(queue: Queue) -> TextClause:
    return text(
        f"""
        SELECT q.id, q.strikes + (q.claimed_at >= pg_postmaster_start_time())::int AS strikes, q.message
        {_over(queue)}
        FOR UPDATE OF q SKIP LOCKED
        """
    )


@lru_cache
def _ring_again(queue: Queue) -> TextClause:
    return text(
        f"""
        UPDATE {queue.table_name} SET rung_at = NULL
        WHERE state = 'waiting' AND rung_at IS NOT NULL
          AND (:all_of_them OR rung_at < now() - make_interval(secs => :seconds))
        """
    )


def any_left(connection: Connection) -> bool:
    """True if a sweep may have something to do; it costs little, for it is asked often and mostly in vain."""
    values = {"seen_seconds": settings().seen_seconds, "seconds": settings().ring_again_seconds}
    return bool(connection.execute(ANY_LEFT, values).scalar_one())


def bury(connection: Connection) -> int:
    """Mark processes that have not been seen for `seen_seconds` as stopped; return their number."""
    return connection.execute(BURY, {"seen_seconds": settings().seen_seconds}).rowcount


def expire(connection: Connection, queue: Queue) -> int:
    """End the claims whose lease is over or whose process is gone; return their number.

    An ended claim costs its row a strike, unless the claim is older than the last start of the database server: then
    the outage was not the row's fault. A row with too many strikes is not tried again until a person asks for it.
    """
    rows = connection.execute(_expired(queue)).all()
    for row in rows:
        if row.strikes >= settings().strikes:
            message = row.message if row.message is not None else f"{STRUCK_OUT} {queue.advice}"
            state, reason = queue.struck_out, Reason.CRASHED
        else:
            state, reason, message = "waiting", None, None
        columns = {"strikes": row.strikes} | ({"members": 0} if queue is INTAKE else {})  # it is read from the start
        ledger.end(connection, queue, [row.id], state, reason=reason, message=message, outdate=True, **columns)
    return len(rows)


def ring_again(connection: Connection, queue: Queue, *, all_of_them: bool = False) -> int:
    """Clear `rung_at` of waiting rows that were rung for over `ring_again_seconds` ago, so that they are rung again.

    With `all_of_them` (after the death of a process) delete the mark of all waiting rows.
    """
    values = {"all_of_them": all_of_them, "seconds": settings().ring_again_seconds}
    return connection.execute(_ring_again(queue), values).rowcount


def sweep(connection: Connection) -> dict[str, int]:
    """Do all steps of the sweep; return the counts that are not 0, for the log."""
    counts = {"buried": bury(connection)}
    for queue in QUEUES.values():
        counts[f"{queue.name}_expired"] = expire(connection, queue)
        # If the broker gave messages to a process that died before it claimed their rows, these messages are lost.
        counts[f"{queue.name}_again"] = ring_again(connection, queue, all_of_them=counts["buried"] > 0)
    return {name: count for name, count in counts.items() if count}
