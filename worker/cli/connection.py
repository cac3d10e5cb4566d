"""How a command connects to PostgreSQL: as the owner of the tables, or as the role that only reads (the reader).

If the URL that a command needs is set, no code of the embedded servers is imported.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.settings import Settings
    from worker.store.db.login import Login

UNREAD_SECONDS = 600.0
"""Keep the transaction of a question open for at most so many seconds while nobody reads on (a pager, for example)."""


@contextmanager
def resolved(*, broker: bool = False) -> "Iterator[Settings]":
    """Yield the settings with all URLs filled in.

    If a URL is not set, the embedded server runs until the `with` block ends.
    """
    from worker.settings import settings

    configured = settings()
    if configured.database_url and (configured.broker_url or not broker):
        yield configured
        return
    from worker.cli.home import name_home_above
    from worker.embedded.environment import resolve

    if configured.home is None:
        name_home_above()
    with resolve(configured, broker=broker) as complete:
        yield complete


@contextmanager
def owner_engine() -> "Iterator[Engine]":
    """Yield an engine that connects as the owner of the tables."""
    with resolved() as settings, engine_for(settings.database_url) as engine:
        yield engine


@contextmanager
def owner_engine_of(settings: "Settings", *, seconds: int | None = None) -> "Iterator[Engine]":
    """Yield an engine as a worker has it, for settings with all URLs filled in: it borrows with ONRECORD_PREPARE=0."""
    with engine_for(settings.database_url, seconds=seconds, borrows=not settings.prepare) as engine:
        yield engine


@contextmanager
def reading_settings() -> "Iterator[Settings]":
    """Yield the settings with the URL filled in with which the reader is reached.

    If ONRECORD_REPORT_URL is set, sessions log in with that URL. If only the owner's URL is set, they log in as the
    owner and become the reader at once (`SET ROLE`). That guards against mistakes, but only a separate login is a real
    barrier.
    """
    from worker.settings import settings

    if settings().report_url:
        yield settings()
        return
    with resolved() as complete:
        yield complete


@contextmanager
def reader_login() -> "Iterator[Login]":
    """Yield what opens sessions of a role that only reads. It loads no SQLAlchemy, so a command starts faster."""
    from worker.store.db.login import Login
    from worker.store.roles import READER

    with reading_settings() as settings:
        url = settings.report_url or settings.database_url
        yield Login(url, "onrecord command", UNREAD_SECONDS, role="" if settings.report_url else READER)


@contextmanager
def reader_engine() -> "Iterator[Engine]":
    """Yield an engine whose connections have a role that only reads, for several questions in one transaction."""
    with reading_settings() as settings, reader_engine_of(settings) as engine:
        yield engine


@contextmanager
def reader_engine_of(settings: "Settings", *, seconds: int | None = None, pool_size: int = 1) -> "Iterator[Engine]":
    """Yield the engine of `reader_engine`, for settings with all URLs filled in."""
    from sqlalchemy import event

    from worker.report.reading import become_reader
    from worker.store.db.session import QUESTIONS_SCHEMA

    url = settings.report_url or settings.database_url
    options: dict[str, Any] = {
        "silence_seconds": UNREAD_SECONDS,
        "schema": QUESTIONS_SCHEMA,
        "pool_size": pool_size,
        "short": True,
    }
    with engine_for(url, seconds=seconds, **options) as engine:
        if not settings.report_url:
            event.listen(engine, "connect", become_reader)
        yield engine


@contextmanager
def engine_for(url: str, *, seconds: int | None = None, **options: Any) -> "Iterator[Engine]":
    """Yield an engine, and close its connections at the end. `seconds`: time limit of each login and statement.

    `options` are those of `make_engine`.
    """
    from worker.store.db.engine import make_engine

    engine = make_engine(url, application="onrecord command", impatient=seconds, **options)
    try:
        yield engine
    finally:
        engine.dispose()


def data_elsewhere(complete: "Settings") -> str | None:
    """Return a sentence about where the data of the HOME in use are, if they are not in HOME; otherwise None."""
    from worker.settings import settings

    if complete.home is None or (settings().database_url and settings().broker_url):
        return None
    from worker.embedded.elsewhere import where

    return where(complete.home)


def psql_url(complete: "Settings") -> str | None:
    """Return the URL with which psql and BI tools reach the embedded server, which runs; None if its port is off."""
    from worker.settings import settings

    if settings().database_url or not complete.database_url or complete.home is None:
        return None
    from worker.embedded.servers import embedded_servers

    return embedded_servers(complete.home).reader_url
