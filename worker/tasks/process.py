"""One pool process of a worker: its connection, its parser, its row in `processes`, its heartbeat and its rounds.

The heartbeat is a thread: every two seconds it writes into the process's row that the process is alive. The rounds are
another thread: every two seconds it rings for waiting rows, and every five seconds or less often it sweeps. So work
goes on even if the broker, beat or the other workers fail.
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
from worker.logs import configure_logs
from worker.reasons import Hindrance
from worker.settings import settings
from worker.store import ledger, processes, sweeping
from worker.store.db.conflicts import in_words
from worker.store.db.engine import light_transaction, make_engine
from worker.store.queues import ARTICLES, INTAKE, QUEUES, Queue
from worker.tasks import doorbell, reception, sweeper, teller, watchdog

log = structlog.get_logger("onrecord.worker")

ROUND_SECONDS = 2.0
"""Wait so many seconds between two rounds."""
SWEEP_SECONDS = 5.0
"""Wait at least so many seconds between two sweeps by one process."""
GAP = 0.75
"""If our own last heartbeat is older than this share of `seen_seconds`, declare no process dead for a while.

A process counts as dead when it has not been seen for `seen_seconds`."""


@dataclass
class Process:
    """One pool process: everything its tasks need."""

    engine: Engine
    """That of its tasks."""
    beside: Engine
    """That of its threads: the heartbeat and the rounds."""
    parser: BoundedParser
    id: int
    kind: str
    finished: threading.Event = field(default_factory=threading.Event)
    ending: threading.Event = field(default_factory=threading.Event)
    steady_since: float = field(default_factory=time.monotonic)
    idle_since: float | None = field(default_factory=time.monotonic)
    """The moment, by the monotonic clock, since which no task runs here; None while a task runs."""
    owed: list[tuple[Queue, int]] = field(default_factory=list)
    """The claims of tasks that stopped waiting for the database; the first heartbeat that is stored gives them back."""
    helped: tuple[bool, float] = (False, 0.0)
    """Whether other workers only process articles, and until when that is not asked again (by the monotonic clock)."""
    trouble: tuple[Hindrance, str] | None = None
    """Why the process cannot work: a code for health checks, and a sentence for people.

    Both are set in one assignment, since the heartbeat's thread reads them.
    """

    def steady(self) -> bool:
        """True if the last outage of the database ended so long ago that every living process has been seen since."""
        return time.monotonic() - self.steady_since > settings().seen_seconds

    def may_judge(self, connection: Connection) -> bool:
        """True if an unseen process may be declared dead.

        False after a database stall, when our own heartbeat was late too.
        """
        return self.steady() and processes.unseen(connection, self.id) < GAP * settings().seen_seconds

    def heartbeat(self) -> None:
        """Until the process ends, write every two seconds that it is alive; go on after an outage of the database."""
        while not self.ending.wait(processes.HEARTBEAT_SECONDS):
            with self.going_on():
                self.store_heartbeat()

    def store_heartbeat(self) -> None:
        """Store that the process lives, and its trouble; then give back the claims in `owed`."""
        finished = self.finished.is_set()
        self.finished.clear()
        trouble, detail = self.trouble or (None, None)
        unseen = processes.heartbeat(self.beside, self.id, finished=finished, trouble=trouble, detail=detail)
        if unseen > GAP * settings().seen_seconds:
            # The database, this machine or this process stood still. Other processes may have stood still, too, so
            # give them time to write a heartbeat.
            self.steady_since = time.monotonic()
        self.give_back()

    def give_back(self) -> None:
        """Give back, without a strike, the claims of tasks that stopped waiting for the database."""
        while self.owed:
            queue, row_id = self.owed[0]
            with light_transaction(self.beside) as connection:
                ledger.give_back(connection, queue, row_id, self.id)
            self.owed.pop(0)

    def rounds(self) -> None:
        """Ring for waiting rows, tell changes, sweep, and check whether messages arrive, until the process ends.

        This is a thread of its own, since a hanging broker blocks it; the heartbeat goes on meanwhile.
        """
        swept = 0.0
        watching = watchdog.Watchdog(self.beside, queues_of_worker)
        while not self.ending.wait(ROUND_SECONDS):
            with self.going_on():
                if why := watching.trouble(self.idle_since):
                    self.trouble = (why, watchdog.SENTENCES[why])
                    try:
                        self.store_heartbeat()
                    finally:  # another release may have changed the table that the heartbeat is written to
                        watchdog.end_worker(why)
                if reception.messages_lost():
                    self.ring_again()
                if doorbell.ring_all(self.beside):
                    teller.tell(self.beside)
                if self.steady() and time.monotonic() - swept > SWEEP_SECONDS:
                    swept = time.monotonic()
                    sweeper.sweep(self.beside, self.may_judge)

    def goes_on_itself(self) -> bool:
        """True if this process works on the only article of a file it has read, and sends no message for it.

        Not so while another worker serves articles but reads no files: that one gets its work by messages only. The
        database is asked for it in a task, and not more often than a round comes.
        """
        if ARTICLES.name not in queues_of_worker:
            return False
        now = time.monotonic()
        if now > self.helped[1]:
            any_helps = processes.any_serves(self.engine, ARTICLES.name, but_not=INTAKE.name)
            self.helped = (any_helps, now + ROUND_SECONDS)
        return not self.helped[0]

    def ring_again(self) -> None:
        """Let every waiting row of this worker be rung for again, as messages may have been lost with a connection."""
        with light_transaction(self.beside) as connection:
            for name in queues_of_worker:
                sweeping.ring_again(connection, QUEUES[name], all_of_them=True)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Log any failure inside this context; the next turn of the loop tries the work again."""
        try:
            yield
        except SQLAlchemyError as error:
            self.steady_since = time.monotonic()
            log.warning("the database does not answer; waiting", error=in_words(error))
        except Exception:  # without a heartbeat this process would be declared dead
            log.exception("the heartbeat failed; going on")

    def close(self) -> None:
        """End the heartbeat, the parser's child and the connection; tell what changed, so that nobody waits for it."""
        self.ending.set()
        self.parser.close()
        try:
            teller.tell(self.engine)
            processes.stop(self.engine, self.id)
        except SQLAlchemyError as error:
            log.warning("could not say goodbye to the database", error=type(error).__name__)
        self.engine.dispose()
        self.beside.dispose()


