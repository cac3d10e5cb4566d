"""Puts the new database in the place of the old one, in one transaction: at each moment the name has a whole database.

PostgreSQL renames only databases that nobody is connected to. The two renames are sent as one transaction. It first
locks the old database, so that nobody can connect to it any more, and then waits up to five seconds until nobody is
connected. Meanwhile we end the sessions in it, last of all the one that keeps writers out. So nobody can write between
the end of that session and the swap. It is committed only if that session kept writers out until then.
"""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from typing import NamedTuple

import psycopg
from psycopg import sql
from sqlalchemy import URL

from worker.backups.databases import MARK, connect, filling, replaced, serving
from worker.backups.errors import BackupError
from worker.backups.freeze import Freeze
from worker.store.db.pooler import backend_of

POLL_SECONDS = 0.05
COMMENT = """SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"""
RENAME = """
BEGIN;
COMMENT ON DATABASE {old} IS {mark};
ALTER DATABASE {old} RENAME TO {replaced};
ALTER DATABASE {new} RENAME TO {old};
COMMENT ON DATABASE {old} IS {comment};
"""
HAS_LOCK = """
SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.objid
WHERE l.pid = %s AND l.classid = 'pg_database'::regclass AND l.mode = 'AccessExclusiveLock' AND l.granted
  AND d.datname = %s
"""
HOLDS = """
SELECT 1 FROM pg_locks WHERE pid = %s AND locktype = 'relation' AND mode = 'ExclusiveLock' AND granted LIMIT 1
"""
# A user without the rights of `pg_read_all_stats` sees no type of the sessions of other roles; the server's own
# processes have no user.
SESSIONS = """
SELECT pid, usename, application_name FROM pg_stat_activity
WHERE datname = ANY(%s) AND pid <> %s
  AND (backend_type = 'client backend' OR (backend_type IS NULL AND usename IS NOT NULL))
"""


class Session(NamedTuple):
    """Somebody's connection to a database."""

    pid: int
    user: str | None
    application: str


def swap(url: URL, database: str, freeze: Freeze) -> int:
    """Give the filled database the name `database`; return how many sessions of others were ended for that.

    Raises `BackupError` if somebody's session cannot be ended, or if somebody could write; nothing is changed then.
    """
    with serving(url, database) as renaming, closing(connect(url, renaming.info.dbname)) as ending:
        row = renaming.execute(COMMENT, [database]).fetchone()
        statement = sql.SQL(RENAME).format(
            old=sql.Identifier(database),
            new=sql.Identifier(filling(database)),
            replaced=sql.Identifier(replaced(database)),
            mark=sql.Literal(MARK),
            comment=sql.Literal(row[0] if row else None),
        )
        ended: set[int] = set()
        was_frozen = False
        names = [database, filling(database)]
        renamer = backend_of(renaming)
        with deaf(), ThreadPoolExecutor(1) as thread:
            renamed = thread.submit(renaming.execute, statement)
            while not renamed.done():
                # Before the lock is there, whoever we end could come back.
                if ending.execute(HAS_LOCK, [renamer, database]).fetchone() is not None:
                    left = others(ending, names, freeze)
                    ended |= {session.pid for session in left if end(ending, session)}
                    if not left and not was_frozen:
                        was_frozen = ending.execute(HOLDS, [freeze.pid]).fetchone() is not None
                        freeze.end()
                time.sleep(POLL_SECONDS)
            demand_alone(renamed, ending, names, freeze)
            if not was_frozen:  # the server has ended its session; the databases could then be renamed without us
                renaming.execute("ROLLBACK")
                raise BackupError(
                    "The connection that kept writers out was lost, so somebody could write meanwhile.",
                    "Try again. Nothing was changed.",
                )
            renaming.execute("COMMIT")
        return len(ended)


def demand_alone(
    renamed: "Future[psycopg.Cursor]", connection: psycopg.Connection, names: list[str], freeze: Freeze
) -> None:
    """Raise `BackupError` if the databases could not be renamed because somebody was still connected."""
    try:
        renamed.result()
    except psycopg.errors.ObjectInUse:
        left = others(connection, names, freeze)
        who = ", ".join(sorted({f"{session.user} ({session.application or 'no name'})" for session in left}))
        raise BackupError(
            f"Somebody is connected to the database and cannot be disconnected by us: {who or 'gone by now'}.",
            "Ask them to disconnect, or let an administrator run: GRANT pg_signal_backend TO the user of "
            "ONRECORD_DATABASE_URL; then try again. Nothing was changed.",
        ) from None


def others(connection: psycopg.Connection, names: list[str], freeze: Freeze) -> list[Session]:
    """Return the sessions in these databases, except the one that keeps writers out."""
    return [Session(*row) for row in connection.execute(SESSIONS, [names, freeze.pid]).fetchall()]


def end(connection: psycopg.Connection, session: Session) -> bool:
    """End a session; return False if we have no right to."""
    with suppress(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT pg_terminate_backend(%s)", [session.pid])
        return True
    return False


@contextmanager
def deaf() -> Iterator[None]:
    """Ignore Ctrl-C and SIGTERM: the swap takes seconds, and afterwards it must be told whether it has happened."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
