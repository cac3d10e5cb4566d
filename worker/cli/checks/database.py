"""PostgreSQL: whether it answers, as the owner and as the reader, what it is, and how its clock goes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError

from worker.cli.checks.address import wrong_postgres_url
from worker.cli.checks.clock import check_clock
from worker.cli.checks.disk import check_place
from worker.cli.checks.finding import Finding, ok, problem, warning
from worker.cli.checks.refusals import POSTGRES, explain, one_line
from worker.cli.connection import READER, engine_for, reader_engine_of
from worker.store.db.conflicts import state_of

if TYPE_CHECKING:
    from worker.settings import Settings

SECONDS = 5
OLDEST_SERVER = 150000  # PostgreSQL 15
MANY_CONNECTIONS = 0.9

SERVER = """
SELECT clock_timestamp() AS now, current_setting('server_version_num')::int AS number,
       current_setting('server_version') AS version, current_setting('fsync') AS fsync,
       pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS closed,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
       current_setting('max_connections')::int AS most
"""
# A replica of the database has the same number, but a start of its own.
WHICH = """
SELECT current_user AS who, (SELECT oid FROM pg_database WHERE datname = current_database())::bigint AS which,
       current_database() AS named, CASE WHEN NOT pg_is_in_recovery() THEN pg_postmaster_start_time() END AS started
"""
DATA = "SELECT setting FROM pg_settings WHERE name = 'data_directory'"


def refused(error: DBAPIError, setting: str, subject: str) -> Finding:
    """Why there is no connection."""
    said = one_line(str(error.orig))
    return problem(subject, f"{setting}: {said}", explain(said, POSTGRES, setting))


def check_database(found: "Settings") -> Iterator[Finding]:
    """Everything that the owner's connection shows of the server."""
    if wrong := wrong_postgres_url(found.database_url, "ONRECORD_DATABASE_URL", "database"):
        yield wrong
        return
    try:
        with engine_for(found.database_url, seconds=SECONDS) as engine, engine.connect() as connection:
            before = datetime.now(UTC)
            server = connection.execute(text(SERVER)).one()
            after = datetime.now(UTC)
            yield from check_server(server)
            yield check_clock(before, server.now, after)
            yield from check_room(connection, found)
    except DBAPIError as error:
        yield refused(error, "ONRECORD_DATABASE_URL", "database")


def check_server(server: Any) -> Iterator[Finding]:
    """Its version and its settings."""
    if server.number < OLDEST_SERVER:
        yield problem("database", f"PostgreSQL {server.version} is too old.", "Onrecord needs 15 or newer.")
    elif server.closed:
        todo = "Put the primary into ONRECORD_DATABASE_URL, or make it writable again; nothing is lost meanwhile."
        yield problem("database", f"PostgreSQL {server.version} answers, but takes no writes.", todo)
    else:
        yield ok("database", f"PostgreSQL {server.version} answers.")
    if server.connections > MANY_CONNECTIONS * server.most:
        said = f"{server.connections} of {server.most} connections are taken."
        yield warning("database", said, "Raise max_connections, or run fewer processes.")


def check_room(connection: Connection, found: "Settings") -> Iterator[Finding]:
    """The disk of the database, where the server is on this machine and says where its data lie."""
    address = make_url(found.database_url)
    host = address.host or str(address.query.get("host", ""))
    folder = connection.execute(text(DATA)).scalar()  # only some may see it
    if folder and (host.startswith("/") or host in ("", "localhost", "127.0.0.1", "::1")) and seen(Path(folder)):
        yield check_place(Path(folder), f"{folder}, the database", found.min_free_bytes)


def seen(folder: Path) -> bool:
    """Whether a folder is there for us; the server may be in a container."""
    try:
        return folder.is_dir()
    except OSError:
        return False


def check_reader(found: "Settings") -> Iterator[Finding]:
    """Whether questions can be asked as the role that only reads, of the same database."""
    setting = "ONRECORD_REPORT_URL" if found.report_url else "ONRECORD_DATABASE_URL"
    if found.report_url and (wrong := wrong_postgres_url(found.report_url, setting, "reader")):
        yield wrong
        return
    try:
        with reader_engine_of(found, seconds=SECONDS) as engine, engine.connect() as connection:
            asked = connection.execute(text(WHICH)).one()
            connection.execute(text("SELECT 1 FROM report.quotes LIMIT 1"))
    except DBAPIError as error:
        if state_of(error):
            raise  # it answers, and says what is wrong
        yield refused(error, setting, "reader")
        return
    if asked.who != READER:
        yield warning("reader", f"Questions are asked as {asked.who}.", f"Let ONRECORD_REPORT_URL log in as {READER}.")
    elif found.report_url and (other := another(found, asked)):
        yield other
    else:
        yield ok("reader", f"Questions are asked as {asked.who}.")


def another(found: "Settings", asked: Any) -> Finding | None:
    """A database that is not the one that is written to."""
    with engine_for(found.database_url, seconds=SECONDS) as engine, engine.connect() as connection:
        written = connection.execute(text(WHICH)).one()
    same_server = asked.started is None or asked.started == written.started
    if same_server and (written.which, written.named) == (asked.which, asked.named):
        return None
    where = "" if same_server else " of another server"
    said = f"Questions are asked of the database {asked.named}{where}, and articles are stored in {written.named}."
    return problem("reader", said, "Let ONRECORD_REPORT_URL and ONRECORD_DATABASE_URL name the same one.")
