"""The checks of PostgreSQL: does it answer the owner and the reader; its version, connections, disk and clock.

The owner is the role that owns the tables. The reader is the role `onrecord_reader`, which only reads the views.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psycopg
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError

from worker.backups.databases import APPLICATION, MARK, filling, replaced
from worker.cli.checks.address import wrong_postgres_url
from worker.cli.checks.clock import check_clock
from worker.cli.checks.disk import check_place
from worker.cli.checks.finding import Finding, ok, problem, warning
from worker.cli.checks.refusals import POSTGRES, explain, one_line
from worker.cli.connection import owner_engine_of, reader_engine_of
from worker.embedded import connections
from worker.store import languages
from worker.store.db.conflicts import state_of
from worker.store.db.pooler import PooledTransactions, is_pooled, lends_transactions
from worker.store.roles import READER, REPORT

if TYPE_CHECKING:
    from worker.settings import Settings

SECONDS = 3
"""Wait at most this many seconds for a login or a statement."""
OLDEST_SERVER = 150000  # PostgreSQL 15
MANY_CONNECTIONS = 0.9
"""Ignore open connections up to this share of the connections that the server allows."""

SERVER = text("""
SELECT clock_timestamp() AS now, current_setting('server_version_num')::int AS number,
       current_setting('server_version') AS version,
       pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS takes_no_writes,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
       current_setting('max_connections')::int AS max_connections
""")
# On a replica, the database has the same oid and name, but the server has another start time.
DATABASE = text("""
SELECT current_user AS role, (SELECT oid FROM pg_database WHERE datname = current_database())::bigint AS oid,
       current_database() AS name, CASE WHEN NOT pg_is_in_recovery() THEN pg_postmaster_start_time() END AS started
""")
DATA_FOLDER = text("""SELECT setting FROM pg_settings WHERE name = 'data_directory'""")
NAME = text("""SELECT current_database()""")
LEFT_BEHIND = text("""
SELECT datname, pg_database_size(oid) FROM pg_database
WHERE datname = ANY(CAST(:names AS text[])) AND shobj_description(oid, 'pg_database') = :mark
  AND NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = :application)
ORDER BY datname
""")
ONE_QUOTE = text("""SELECT 1 FROM report.quotes LIMIT 1""")


class PostgresServer(NamedTuple):
    """A PostgreSQL server: its clock, version, and connections."""

    now: datetime
    number: int  # server_version_num: 170002 is 17.2
    version: str
    takes_no_writes: bool
    connections: int
    max_connections: int


class Database(NamedTuple):
    """The database behind a URL, and the role that we log in as."""

    role: str
    oid: int
    name: str
    started: datetime | None  # when its server started; None on a replica


def refused(error: DBAPIError, setting: str, subject: str) -> Finding:
    """Return the finding that says why a connection failed."""
    message = one_line(str(error.orig))
    return problem(subject, f"{setting}: {message}", explain(message, POSTGRES, setting))


def check_database(settings: "Settings") -> Iterator[Finding]:
    """Check the version, the connections, the clock and the disk of the server, over the owner's connection."""
    if wrong := wrong_postgres_url(settings.database_url, "ONRECORD_DATABASE_URL", "database"):
        yield wrong
        return
    try:
        with owner_engine_of(settings, seconds=SECONDS) as engine, engine.connect() as connection:
            before = datetime.now(UTC)
            server = PostgresServer(*connection.execute(SERVER).one())
            after = datetime.now(UTC)
            yield from check_server(server, settings.concurrency)
            yield check_clock(before, server.now, after)
            yield from check_pooler(connection, settings)
            yield from check_room(connection, settings)
            yield from check_leftovers(connection)
            yield from check_search(connection)
    except DBAPIError as error:
        yield refused(error, "ONRECORD_DATABASE_URL", "database")


def check_server(server: PostgresServer, processes: int) -> Iterator[Finding]:
    """Check the version of the server, that it takes writes, and that it has connections for so many pool processes."""
    if server.number < OLDEST_SERVER:
        yield problem("database", f"PostgreSQL {server.version} is too old.", "Onrecord needs 15 or newer.")
    elif server.takes_no_writes:
        todo = "Put the primary into ONRECORD_DATABASE_URL, or make it writable again; nothing is lost meanwhile."
        yield problem("database", f"PostgreSQL {server.version} answers, but takes no writes.", todo)
    else:
        yield ok("database", f"PostgreSQL {server.version} answers.")
    if server.connections > MANY_CONNECTIONS * server.max_connections:
        message = f"{server.connections} of {server.max_connections} connections are taken."
        yield warning("database", message, "Raise max_connections, or run fewer processes.")
    if server.max_connections < connections.ours(processes):
        needed = connections.ours(processes)
        message = f"{processes} pool processes may need {needed} connections, and {server.max_connections} are allowed."
        yield warning("database", message, f"Raise max_connections to {needed}, or set a smaller ONRECORD_CONCURRENCY.")


