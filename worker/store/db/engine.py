"""Connections to PostgreSQL: the engine, and a light transaction that does not wait for the disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from worker.store.db.session import OWN_SCHEMA, settle
from worker.waiting import waiting_for

RECYCLE_SECONDS = 60
"""Recycle connections after so many seconds: a plan cached while a table was small becomes a full scan when it grows.

Planning every statement again each time (`plan_cache_mode`) would cost a third of an article's time in PostgreSQL. For
the same reason, transactions that only read are committed: after a rollback, psycopg prepares its statements again.
"""

SILENCE = "idle_in_transaction_session_timeout"
MAY_BE_SILENT = text(f"""SET LOCAL {SILENCE} = 0""")
LIGHT = text("""SET LOCAL synchronous_commit = off""")


def make_engine(
    url: str,
    *,
    pool_size: int = 1,
    spare: int = 0,
    application: str = "onrecord",
    recycle_seconds: float = RECYCLE_SECONDS,
    impatient: int | None = None,
    silence_seconds: float = 0,
    schema: str = OWN_SCHEMA,
) -> Engine:
    """Return an engine for `url` (any of `postgres://`, `postgresql://`, `postgresql+psycopg://`).

    The engine keeps up to `pool_size` connections. While these are busy, it opens up to `spare` more, which it closes
    after use. Connections are checked before use, so a restarted server costs a reconnect and no error. `impatient`,
    for checks, is the limit in seconds for connecting and for each statement.

    If a transaction sends no statement for `silence_seconds`, its process is paused or its machine is gone. The server
    then ends the transaction, so that its locks do not block others. With 0 there is no such limit. `schema` is the one
    in which names without a schema are looked up.

    Each session has the settings that our code relies on, whatever an administrator has set for the role or the
    database. Connecting raises `PooledTransactions` if the URL is that of a pooler that we cannot work through.
    """
    engine = create_engine(
        address_of(url),
        pool_size=pool_size,
        max_overflow=spare,
        pool_pre_ping=True,
        hide_parameters=True,  # an error must not quote an article: it goes into logs, which outlive the article
        pool_timeout=30,
        pool_recycle=recycle_seconds,
        connect_args={
            "connect_timeout": impatient or 10,
            "application_name": application,
            "client_encoding": "UTF8",
        },
    )
    limits = {
        "statement_timeout": f"{impatient or 0}s",
        SILENCE: str(int(silence_seconds * 1000)),
    }

    server = f"PostgreSQL at {place(engine.url)}"
    answer = f"an answer of {server}"

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: Any, arguments: Any, named: Any) -> Any:
        with waiting_for(server):
            connection = dialect.connect(*arguments, **named)
            try:
                settle(connection, limits, schema=schema)
            except BaseException:
                connection.close()
                raise
            return connection

    @event.listens_for(engine, "do_execute")
    def execute(cursor: Any, statement: str, values: Any, context: Any) -> bool:
        with waiting_for(answer):
            context.dialect.do_execute(cursor, statement, values, context)
        return True

    return engine


def address_of(url: str) -> URL:
    """Return the address with our driver. Raises SQLAlchemy's `ArgumentError`."""
    try:
        address = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    except ValueError as error:  # a port that is no number
        raise ArgumentError("not an address of PostgreSQL") from error
    return address.set(drivername="postgresql+psycopg")


def place(address: URL) -> str:
    """Return where the server is: a host and a port, or the folder of its socket."""
    host = address.host or str(address.query.get("host", "its usual socket"))
    return f"{host}:{address.port}" if address.port else host


def may_be_silent(connection: Connection) -> None:
    """Let the transaction send no statement for any length of time, for example while a large file is copied."""
    connection.execute(MAY_BE_SILENT)


@contextmanager
def light_transaction(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that a crash of the server may undo: claims and sightings are made again anyway.

    It does not wait for the disk (`synchronous_commit` off). That wait is most of the cost of a small transaction.
    """
    with engine.begin() as connection:
        connection.execute(LIGHT)
        yield connection
