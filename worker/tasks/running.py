"""How every task ends: its errors told apart into ours, the database's, and a claim that was lost."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from worker.reasons import Hindrance
from worker.settings import settings
from worker.store import ledger
from worker.store.db import schema
from worker.store.db.conflicts import QUERY_CANCELED, READ_ONLY, SILENT_TOO_LONG, conflict, state_of
from worker.store.db.engine import light_transaction
from worker.store.ledger import Lost, Queue
from worker.tasks import process
from worker.tasks.process import Process

log = structlog.get_logger("onrecord.task")

PATIENCE = 0.75
"""Share of a task's hard limit that it waits for the database; then the pulse gives the claim back once it can."""
LONGEST_PAUSE = 8.0
PASSING = ("08", "53", "57", "58")
"""Classes of states: connection, resources, an operator's intervention, the system."""


def run(queue: Queue, row_id: int, work: Callable[[Process], str | None], seconds: int | None = None) -> str | None:
    """Run one task's work, whose hard limit is `seconds` (else `task_seconds`); the row's state then.

    An outage of the database is waited out for a while; then the claim is released without a strike. So is it when
    others hold the row's locks for long. Anything unforeseen is logged and costs the row a strike when its lease ends,
    so that it cannot go on for ever.
    """
    mine = process.current()
    until = time.monotonic() + PATIENCE * (seconds or settings().task_seconds)
    try:
        while True:
            try:
                return work(mine)
            except DBAPIError as error:
                if not (outage(error) or conflict(error)):
                    raise
                mine.trouble = (Hindrance.DATABASE, f"waits for the database: {first_line(error)}")
                log.warning("the database failed; trying again", queue=queue.name, row=row_id, error=str(error.orig))
            if not release(mine, queue, row_id, until):
                mine.owed.append((queue, row_id))
                log.warning("the claim is given back once the database answers", queue=queue.name, row=row_id)
                return None
    except Lost as lost:
        log.info("claim lost", queue=queue.name, row=row_id, why=str(lost))
    except SQLAlchemyError as error:
        if other_schema(mine):
            log.warning("the schema is another release's by now; the row waits again", queue=queue.name, row=row_id)
            release(mine, queue, row_id, until)
            return None
        log.error("the database refused", queue=queue.name, row=row_id, error=first_line(error))
        strike(mine, queue, row_id, f"The database refused it: {first_line(error)}.")
    except Exception as error:
        log.exception("a task failed", queue=queue.name, row=row_id)
        strike(mine, queue, row_id, f"Onrecord failed at it, which is a fault of Onrecord: {first_line(error)}.")
    finally:
        mine.trouble = None
    return None


def other_schema(mine: Process) -> bool:
    """Whether another release has migrated the database meanwhile: then its refusal is no fault of the row's."""
    try:
        return schema.changed(mine.engine)
    except SQLAlchemyError:
        return False


@contextmanager
def left_to_the_next_round(step: str) -> Iterator[None]:
    """An outage of the database, or a conflict in it, ends what is in here with one line; it is tried again soon."""
    try:
        yield
    except DBAPIError as error:
        if not (outage(error) or conflict(error)):
            raise
        log.warning("the database failed; the next round tries again", step=step, error=first_line(error))


def outage(error: DBAPIError) -> bool:
    """Whether the server is away, full or read-only for now, rather than unhappy with what was asked."""
    state = state_of(error)
    if state is None:
        return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return state != QUERY_CANCELED and (state[:2] in PASSING or state in (READ_ONLY, SILENT_TOO_LONG))


def release(mine: Process, queue: Queue, row_id: int, until: float) -> bool:
    """Give back what this process holds of a row, without a strike, as soon as the database is there again.

    False when it is still away at `until` (by the monotonic clock).
    """
    pause = 0.5
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(pause, left))
        pause = min(2 * pause, LONGEST_PAUSE)
        try:
            with light_transaction(mine.engine) as connection:
                ledger.release_held(connection, queue, row_id, mine.process_id)
            return True
        except SQLAlchemyError as error:
            log.info("the database is still away", queue=queue.name, row=row_id, error=type(error).__name__)
    return False


def first_line(error: Exception) -> str:
    """An error's type and the first line of what it says, without control characters and at a bearable length."""
    said = str(error).strip().partition("\n")[0][:200]
    told = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return "".join(character if character.isprintable() else "?" for character in told).rstrip(".")


def strike(mine: Process, queue: Queue, row_id: int, why: str) -> None:
    """Let the claim end at once, at the cost of a strike: the next sweep sees to it, and tells people why."""
    try:
        with light_transaction(mine.engine) as connection:
            ledger.end_lease(connection, queue, row_id, mine.process_id, why)
    except SQLAlchemyError:
        log.info("claim left to its lease", queue=queue.name, row=row_id)
