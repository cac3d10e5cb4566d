"""How every task ends: our own errors, errors of the database, and lost claims are treated differently."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from worker.reasons import Hindrance
from worker.settings import settings
from worker.store import ledger
from worker.store.db import schema
from worker.store.db.conflicts import QUERY_CANCELED, READ_ONLY, SILENT_TOO_LONG, conflict, state_of
from worker.store.db.engine import light_transaction
from worker.store.ledger import Lost
from worker.store.queues import Queue
from worker.tasks.app import app
from worker.tasks.process import Process, current

log = structlog.get_logger("onrecord.task")

PATIENCE = 0.75
"""Wait for the database for at most this share of a task's hard limit.

After that, the heartbeat gives the claim back as soon as the database answers.
"""
LONGEST_PAUSE = 8.0
"""Wait at most so many seconds between two tries of a database that is away."""
UNINSTALLED_PAUSE = 10.0
"""Wait so many seconds before a row is given back that needs a library that cannot be loaded: it would fail again."""
PASSING = ("08", "53", "57", "58")
"""The classes of PostgreSQL's error codes that mean an outage: connection, resources, operator intervention, system."""

Body = Callable[[Process, int], str | None]
"""The work of a task on one row, in this pool process.

It returns the new state of the row, or None if the row does not wait any more.
"""


def ledger_task(queue: Queue, *, seconds: int | None = None) -> Callable[[Body], Callable[[int], None]]:
    """Return a decorator that makes a function the task of a queue.

    The function works, under a claim, on the row whose id the message holds. `seconds` is the task's hard limit (by
    default `task_seconds`). `run` tells how errors end the claim.
    """

    def decorate(body: Body) -> Callable[[int], None]:
        def task(row_id: int) -> None:
            run(queue, row_id, body, seconds or settings().task_seconds)

        task.__name__, task.__qualname__ = body.__name__, body.__qualname__
        task.__module__, task.__doc__ = body.__module__, body.__doc__
        registered: Any = app.task(name=queue.task, time_limit=seconds)(task)
        return registered  # type: ignore[no-any-return]

    return decorate


def run(queue: Queue, row_id: int, body: Body, seconds: float) -> None:
    """Work on one row; `seconds` is the task's hard limit.

    After an outage of the database, or when other transactions hold the row's locks for long, the claim is released
    without a strike as soon as the database answers, and the row is tried again. If the outage lasts too long
    (`PATIENCE`), the heartbeat gives the claim back later. An unexpected error is logged, and ends the lease at the
    cost of a strike, so that a row cannot fail for ever.
    """
    process = current()
    until = time.monotonic() + PATIENCE * seconds
    try:
        while True:
            try:
                body(process, row_id)
                return
            except DBAPIError as error:
                if not (outage(error) or conflict(error)):
                    raise
                process.trouble = (Hindrance.DATABASE, f"waits for the database: {first_line(error)}")
                log.warning("the database failed; trying again", queue=queue.name, row=row_id, error=str(error.orig))
            if not release(process, queue, row_id, until):
                process.owed.append((queue, row_id))
                log.warning("the claim is given back once the database answers", queue=queue.name, row=row_id)
                return
    except Lost as lost:
        log.info("claim lost", queue=queue.name, row=row_id, why=str(lost))
    except SQLAlchemyError as error:
        if schema.known_to_have_changed(process.engine):
            log.warning("the schema is another release's by now; the row waits again", queue=queue.name, row=row_id)
            release(process, queue, row_id, until)
            return
        log.error("the database refused", queue=queue.name, row=row_id, error=first_line(error))
        strike(process, queue, row_id, f"The database refused it: {first_line(error)}.")
    except ImportError as error:  # the document has not caused it, so it gets no strike
        process.trouble = (Hindrance.INSTALLATION, f"cannot load a library that Onrecord needs: {first_line(error)}")
        log.error("a library that Onrecord needs cannot be loaded; the row waits", row=row_id, error=first_line(error))
        time.sleep(UNINSTALLED_PAUSE)
        release(process, queue, row_id, until)
    except Exception as error:
        log.exception("a task failed", queue=queue.name, row=row_id)
        strike(process, queue, row_id, f"Onrecord failed at it, which is a fault of Onrecord: {first_line(error)}.")
    finally:
        process.trouble = None


@contextmanager
def left_to_the_next_round(step: str) -> Iterator[None]:
    """On an outage of the database or a conflict in it, end the work inside this context with one log line.

    The next round tries the work again.
    """
    try:
        yield
    except DBAPIError as error:
        if not (outage(error) or conflict(error)):
            raise
        log.warning("the database failed; the next round tries again", step=step, error=first_line(error))


def outage(error: DBAPIError) -> bool:
    """True if the server is away, full or read-only for now; False if it refuses the statement."""
    state = state_of(error)
    if state is None:
        return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return state != QUERY_CANCELED and (state[:2] in PASSING or state in (READ_ONLY, SILENT_TOO_LONG))


def release(process: Process, queue: Queue, row_id: int, until: float) -> bool:
    """Give back this process's claim on a row, without a strike, as soon as the database answers again.

    Return False when the database is still away at `until` (by the monotonic clock).
    """
    pause = 0.5
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(pause, left))
        pause = min(2 * pause, LONGEST_PAUSE)
        try:
            with light_transaction(process.engine) as connection:
                ledger.give_back(connection, queue, row_id, process.id)
            return True
        except SQLAlchemyError as error:
            log.info("the database is still away", queue=queue.name, row=row_id, error=type(error).__name__)
    return False


def first_line(error: Exception) -> str:
    """Return an error's type and the first line of its text (at most 200 characters), without control characters."""
    words = str(error).strip().partition("\n")[0][:200]
    line = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return "".join(character if character.isprintable() else "?" for character in line).rstrip(".")


def strike(process: Process, queue: Queue, row_id: int, why: str) -> None:
    """End the lease of a claim at once; the next sweep then counts a strike, and shows `why` if it was the last."""
    try:
        with light_transaction(process.engine) as connection:
            ledger.end_lease(connection, queue, row_id, process.id, why)
    except SQLAlchemyError:
        log.info("claim left to its lease", queue=queue.name, row=row_id)
