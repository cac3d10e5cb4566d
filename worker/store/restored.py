"""The rows of a database that was just restored, and that were being worked on when its backup was made."""

from functools import lru_cache

from sqlalchemy import Connection, TextClause, text

from worker.store import ledger, receivers, sweeping, watch_lists
from worker.store.queues import QUEUES, Queue
from worker.store.telling import RESTORED_JUMP

JUMP = 1_000
"""Raise the fence of every open row by this number, so that no claim from after the backup has the number of a new one.
"""

PAUSED = "The database was restored from a backup: what was told since then would be told again."
"""Why the receivers of a restored database are paused."""

STOP_ALL = text("""UPDATE processes SET stopped_at = now() WHERE stopped_at IS NULL""")


@lru_cache
def _claimed(queue: Queue) -> TextClause:
    return text(f"""SELECT id FROM {queue.table_name} WHERE state = '{queue.claimed}' FOR UPDATE""")


@lru_cache
def _outdate(queue: Queue) -> TextClause:
    return text(
        f"""
        UPDATE {queue.table_name} SET attempt = attempt + {JUMP} WHERE state IN ('waiting', '{queue.claimed}')
        """
    )


def wait_again(connection: Connection) -> int:
    """Let the claimed rows wait again, without a strike, and every waiting row be rung again; return their number.

    The processes that held the claims do not run on this database, and the broker has no message about its rows. A
    process that was paused for the whole restore may still try to write: its claim is outdated.
    """
    connection.execute(STOP_ALL)
    claimed = 0
    for queue in QUEUES.values():
        ids = list(connection.execute(_claimed(queue)).scalars())
        ledger.end(connection, queue, ids, "waiting")
        connection.execute(_outdate(queue))
        sweeping.ring_again(connection, queue, all_of_them=True)
        claimed += len(ids)
    return claimed


def pause_receivers(connection: Connection, last_before: int) -> int:
    """Pause the receivers of watch-lists, so that a copy tells nobody what the original tells; return their number.

    Deliveries go on far above every number that a receiver may have seen, or it would take new ones for those that it
    knows. `last_before` is the last number in the database that the backup replaces.
    """
    last = max(watch_lists.last_given_if_any(connection), last_before)
    watch_lists.go_on_above(connection, last + RESTORED_JUMP)
    return receivers.pause_all(connection, PAUSED)
