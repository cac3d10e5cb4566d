"""The watchdog notices a deaf worker: it is alive and connected to the broker, but no message reaches it, or it hangs.

Brokers and their clients have bugs, and networks drop connections without a notice. If a pool process has nothing to do
for a while, although the broker holds messages for its queues all the time, then its worker is deaf.
"""

import os
import signal
import time
from collections.abc import Sequence
from multiprocessing import get_context

import structlog
from sqlalchemy import Engine

from worker.reasons import Hindrance
from worker.store import ringing
from worker.store.db import schema
from worker.store.db.engine import single_statements
from worker.tasks import doorbell, reception

log = structlog.get_logger("onrecord.worker")

IDLE_SECONDS = 10.0
"""Ignore a process that ended a task less than so many seconds ago."""
DEAF_SECONDS = 30.0
"""Stop a worker that has been deaf for so many seconds, or whose first process has not ticked for so long.

With `IDLE_SECONDS` and `STEPS`, such a worker has ended within a minute. A worker needs far less time to notice that
the broker is back (`LONGEST_PAUSE` of `worker.tasks.consumer`).
"""
STEPS = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0), (signal.SIGQUIT, 0.0))
"""Try these signals in turn to end the worker, and wait so many seconds after each.

The last signal is for containers: a SIGKILL by a child process does not reach the first process of a container. After
the first two signals the pool processes finish the tasks that they work on.
"""

SENTENCES = {
    Hindrance.DEAF: (
        "This worker hangs, or messages wait at the broker and none reaches this worker; it ends, to be started again."
    ),
    Hindrance.OTHER_SCHEMA: (
        "Another release has migrated the database; this worker ends, to be started again as that release."
    ),
}
"""Why a worker is ended, as its log and `status` show it."""

FORK = get_context("fork")
"""The way in which a worker starts its pool processes; since Python 3.14 this is not the default."""
ended = FORK.Value("b", 0)
"""True once a watchdog has ended this worker; made before the processes of the worker fork, so that they share it."""


class Watchdog:
    """One pool process's check whether messages reach its worker; called in every round."""

    def __init__(self, engine: Engine, queues: Sequence[str]) -> None:
        self._engine = engine
        self._queues = queues
        self._since: float | None = None
        self._looked = time.monotonic()
        self._worker = os.getppid()

    def trouble(self, idle_since: float | None) -> Hindrance | None:
        """Return why this worker must end; None if it need not end."""
        if os.getppid() != self._worker:
            return None  # the worker is gone; we must not end the new parent
        if schema.changed(self._engine):
            return Hindrance.OTHER_SCHEMA
        if not reception.has_begun():
            return None  # with many pool processes, or on a busy machine, a worker starts for minutes
        now, before = time.monotonic(), self._looked
        self._looked = now
        if now - before > IDLE_SECONDS:  # this process stood still, and the first process and messages may have, too
            self._since = None
            return None
        return Hindrance.DEAF if reception.silent_seconds() > DEAF_SECONDS or self.deaf(idle_since, now) else None

    def deaf(self, idle_since: float | None, now: float) -> bool:
        """True if messages wait but none reaches the worker; `idle_since` is None while a task runs here."""
        is_served = not reception.is_refused()  # a broker that is away is not the worker's fault
        if idle_since is None or now - idle_since < IDLE_SECONDS or not (is_served and self._messages_wait()):
            self._since = None
            return False
        self._since = max(self._since or now, idle_since)
        return now - self._since >= DEAF_SECONDS

    def _messages_wait(self) -> bool:
        with single_statements(self._engine) as connection:
            if not ringing.any_rung(connection, self._queues):  # asked first, because it costs least
                return False
        try:
            return doorbell.queued(self._queues) > 0
        except doorbell.AWAY:
            return False  # the broker is away, which is not the worker's fault


def end_worker(why: Hindrance) -> None:
    """End the worker that this pool process belongs to; whoever supervises it starts it again."""
    with ended.get_lock():
        if ended.value:
            return
        ended.value = 1
    log.error(SENTENCES[why])
    worker = os.getppid()
    for number, seconds in STEPS:
        os.kill(worker, number)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if os.getppid() != worker:
                return
            time.sleep(0.1)
