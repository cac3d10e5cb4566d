"""The tables and the running processes: schema, processes, what stands still, what cannot be archived, what is bad."""

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from worker import __version__
from worker.cli.checks.clock import check_hosts
from worker.cli.checks.database import SECONDS
from worker.cli.checks.finding import Finding, ok, problem, warning
from worker.cli.checks.open_files import check_processes
from worker.cli.checks.quarantine import check_quarantine
from worker.cli.connection import engine_for
from worker.cli.health import Health, examine
from worker.store.db.conflicts import QUERY_CANCELED, state_of
from worker.store.queues import QUEUES

if TYPE_CHECKING:
    from worker.settings import Settings

SWEPT = 60.0  # seconds; every worker's pulse sweeps each five

EXPIRED = " UNION ALL ".join(
    f"SELECT count(*) AS rows FROM {queue.table_name} WHERE state = '{queue.claimed}'"  # noqa: S608 - our own names
    " AND lease_until < now() - make_interval(secs => :seconds)"
    for queue in QUEUES.values()
)
NOT_DISPOSED = """
SELECT after_message, count(*) AS files, min(shown) AS shown FROM files
WHERE after <> 'keep' AND after_done_at IS NULL AND after_reason IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1
"""
# The watcher of a folder holds this lock for as long as it lives (worker/watch/hold.py).
UNWATCHED = """
SELECT named.name FROM unnest(CAST(:names AS text[])) AS named(name) LEFT JOIN inboxes i ON i.name = named.name
WHERE i.id IS NULL OR NOT EXISTS (
    SELECT FROM pg_locks l, LATERAL (SELECT hashtextextended('onrecord watch ' || i.id, 0) AS key) AS k
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (l.classid::bigint << 32 | l.objid::bigint) = k.key)
ORDER BY 1
"""


def check_pipeline(found: "Settings") -> Iterator[Finding]:
    """Everything that the tables tell; silent where the database cannot be asked, as another check says that."""
    try:
        with engine_for(found.database_url, seconds=SECONDS) as engine:
            health = examine(engine, found)
            yield from check_health(health)
            if health.revision != health.newest_revision:
                return
            yield from check_hosts(health.processes)
            yield from check_processes(
                process for process in health.processes if process["host"] == socket.gethostname()
            )
            with engine.connect() as connection:
                yield from check_watched(connection, found, health)
                yield from check_leases(connection)
                yield from check_disposals(connection)
                yield check_quarantine(connection)
    except ArgumentError:
        return
    except DBAPIError as error:
        state = state_of(error)
        if state == QUERY_CANCELED:
            said = f"The tables could not be asked within {SECONDS} seconds."
            yield problem("pipeline", said, "PostgreSQL is very busy, or something is locked: see pg_stat_activity.")
        elif state:
            raise


def check_health(health: Health) -> Iterator[Finding]:
    """The schema, the running processes and the queues."""
    if health.revision == health.newest_revision:
        yield ok("schema", f"Migrated to {health.revision}.")
    for process in health.processes:
        yield check_process(process)
    for trouble in health.problems:
        yield problem("pipeline" if health.revision == health.newest_revision else "schema", trouble.said, trouble.todo)


def check_process(process: Any) -> Finding:
    """One process: alive, and of this version."""
    where = f"{process['kind']} on {process['host']}, process {process['pid']}"
    if not process["alive"]:
        return warning(
            "process", f"{where} was last seen {process['last_seen']:%Y-%m-%d %H:%M} UTC.", "Start it again."
        )
    if process["version"] != __version__:
        said = f"{where} is of Onrecord {process['version']}, and this one is {__version__}."
        return warning("process", said, "Bring all processes to one version, and start them again.")
    return ok("process", f"{where} is alive.")


def check_watched(connection: Connection, found: "Settings", health: Health) -> Iterator[Finding]:
    """Folders that the settings name and no watcher holds, while others are watched."""
    from worker.cli.checks.folders import inboxes_of
    from worker.watch.inbox import InboxError

    if not given_and_watching(found, health):
        return
    try:
        names = [inbox.name for inbox in inboxes_of(found)]
    except InboxError:
        return
    for (name,) in connection.execute(text(UNWATCHED), {"names": names}):
        said = f"No watcher watches the folder {name!r}, though one is running."
        yield problem("folder", said, "Start it again with this ONRECORD_INBOX, or a second one for this folder.")


def given_and_watching(found: "Settings", health: Health) -> bool:
    """Whether folders are set (`up --inbox` needs no setting), and a watcher lives; that none does is told already."""
    return bool(found.inbox) and any(process["kind"] == "watch" and process["alive"] for process in health.processes)


def check_leases(connection: Connection) -> Iterator[Finding]:
    """Claims that should have been ended long ago."""
    expired = sum(row.rows for row in connection.execute(text(EXPIRED), {"seconds": SWEPT}))
    if expired:
        said = f"{expired} claims are past their lease, and nobody has ended them: no sweeper runs."
        yield problem("leases", said, "Every worker sweeps each few seconds: start one, or see its log.")


def check_disposals(connection: Connection) -> Iterator[Finding]:
    """Stored files that could not be archived or deleted."""
    for row in connection.execute(text(NOT_DISPOSED)).all()[:3]:
        files = f"{row.files} stored file{' stays' if row.files == 1 else 's stay'} in the folder ({row.shown})"
        yield warning("archive", f"{files}: {row.after_message}", "They are stored; only the move is tried again.")