def check_pooler(connection: Connection, settings: "Settings") -> Iterator[Finding]:
    """Say that a pooler stands before the server, and whether it suits what ONRECORD_PREPARE says."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        return
    stands_before = is_pooled(driver)
    connection.commit()  # to see what another transaction gets
    if not stands_before:
        if not settings.prepare:
            todo = "Take the setting away, so that each statement is planned once and not each time."
            yield warning("pooler", "ONRECORD_PREPARE=0 is set, and no pooler stands before PostgreSQL.", todo)
    elif settings.prepare or not lends_transactions(driver):
        message = (
            "A pooler before PostgreSQL lends whole sessions, as Onrecord needs them; it must have"
            f" {connections.ours(settings.concurrency)} for the {settings.concurrency} pool processes of one machine"
            " like this."
        )
        yield ok("pooler", message)
    else:
        message = "A pooler before PostgreSQL lends sessions for one transaction; workers can do with that."
        todo = "Start everything but `onrecord worker` with PostgreSQL's own address, and without ONRECORD_PREPARE."
        yield warning("pooler", message, todo)


def check_room(connection: Connection, settings: "Settings") -> Iterator[Finding]:
    """Check the free disk of the database, if the server is on this machine and tells us its data folder."""
    address = make_url(settings.database_url)
    host = address.host or str(address.query.get("host", ""))
    folder = connection.execute(DATA_FOLDER).scalar()  # only some roles may see it
    is_local = host.startswith("/") or host in ("", "localhost", "127.0.0.1", "::1")
    if folder and is_local and is_visible(Path(folder)):
        yield check_place(Path(folder), f"{folder}, the database", settings.min_free_bytes)


def check_leftovers(connection: Connection) -> Iterator[Finding]:
    """Look for databases that an interrupted restore has left behind; yield nothing while a restore runs."""
    database = connection.execute(NAME).scalar_one()
    values = {"names": [filling(database), replaced(database)], "mark": MARK, "application": APPLICATION}
    for name, size in connection.execute(LEFT_BEHIND, values):
        message = f"An interrupted restore has left the database {name} ({size / 1e6:,.0f} MB)."
        yield warning("database", message, f"The next `onrecord restore` drops it; so does DROP DATABASE {name}.")


def check_search(connection: Connection) -> Iterator[Finding]:
    """Check that the search takes accents away; yield nothing before the migrations have made its configurations."""
    if languages.are_made(connection) and not languages.folds(connection):
        message = "The search tells é from e, since this database does not have the extension unaccent."
        todo = "As an administrator of this database: CREATE EXTENSION unaccent; then run `onrecord migrate`."
        yield warning("search", message, todo)


def is_visible(folder: Path) -> bool:
    """True if this process sees the folder. It does not see the folder of a server that runs in a container."""
    try:
        return folder.is_dir()
    except OSError:
        return False


def check_reader(settings: "Settings") -> Iterator[Finding]:
    """Check that commands can ask questions as the reader, and in the database where articles are stored."""
    setting = "ONRECORD_REPORT_URL" if settings.report_url else "ONRECORD_DATABASE_URL"
    if settings.report_url and (wrong := wrong_postgres_url(settings.report_url, setting, "reader")):
        yield wrong
        return
    try:
        with reader_engine_of(settings, seconds=SECONDS) as engine, engine.connect() as connection:
            database = Database(*connection.execute(DATABASE).one())
            connection.execute(ONE_QUOTE)
    except DBAPIError as error:
        if state_of(error):
            raise  # the server answers, and its message says what is wrong
        yield refused(error, setting, "reader")
        return
    except PooledTransactions:
        if settings.prepare:
            raise
        todo = "To ask questions from here, put PostgreSQL's own address into ONRECORD_REPORT_URL."
        yield warning("reader", "Questions cannot be asked through this pooler.", todo)
        return
    message = f"Questions are asked as {database.role}."
    if database.role not in (READER, REPORT):
        yield warning("reader", message, f"Let ONRECORD_REPORT_URL log in as {REPORT}.")
    elif settings.report_url and (other := other_database(settings, database)):
        yield other
    else:
        yield ok("reader", message)


def other_database(settings: "Settings", asked: Database) -> Finding | None:
    """Return a finding if the database for questions is not the database where articles are stored."""
    with owner_engine_of(settings, seconds=SECONDS) as engine, engine.connect() as connection:
        written = Database(*connection.execute(DATABASE).one())
    is_same_server = asked.started is None or asked.started == written.started
    if is_same_server and (written.oid, written.name) == (asked.oid, asked.name):
        return None
    where = "" if is_same_server else " of another server"
    message = f"Questions are asked of the database {asked.name}{where}, and articles are stored in {written.name}."
    return problem("reader", message, "Let ONRECORD_REPORT_URL and ONRECORD_DATABASE_URL name the same one.")
