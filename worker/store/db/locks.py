"""Locks for jobs that only one process may do at a time. They are rows of the table `locks`.

They are no advisory locks of PostgreSQL, because anybody who can connect can hold those. A reader of the database has
no right to this table.

A lock lasts either until the transaction ends (`hold`, `try_to_hold`: the row is locked), or until the connection ends
(`try_to_keep`: the row names the session that has the lock). If that session is gone, the lock is free, so a process
that is killed leaves no lock behind.
"""

from enum import StrEnum

from sqlalchemy import Connection, text

ADD = text("""INSERT INTO locks (name) VALUES (:name) ON CONFLICT (name) DO NOTHING""")
HOLD = text("""SELECT 1 FROM locks WHERE name = :name FOR UPDATE""")
TRY_TO_HOLD = text("""SELECT 1 FROM locks WHERE name = :name FOR UPDATE SKIP LOCKED""")

# PostgreSQL hides the start of other users' sessions. If it is hidden, we cannot know whether the session is the one
# that took the lock, or a later one with the same number. A reader must not keep a lock alive in this way.
KEPT_SQL = """
EXISTS (
    SELECT FROM pg_stat_activity AS holder
    WHERE holder.pid = locks.session_pid
      AND coalesce(
          holder.backend_start = locks.session_start, holder.usename NOT IN ('onrecord_reader', 'onrecord_report')))
"""
"""True for a row of `locks` whose session still lives."""

TRY_TO_KEEP = text(
    f"""
    UPDATE locks SET session_pid = own.pid, session_start = own.backend_start
    FROM pg_stat_activity AS own
    WHERE locks.name = :name AND own.pid = pg_backend_pid()
      AND (locks.session_pid = own.pid OR NOT {KEPT_SQL})
    """
)


class Lock(StrEnum):
    """The names of the locks, one for each job."""

    RECONCILE = "reconcile"
    MAKE_JOB = "make a job"
    SCHEDULE = "schedule"
    SWEEP = "sweep"
    BEAT = "beat"
    CHANGES = "changes"


def of_inbox(inbox_id: int) -> str:
    """Return the name of the lock of a watched folder."""
    return f"watch {inbox_id}"


def hold(connection: Connection, name: str) -> None:
    """Wait for a lock and hold it until the transaction ends."""
    connection.execute(ADD, {"name": name})
    connection.execute(HOLD, {"name": name}).one()


def try_to_hold(connection: Connection, name: str) -> bool:
    """Hold a lock until the transaction ends; False when another process holds it."""
    if connection.execute(TRY_TO_HOLD, {"name": name}).first() is not None:
        return True
    # Either somebody holds the row, or it does not exist yet. If we add it, nobody else sees it before we commit.
    return connection.execute(ADD, {"name": name}).rowcount == 1


def try_to_keep(connection: Connection, name: str) -> bool:
    """Hold a lock until the connection ends; False when another process holds it. The caller's transaction is ended.

    The row is locked first, and the sessions are looked up in a later statement. Otherwise we could miss the session of
    a process that has just taken the lock.
    """
    hold(connection, name)
    is_kept = connection.execute(TRY_TO_KEEP, {"name": name}).rowcount == 1
    connection.commit()
    return is_kept
