"""The checks of the tables and the running processes: schema, processes, queues, leases, archive and quarantine."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from worker import __version__
from worker.cli.checks.clock import check_hosts
from worker.cli.checks.database import SECONDS
from worker.cli.checks.finding import Finding, ok, problem, warning
from worker.cli.checks.open_files import check_processes
from worker.cli.checks.quarantine import check_quarantine
from worker.cli.checks.tables import check_tables
from worker.cli.connection import owner_engine_of
from worker.cli.health import Health, examine
from worker.cli.liveness import CLAIMS, RunningProcess
from worker.cli.plural import counted
from worker.store import floor
from worker.store.db.conflicts import QUERY_CANCELED, state_of
from worker.store.db.locks import KEPT_SQL
from worker.store.db.pooler import PooledTransactions

if TYPE_CHECKING:
    from worker.settings import Settings

SWEPT = 60.0
"""Wait this many seconds for the end of an expired claim; every worker sweeps every five seconds."""

EXPIRED_CLAIMS = text(f"""
SELECT count(*) FROM ({CLAIMS}) AS claims WHERE lease_until < now() - make_interval(secs => :seconds)
""")  # noqa: S608
NOT_DISPOSED = text("""
SELECT after_message, count(*) AS files, min(shown) AS shown FROM files
WHERE after <> 'keep' AND after_done_at IS NULL AND after_reason IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1
""")
# The watcher of a folder holds its lock until the watcher ends (worker/watch/hold.py).
UNWATCHED = text(f"""
SELECT named.name FROM unnest(CAST(:names AS text[])) AS named(name) LEFT JOIN inboxes i ON i.name = named.name
WHERE i.id IS NULL OR NOT EXISTS (
    SELECT FROM locks WHERE locks.name = 'watch ' || i.id AND {KEPT_SQL})
ORDER BY 1
""")  # noqa: S608

WATCHED = text(f"""
SELECT i.path FROM inboxes i JOIN locks ON locks.name = 'watch ' || i.id WHERE {KEPT_SQL} ORDER BY i.name
""")  # noqa: S608


def check_pipeline(settings: "Settings") -> Iterator[Finding]:
    """Check everything that the tables show.

    If the database cannot be reached, yield nothing: `check_database` says so.
    """
    try:
        with owner_engine_of(settings, seconds=SECONDS) as engine:
            health = examine(engine, settings)
            yield from check_health(health)
            if health.revision != health.newest_revision:
                return
            yield from check_hosts(health.processes)
            yield from check_processes(process for process in health.processes if process.host == socket.gethostname())
            with engine.connect() as connection:
                yield from check_watched(connection, settings, health)
                yield from check_running_folders(connection, settings)
                yield from check_floor(connection, settings)
                yield from check_leases(connection)
                yield from check_disposals(connection)
                yield check_quarantine(connection)
                yield check_tables(connection)
    except (ArgumentError, PooledTransactions):
        return
    except DBAPIError as error:
        state = state_of(error)
        if state == QUERY_CANCELED:
            message = f"The tables could not be asked within {SECONDS} seconds."
            yield problem("pipeline", message, "PostgreSQL is very busy, or something is locked: see pg_stat_activity.")
        elif state:
            raise


def check_health(health: Health) -> Iterator[Finding]:
    """Yield findings about the schema, the running processes and the queues."""
    if health.revision == health.newest_revision:
        yield ok("schema", f"Migrated to {health.revision}.")
    for process in health.processes:
        yield check_process(process)
    for trouble in health.receivers:
        yield warning("watch-list", trouble.message, trouble.todo)
    subject = "pipeline" if health.revision == health.newest_revision else "schema"
    for trouble in health.problems:
        yield problem(subject, trouble.message, trouble.todo)


def check_floor(connection: Connection, settings: "Settings") -> Iterator[Finding]:
    """Yield a warning if readers see quotations from another confidence on than the settings here say."""
    stored = floor.current(connection)
    if stored is not None and stored != settings.least_confidence:
        message = (
            f"Readers see quotations of a confidence of {stored:g} and more,"
            f" and ONRECORD_LEAST_CONFIDENCE is {settings.least_confidence:g} here."
        )
        yield warning("floor", message, "Give all processes one value; `onrecord migrate` stores the one of here.")


def check_process(process: RunningProcess) -> Finding:
    """Check that a process is alive, and that it runs this version."""
    name = f"{process.kind} on {process.host}, process {process.pid}"
    if not process.alive:
        return warning("process", f"{name} was last seen {process.last_seen:%Y-%m-%d %H:%M} UTC.", "Start it again.")
    if process.version != __version__:
        message = f"{name} is of Onrecord {process.version}, and this one is {__version__}."
        return warning("process", message, "Bring all processes to one version, and start them again.")
    return ok("process", f"{name} is alive.")


def check_watched(connection: Connection, settings: "Settings", health: Health) -> Iterator[Finding]:
    """Yield a problem for each folder of the settings that no watcher watches, although a watcher lives."""
    from worker.cli.checks.folders import inboxes_of
    from worker.watch.inbox import InboxError

    if not should_watch(settings, health):
        return
    try:
        names = [inbox.name for inbox in inboxes_of(settings)]
    except InboxError:
        return
    for (name,) in connection.execute(UNWATCHED, {"names": names}):
        message = f"No watcher watches the folder {name!r}, though one is running."
        yield problem("folder", message, "Start it again with this ONRECORD_INBOX, or a second one for this folder.")


def check_running_folders(connection: Connection, settings: "Settings") -> Iterator[Finding]:
    """Check the folders of the running watchers that the settings do not name (`up --inbox`) and that are here."""
    from worker.cli.checks.folders import check_folder, inboxes_of
    from worker.watch.inbox import InboxError

    try:
        named = {inbox.path for inbox in inboxes_of(settings)}
    except InboxError:
        named = set()
    for (raw,) in connection.execute(WATCHED):
        folder = Path(os.fsdecode(bytes(raw)))
        if folder not in named and folder.is_dir():  # a watcher on another machine has folders that are not here
            yield check_folder(folder, settings.after)


def should_watch(settings: "Settings", health: Health) -> bool:
    """True if the settings name folders and a watcher lives.

    `up --inbox` needs no setting. If no watcher lives, another finding says so.
    """
    return bool(settings.inbox) and any(process.kind == "watch" and process.alive for process in health.processes)


def check_leases(connection: Connection) -> Iterator[Finding]:
    """Yield a problem if a sweep should have ended claims long ago."""
    expired = connection.execute(EXPIRED_CLAIMS, {"seconds": SWEPT}).scalar_one()
    if expired:
        message = f"{counted(expired, 'claim', 'are')} past the lease, and nobody ends that: no worker sweeps."
        yield problem("leases", message, "Every worker sweeps every few seconds: start one, or see its log.")


def check_disposals(connection: Connection) -> Iterator[Finding]:
    """Yield up to three warnings about stored files that could not be archived or deleted."""
    for row in connection.execute(NOT_DISPOSED).all()[:3]:
        files = f"{row.files} stored file{' stays' if row.files == 1 else 's stay'} in the folder ({row.shown})"
        yield warning("archive", f"{files}: {row.after_message}", "They are stored; only the move is tried again.")
