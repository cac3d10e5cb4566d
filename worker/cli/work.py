"""Prepares what a process needs before it starts: URLs in the environment, logs, and a migrated database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker.settings import Settings


SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the C library makes the semaphores there
SEMAPHORES = 4
"""At least this many semaphores must be there for a worker, besides one for each of its pool processes."""
SEMAPHORES_OF_UP = 14
"""At least this many must be there for all processes of `up`, besides one for each pool process (measured: 10)."""


def publish(complete: "Settings") -> None:
    """Put the final URLs into the environment. Celery's application and our child processes read them from there."""
    from worker.settings import settings

    os.environ["ONRECORD_DATABASE_URL"] = complete.database_url
    os.environ["ONRECORD_BROKER_URL"] = complete.broker_url
    os.environ["ONRECORD_REPORT_URL"] = complete.report_url
    if complete.home is not None:
        os.environ["ONRECORD_HOME"] = str(complete.home)
    settings.cache_clear()


def demand_machine(semaphores: int) -> None:
    """Complain if this machine lacks what a pool of processes needs: temporary files, and so many semaphores.

    Linux keeps semaphores in /dev/shm; each takes a page, which is 4 kB.
    """
    from multiprocessing import get_context
    from tempfile import gettempdir

    from worker.cli.errors import Complaint

    try:
        gettempdir()
    except FileNotFoundError as error:
        raise Complaint(
            "No worker can start: there is no folder for temporary files that can be written.",
            "Let this user write /tmp, or set TMPDIR to a folder that can be written.",
        ) from error
    try:
        _ = [get_context("fork").Semaphore() for _ in range(semaphores)]
    except OSError as error:
        raise Complaint(
            f"No worker can start: the system gives too few semaphores ({error.strerror}).",
            f"{SHARED_MEMORY} must be a tmpfs of 1 MB or more that this user can write: see `df {SHARED_MEMORY}` and "
            f"`ls -ld {SHARED_MEMORY}` (Docker: --shm-size=64m).",
        ) from error


def demand_fit() -> None:
    """Raise `BadFit` if ONRECORD_CERTAINTY names no fit of the confidence; better now than at each article."""
    from worker.settings import settings

    if settings().certainty:
        from worker.pipeline import extractor

        extractor.version()


def demand_schema(database_url: str, *, borrows: bool) -> None:
    """Raise `OtherSchema` if the schema is not the one of this release; else store the floor of confidence.

    If the database does not answer, return: later steps of the process wait for the database. `borrows` is that of
    `make_engine`.
    """
    from sqlalchemy.exc import DBAPIError

    from worker.settings import settings
    from worker.store import floor
    from worker.store.db import schema
    from worker.store.db.engine import make_engine

    schema.needed_revision()
    engine = make_engine(database_url, application="onrecord schema", borrows=borrows)
    try:
        schema.demand(engine)
        floor.keep(engine, settings().least_confidence)
    except DBAPIError:
        return
    finally:
        engine.dispose()


@contextmanager
def at_work(*, borrows: bool = False) -> "Iterator[Settings]":
    """Yield the settings of a process, with all URLs filled in and published.

    If a URL is not set, the embedded server runs for as long as the process. `borrows`: the process can do without
    sessions of its own (`make_engine`).
    """
    from worker.logs import configure_logs
    from worker.machine import allow_open_files
    from worker.settings import settings
    from worker.waiting import stop_telling

    allow_open_files()
    configured = settings()
    configure_logs(configured)
    if configured.database_url and configured.broker_url:
        publish(configured)
        demand_schema(configured.database_url, borrows=borrows)
        stop_telling()  # from now on the log says what the process waits for
        yield settings()
        return
    from worker.embedded.environment import resolve

    with resolve(configured, create=True) as complete:
        publish(complete)
        from worker.report import views
        from worker.store import floor
        from worker.store.db.engine import make_engine

        engine = make_engine(complete.database_url, application="onrecord migrate")
        views.migrate(engine)
        floor.keep(engine, complete.least_confidence)
        engine.dispose()
        stop_telling()
        yield settings()
