"""What one pool process of a worker keeps: its connection, its parser, its row in `processes`, its pulse and its rounds.

The pulse is a thread that says every two seconds that the process lives. The rounds are another, which rings for
waiting rows and now and then sweeps: so the queue moves on whatever happens to the broker, to beat, or to the other
workers.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from celery.signals import task_postrun, task_prerun, worker_process_init, worker_process_shutdown
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from worker.bounded.parser import BoundedParser
from worker.extract.model import reader
from worker.logs import configure_logs
from worker.parse import language
from worker.reasons import Hindrance
from worker.settings import settings
from worker.store import ledger, processes
from worker.store.db.engine import light_transaction, make_engine
from worker.store.ledger import Queue
from worker.tasks import doorbell, sweeper, watchdog

log = structlog.get_logger("onrecord.worker")

PULSE_SECONDS = 2.0
SWEEP_SECONDS = 5.0
GAP = 0.75
"""Share of `seen_seconds` without a pulse of our own after which nobody else is taken for dead either, for a while."""


@dataclass
class Process:
    """One pool process: everything its tasks need."""

    engine: Engine
    parser: BoundedParser
    process_id: int
    kind: str
    finished: threading.Event = field(default_factory=threading.Event)
    ending: threading.Event = field(default_factory=threading.Event)
    steady_since: float = field(default_factory=time.monotonic)
    idle_since: float | None = field(default_factory=time.monotonic)
    """Since when no task runs here; None while one does."""
    owed: list[tuple[Queue, int]] = field(default_factory=list)
    """Claims of tasks that gave up waiting for the database; given back with the first pulse that it takes."""
    trouble: tuple[Hindrance, str] | None = None
    """Why it does not get on: a code for health checks, a sentence for people. Set at once, as the pulse reads both."""

    def steady(self) -> bool:
        """Whether the database has answered for long enough that whoever lives has been seen since an outage."""
        return time.monotonic() - self.steady_since > settings().seen_seconds

    def may_judge(self, connection: Connection) -> bool:
        """Whether who has not been seen is dead: not if the database stood still, for then this one was not seen."""
        return self.steady() and processes.unseen(connection, self.process_id) < GAP * settings().seen_seconds

    def pulse(self) -> None:
        """Say every two seconds that the process lives, until it ends; an outage of the database is waited out."""
        while not self.ending.wait(PULSE_SECONDS):
            with self.going_on():
                self.tell()

    def tell(self) -> None:
        """Say that the process lives, and what troubles it."""
        finished = self.finished.is_set()
        self.finished.clear()
        trouble, detail = self.trouble or (None, None)
        unseen = processes.pulse(self.engine, self.process_id, finished=finished, trouble=trouble, detail=detail)
        if unseen > GAP * settings().seen_seconds:
            # The database, this machine or this process stood still; others may have, too, and have yet to be seen.
            self.steady_since = time.monotonic()
        self.give_back()

    def give_back(self) -> None:
        """Give back, without a strike, what was held when the database went away for longer than a task may wait."""
        while self.owed:
            queue, row_id = self.owed[0]
            with light_transaction(self.engine) as connection:
                ledger.release_held(connection, queue, row_id, self.process_id)
            self.owed.pop(0)

    def rounds(self) -> None:
        """Ring for what waits, sweep, and see whether messages arrive, until the process ends.

        Apart from the pulse, since a broker that hangs holds this up, and the process lives all the same.
        """
        swept = 0.0
        watching = watchdog.Watchdog(self.engine, queues_of_worker)
        while not self.ending.wait(PULSE_SECONDS):
            with self.going_on():
                if why := watching.trouble(self.idle_since):
                    self.trouble = (why, watchdog.SENTENCES[why])
                    self.tell()
                    watchdog.end_worker(why)
                doorbell.ring_all(self.engine)
                if self.steady() and time.monotonic() - swept > SWEEP_SECONDS:
                    swept = time.monotonic()
                    sweeper.sweep(self.engine, self.may_judge)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Whatever fails in here is said, and tried again in the next turn."""
        try:
            yield
        except SQLAlchemyError as error:
            self.steady_since = time.monotonic()
            log.warning("the database does not answer; waiting", error=type(error).__name__)
        except Exception:  # without a pulse this process would be taken for dead
            log.exception("the pulse failed; going on")

    def close(self) -> None:
        """End the pulse, the parser's child and the connection."""
        self.ending.set()
        self.parser.close()
        try:
            processes.stop(self.engine, self.process_id)
        except SQLAlchemyError as error:
            log.warning("could not say goodbye to the database", error=type(error).__name__)
        self.engine.dispose()


class NotStarted(RuntimeError):
    """A task runs in a process that was not set up as a pool process."""


_current: Process | None = None
kind_of_worker = "worker"
"""`worker` or `backfill`; set by the command before the pool forks."""
queues_of_worker: tuple[str, ...] = ()
"""The queues that this worker serves, told in `processes.queues`; set with it."""


def current() -> Process:
    """This pool process."""
    if _current is None:
        raise NotStarted("tasks run inside `onrecord worker` only")
    return _current


def start(kind: str) -> Process:
    """Set this process up; called in each pool process after the fork, so that nothing is shared with the parent."""
    global _current
    given = settings()
    engine = make_engine(
        given.database_url,
        spare=2,  # a long transaction of a task must keep neither the pulse nor the rounds
        application=f"onrecord {kind}",
        silence_seconds=given.seen_seconds,  # who is silent for so long has lost its claims, too
    )
    parser = BoundedParser(given.limits, given.parse_memory_bytes, given.parse_seconds)
    while True:
        try:
            process_id = processes.register(engine, kind, queues_of_worker)
            break
        except SQLAlchemyError as error:
            log.warning("the database does not answer; waiting", error=type(error).__name__)
            time.sleep(1)
    _current = Process(engine, parser, process_id, kind)
    for work in (_current.pulse, _current.rounds):
        threading.Thread(target=work, name=work.__name__, daemon=True).start()
    warm(_current)
    return _current


def warm(made: Process) -> None:
    """Load now what the first article would otherwise wait for; a drop that comes meanwhile waits a second at most."""
    language.warm()
    reader.warm()
    if made.kind == "worker":
        made.parser.warm()


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _started(**_: Any) -> None:
    configure_logs(settings())
    start(kind_of_worker)


@task_prerun.connect  # type: ignore[untyped-decorator]
def _begun(**_: Any) -> None:
    if _current is not None:
        _current.idle_since = None


@task_postrun.connect  # type: ignore[untyped-decorator]
def _ended(**_: Any) -> None:
    if _current is not None:
        _current.idle_since = time.monotonic()
        _current.finished.set()


@worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def _stopped(**_: Any) -> None:
    if _current is not None:
        _current.close()
