"""How a command reaches PostgreSQL: as the owner of the tables, or as the role that only reads.

With `ONRECORD_DATABASE_URL` or `ONRECORD_REPORT_URL` set, no code of the embedded servers is imported.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.settings import Settings

READER = "onrecord_reader"


@contextmanager
def resolved(*, broker: bool = False) -> "Iterator[Settings]":
    """The settings with the URLs filled in; the embedded servers run for as long as they are needed."""
    from worker.settings import settings

    given = settings()
    if given.database_url and (given.broker_url or not broker):
        yield given
        return
    from worker.embedded.environment import resolve

    with resolve(given, broker=broker) as found:
        yield found


@contextmanager
def owner_engine() -> "Iterator[Engine]":
    """PostgreSQL as the owner of the tables."""
    with resolved() as found, engine_for(found.database_url) as engine:
        yield engine


@contextmanager
def reader_engine() -> "Iterator[Engine]":
    """PostgreSQL as `onrecord_reader`.

    Logs in as that role where there is a URL for it. With only the owner's URL, it logs in as the owner and becomes the
    reader at once (`SET ROLE`): that guards against mistakes; only a login of its own is a wall.
    """
    from worker.settings import settings

    if settings().report_url:
        with reader_engine_of(settings()) as engine:
            yield engine
        return
    with resolved() as found, reader_engine_of(found) as engine:
        yield engine


@contextmanager
def reader_engine_of(found: "Settings", *, seconds: int | None = None) -> "Iterator[Engine]":
    """The same, of settings whose URLs are filled in."""
    from sqlalchemy import event

    with engine_for(found.report_url or found.database_url, seconds=seconds) as engine:
        if not found.report_url:
            event.listen(engine, "connect", become_reader)
        yield engine


def become_reader(driver: Any, _record: Any) -> None:
    """Take the reader's role for the whole of a connection."""
    with driver.cursor() as cursor:
        cursor.execute(f"SET ROLE {READER}")
        cursor.execute("SET default_transaction_read_only = on")
    driver.commit()


@contextmanager
def engine_for(url: str, *, seconds: int | None = None) -> "Iterator[Engine]":
    """An engine that is put away at the end; `seconds` bound a connection attempt, and each statement."""
    from worker.store.db.engine import make_engine

    engine = make_engine(url, application="onrecord command", impatient=seconds)
    try:
        yield engine
    finally:
        engine.dispose()


def psql_url(found: "Settings") -> str | None:
    """What psql and BI tools are given to reach the running embedded server; None where its port is off."""
    from worker.settings import settings

    if settings().database_url or found.home is None:
        return None
    from worker.embedded.servers import embedded_servers

    with embedded_servers(found.home, valkey=False, port=found.embedded_port) as servers:
        return servers.reader_url
