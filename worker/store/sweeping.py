"""What the sweeper does to the tables: bury dead processes, end their claims, ring again, finish files.

Everything here is safe to repeat and to run at any moment; the caller holds an advisory lock so that one does it.
"""

from sqlalchemy import Connection, text, update

from worker.reasons import Reason
from worker.settings import settings
from worker.store.ledger import QUEUES, Queue

STRUCK_OUT = "Its worker died or hung when it was tried."
"""What is said of a row whose processes did not live to say why."""


def bury(connection: Connection) -> int:
    """Mark processes that have not been seen for `seen_seconds` as stopped; give their number."""
    buried = connection.execute(
        text(
            "UPDATE processes SET stopped_at = now() WHERE stopped_at IS NULL"
            " AND last_seen < now() - make_interval(secs => :seen)"
        ),
        {"seen": settings().seen_seconds},
    )
    return buried.rowcount


def expire(connection: Connection, queue: Queue) -> int:
    """End the claims whose lease is over or whose process is gone; give their number.

    An ended claim costs its row a strike, unless the claim is older than the database's own start: that outage was
    not the row's fault. A row with too many strikes is not tried again until a person says so.
    """
    table = queue.table.name
    ended = connection.execute(
        text(
            f"""
            WITH ended AS (
                SELECT q.id, q.strikes + (q.claimed_at >= pg_postmaster_start_time())::int AS strikes
                FROM {table} q LEFT JOIN processes p ON p.id = q.claimed_by
                WHERE q.state = :claimed AND (q.lease_until < now() OR p.id IS NULL OR p.stopped_at IS NOT NULL)
                FOR UPDATE OF q SKIP LOCKED)
            UPDATE {table} q
            SET strikes = ended.strikes, claimed_by = NULL, claimed_at = NULL, lease_until = NULL, rung_at = NULL,
                attempt = q.attempt + 1,
                state = CASE WHEN ended.strikes >= :cap THEN :struck_out ELSE 'waiting' END,
                reason = CASE WHEN ended.strikes >= :cap THEN :reason END,
                message = CASE WHEN ended.strikes >= :cap THEN coalesce(q.message, :message) END,
                finished_at = CASE WHEN ended.strikes >= :cap THEN now() END
            FROM ended WHERE q.id = ended.id
            """
        ),
        {
            "claimed": queue.claimed,
            "struck_out": queue.struck_out,
            "cap": settings().strikes,
            "reason": Reason.CRASHED,
            "message": f"{STRUCK_OUT} {queue.advice}",
        },
    )
    return ended.rowcount


def ring_again(connection: Connection, queue: Queue, *, all_of_them: bool = False) -> int:
    """Take the mark from rows that were rung long ago (or, after a death, from all) so that they are rung again."""
    table = queue.table
    waits = (table.c.state == "waiting") & table.c.rung_at.is_not(None)
    if not all_of_them:
        since = text(f"now() - interval '{settings().ring_again_seconds} seconds'")
        waits &= table.c.rung_at < since
    return connection.execute(update(table).where(waits).values(rung_at=None)).rowcount


def sweep(connection: Connection) -> dict[str, int]:
    """Do all of it; give what was found, for the log."""
    found = {"buried": bury(connection)}
    for queue in QUEUES.values():
        found[f"{queue.name}_expired"] = expire(connection, queue)
        # What a dead process had been handed by the broker but not yet claimed is lost with it.
        found[f"{queue.name}_again"] = ring_again(connection, queue, all_of_them=found["buried"] > 0)
    return {what: count for what, count in found.items() if count}
