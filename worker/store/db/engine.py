"""Connections to PostgreSQL: the engine, and a light transaction that does not wait for the disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

RECYCLE_SECONDS = 60
"""A plan kept from when a table was small reads the whole of it once it is large, so no connection lives for long.

Planning every statement anew (`plan_cache_mode`) would cost a third of an article's time in PostgreSQL. For the same
reason transactions that only read are committed: after a rollback psycopg prepares its statements again.
"""


SILENCE = "idle_in_transaction_session_timeout"


def make_engine(
    url: str,
    *,
    pool_size: int = 1,
    spare: int = 0,
    application: str = "onrecord",
    recycle_seconds: float = RECYCLE_SECONDS,
    impatient: int | None = None,
    silence_seconds: float = 0,
) -> Engine:
    """An engine for `url` (any of `postgres://`, `postgresql://`, `postgresql+psycopg://`).

    A process holds one connection unless it asks for more; `spare` ones are opened while that is busy, and closed after
    use. Connections are checked before use, so that a restarted server costs a reconnect and no error. `impatient`
    bounds connecting and each statement, in seconds, for checks. A transaction in which nothing is said for
    `silence_seconds` (its process is stopped, or gone with its machine) is ended by the server, so that its locks hold
    nobody up; 0: it is not.
    """
    try:
        address = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    except ValueError as error:  # a port that is no number
        raise ArgumentError("not an address of PostgreSQL") from error
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=spare,
        pool_pre_ping=True,
        pool_timeout=30,
        pool_recycle=recycle_seconds,
        connect_args={
            "connect_timeout": impatient or 10,
            "application_name": application,
            "options": " ".join(
                [
                    "-c timezone=UTC",
                    *([f"-c statement_timeout={impatient}s"] if impatient else []),
                    *([f"-c {SILENCE}={int(silence_seconds * 1000)}"] if silence_seconds else []),
                ]
            ),
        },
    )


def may_be_silent(connection: Connection) -> None:
    """Let the transaction last, whatever takes its time in it (a large file is copied, say)."""
    connection.execute(text(f"SET LOCAL {SILENCE} = 0"))


@contextmanager
def light_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that need not survive a crash of the server: claims and sightings are made again anyway.

    It does not wait for the disk (`synchronous_commit` off), which is what most of a small transaction costs.
    """
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL synchronous_commit = off"))
        yield connection
