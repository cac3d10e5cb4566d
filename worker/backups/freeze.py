"""Keeps the old database as it is while a new one is filled beside it: everybody may read it, nobody may write.

Whatever was written meanwhile would be lost with the old database: an article whose file may be archived already, or a
decision that a person was told about. So a restore locks every table. A process of Onrecord that starts meanwhile waits
for its row in `processes`, until the restore ends its connection; it then connects to the new database. The locks end
with the connection, even if the restore is killed.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import URL, Engine, text

from worker.backups.databases import APPLICATION, connect
from worker.backups.errors import BackupError
from worker.store.db.pooler import backend_of

WAIT = "10s"
"""Wait at most so long for transactions that have written something to end."""

TABLES = """
SELECT c.oid::regclass::text, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public'
ORDER BY c.relname
"""
LIVING_PROCESS = """
SELECT kind, host, pid FROM {} WHERE stopped_at IS NULL AND last_seen > now() - make_interval(secs => %s)
"""
TABLES_OF_PROCESSES = ("processes", "parts")
"""The table of the running processes; before schema 0005 it was called `parts`."""


BEING_RESTORED = text(
    """
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = :application LIMIT 1
    """
)


def is_being_restored(engine: Engine) -> bool:
    """True if a restore keeps writers out of the engine's database now; a process that started would only wait."""
    with engine.connect() as connection:
        return connection.execute(BEING_RESTORED, {"application": APPLICATION}).first() is not None


class Freeze:
    """The locks on every table of the old database; `end` gives them up."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self.pid = backend_of(connection)  # behind a pooler, `info.backend_pid` is not the number of the session

    def end(self) -> None:
        """Close the connection that holds the locks."""
        self._connection.close()


@contextmanager
def frozen(url: URL, database: str, seen_seconds: float) -> Iterator[Freeze]:
    """Lock every table of `database` against writers. Raises `BackupError` if somebody works on it."""
    with closing(connect(url, database)) as connection:
        connection.execute(sql.SQL("SET lock_timeout = {}").format(sql.Literal(WAIT)))
        names = [(schema, name) for _, schema, name in connection.execute(TABLES).fetchall()]
        # Begin with the processes: this lock keeps those away that would start while we wait for the other tables.
        names.sort(key=lambda name: name[1] not in TABLES_OF_PROCESSES)
        connection.execute("BEGIN")
        try:
            for schema, name in names:
                connection.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(sql.Identifier(schema, name)))
        except psycopg.errors.LockNotAvailable:
            raise BackupError(
                f"Somebody else writes to the database {database}, or restores it.",
                "Wait until that has ended, then try again. Nothing was changed.",
            ) from None
        refuse_if_running(connection, {name for _, name in names}, seen_seconds)
        yield Freeze(connection)


def refuse_if_running(connection: psycopg.Connection, tables: set[str], seen_seconds: float) -> None:
    """Raise if a process of Onrecord runs."""
    for table in TABLES_OF_PROCESSES:
        if table in tables:
            living = sql.SQL(LIVING_PROCESS).format(sql.Identifier(table))
            process = connection.execute(living, [seen_seconds]).fetchone()
            if process is not None:
                kind, host, pid = process
                raise BackupError(f"A {kind} is running (process {pid} on {host}).", "Stop `onrecord up` first.")