class NotStarted(RuntimeError):
    """A task runs in a process that was not set up as a pool process."""


_current: Process | None = None
kind_of_worker = "worker"
"""`worker` or `backfill`; set by the command before the pool forks."""
queues_of_worker: tuple[str, ...] = ()
"""The queues that this worker serves, stored in `processes.queues`; set together with `kind_of_worker`."""


def current() -> Process:
    """Return this pool process."""
    if _current is None:
        raise NotStarted("tasks run inside `onrecord worker` only")
    return _current


def start(kind: str) -> Process:
    """Set this process up.

    This is called in each pool process after the fork, so that the process shares nothing with its parent.
    """
    global _current
    config = settings()
    engine, beside = engine_of(kind), engine_of(kind, spare=1)
    parser = BoundedParser(config.limits, config.parse_memory_bytes, config.parse_seconds)
    while True:
        try:
            process_id = processes.register(beside, kind, queues_of_worker)
            break
        except SQLAlchemyError as error:
            log.warning("the database does not answer; waiting", error=in_words(error))
            time.sleep(1)
    _current = Process(engine, beside, parser, process_id, kind)
    for loop in (_current.heartbeat, _current.rounds):
        threading.Thread(target=loop, name=loop.__name__, daemon=True).start()
    warm(_current)
    return _current


def engine_of(kind: str, spare: int = 0) -> Engine:
    """Return an engine with one connection, and `spare` more at a time, for the tasks or for the threads.

    The heartbeat and the rounds must not wait for a long transaction of a task. And with one engine for all three, a
    connection would be closed whenever two of them had met: often that of the tasks, which knows all their plans.
    """
    config = settings()
    return make_engine(
        config.database_url,
        spare=spare,
        application=f"onrecord {kind}",
        repeats=True,
        borrows=not config.prepare,
        silence_seconds=config.seen_seconds,  # a process that is silent for so long has lost its claims
    )


def warm(process: Process) -> None:
    """Start the parser's child, so that the first article need not wait for it.

    A backfill worker starts it with the first article that is parsed again: mostly there is none.
    """
    if process.kind == "worker":
        process.parser.warm()


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
