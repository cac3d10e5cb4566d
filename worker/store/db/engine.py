"""Connections to PostgreSQL: the engine, and a light transaction that does not wait for the disk."""

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError

from worker.store.db.borrowed import OWN_TRANSACTION, Borrower, set_up
from worker.store.db.connection import DirectConnection
from worker.store.db.session import OWN_SCHEMA, settle
from worker.waiting import waiting_for

RECYCLE_SECONDS = 3600
"""Recycle connections after so many seconds, so that the memory of a session of the server does not grow for ever."""
SURE_SECONDS = 5.0
"""A connection that was used so many seconds ago at most, and on which the server has said nothing, is not checked."""

PREPARE_AFTER, MOST_PREPARED = 2, 500
"""A statement is prepared when it comes for the third time; so many of a connection stay prepared.

Transactions that only read are committed: after a rollback, psycopg prepares all its statements again.
"""
REPEATED = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "jit": "off"}
"""For sessions that send the same statements again and again: each is planned once, and then only executed.

To plan costs as much as to execute, and PostgreSQL would plan most of ours each time, since it takes an array for
longer than it is. Our statements look rows up by keys, so one plan suits all values. A plan that is made while a table
is small would read the whole table, and go on with that when it grows; so an index is used from the start. Whenever a
table is analysed, the plans that read it are made again.
"""
SHORT = {
    "cursor_tuple_fraction": "1.0",
    "random_page_cost": "1.1",
    "effective_io_concurrency": "0",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}
"""For sessions that ask the short questions of pages, each of some thousand rows at most.

What is asked for often is in memory, where a row by its key costs hardly more than the next one. By PostgreSQL's own
values, it would sooner read all articles than look ten thousand up. To tell the system which pages will be read next is
one more call a page, for nothing. What is fetched in two portions is fetched whole. To start processes or to compile
takes longer than the question itself.
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
    impatient: int | None = None,
    silence_seconds: float = 0,
    schema: str = OWN_SCHEMA,
    repeats: bool = False,
    borrows: bool = False,
    short: bool = False,
) -> Engine:
    """Return an engine for `url` (any of `postgres://`, `postgresql://`, `postgresql+psycopg://`).

    The engine keeps up to `pool_size` connections. While these are busy, it opens up to `spare` more, which it closes
    after use. Connections are checked before use, so a restarted server costs a reconnect and no error. `impatient`,
    for checks, is the limit in seconds for connecting and for each statement. `repeats`: the process sends the same
    statements again and again (`REPEATED`). `short`: it asks the short questions of pages (`SHORT`).

    If a transaction sends no statement for `silence_seconds`, its process is paused or its machine is gone. The server
    then ends the transaction, so that its locks do not block others. With 0 there is no such limit. `schema` is the one
    in which names without a schema are looked up.

    Each session has the settings that our code relies on, whatever an administrator has set for the role or the
    database. Connecting raises `PooledTransactions` if the URL is that of a pooler that lends a session for one
    transaction only, unless the process `borrows`: then each transaction sets what it relies on.
    """
    engine = create_engine(
        address_of(url),
        pool_size=pool_size,
        max_overflow=spare,
        hide_parameters=True,  # an error must not quote an article: it goes into logs, which outlive the article
        pool_timeout=30,
        pool_recycle=RECYCLE_SECONDS,
        connect_args={
            "connect_timeout": impatient or 10,
            "application_name": application,
            "client_encoding": "UTF8",
        },
    )
    limits = {
        "statement_timeout": f"{impatient or 0}s",
        SILENCE: str(int(silence_seconds * 1000)),
        **(REPEATED if repeats else {}),
        **(SHORT if short else {}),
    }

    borrower = Borrower(limits, schema) if borrows else None
    if borrower is not None:
        borrower.watch(engine)
    server = f"PostgreSQL at {place(engine.url)}"
    answer = f"an answer of {server}"

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: Any, arguments: Any, named: Any) -> Any:
        with waiting_for(server):
            connection = dialect.connect(*arguments, **named)
            if borrows:
                set_up(connection)
                return connection
            try:
                settle(connection, limits, schema=schema)
            except BaseException:
                connection.close()
                raise
            connection.prepare_threshold, connection.prepared_max = PREPARE_AFTER, MOST_PREPARED
            return connection

    @event.listens_for(engine, "checkin")
    def note_use(_connection: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def check(connection: Any, record: Any, _proxy: Any) -> None:
        """Let the pool open another connection if the server has ended this one."""
        used = record.info.pop("used", None)
        try:
            if used is not None and (time.monotonic() - used > SURE_SECONDS or _has_news(connection)):
                engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    @event.listens_for(engine, "do_execute")
    def execute(cursor: Any, statement: str, values: Any, context: Any) -> bool:
        sent = borrower.sent(cursor.connection, context.execution_options) if borrower else nullcontext()
        with waiting_for(answer), sent:
            context.dialect.do_execute(cursor, statement, values, context)
        return True

    if borrower is None:  # which sends some statements in a way of its own
        engine._connection_cls = lambda engine: DirectConnection(engine, answer)  # type: ignore[assignment]
    return engine


def _has_news(connection: Any) -> bool:
    """True if the server has said something on an idle connection: most often that it ends it, or by closing it."""
    news = select.poll()
    news.register(connection.fileno(), select.POLLIN)
    return bool(news.poll(0))


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


LIGHTLY = "set_config('synchronous_commit', 'off', true)"
"""Among the columns that a single statement returns, this makes its transaction one that does not wait for the disk."""


@contextmanager
def single_statements(engine: Engine) -> Iterator[Connection]:
    """Open a connection on which each statement is a transaction of its own.

    A statement that is alone then takes one round trip instead of three.
    """
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT", **{OWN_TRANSACTION: True})


@contextmanager
def light_transaction(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that a crash of the server may undo: claims and sightings are made again anyway.

    It does not wait for the disk (`synchronous_commit` off). That wait is most of the cost of a small transaction.
    """
    with engine.begin() as connection:
        connection.execute(LIGHT)
        yield connection
