"""The watchdog notices a deaf worker: it is alive and connected to the broker, but no message reaches it.

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
from worker.store import ledger
from worker.store.db import schema
from worker.store.db.engine import light_transaction
from worker.tasks import doorbell

log = structlog.get_logger("onrecord.worker")

IDLE_SECONDS = 10.0
"""Ignore a process that ended a task less than so many seconds ago."""
DEAF_SECONDS = 60.0
"""Stop a worker that has been deaf for so many seconds.

A worker needs far less time to notice that the broker is back (`LONGEST_PAUSE` of `worker.tasks.consumer`).
"""
STEPS = ((signal.SIGTERM, 30.0), (signal.SIGKILL, 5.0), (signal.SIGQUIT, 0.0))
"""Try these signals in turn to end the worker, and wait so many seconds after each.

The last signal is for containers: a SIGKILL by a child process does not reach the first process of a container. After
the first two signals the pool processes finish the tasks that they work on.
"""

SENTENCES = {
    Hindrance.DEAF: "Messages wait at the broker, and none reaches this worker; it ends, to be started again.",
    Hindrance.OTHER_SCHEMA: (
        "Another release has migrated the database; this worker ends, to be started again as that release."
    ),
}
"""Why a worker is ended, as its log and `status` show it."""

FORK = get_context("fork")
"""The way in which a worker starts its pool processes; since Python 3.14 this is not the default."""
ended = FORK.Value("b", 0)
"""True once a watchdog has ended this worker; made before the processes of the worker fork, so that they share it."""
heard_at = FORK.Value("d", 0.0, lock=False)
"""When a message last reached any process of this worker's pool, by the monotonic clock; first, when it began to listen.

It is 0 while the worker starts its pool processes: with many of them, or on a busy machine, this takes minutes.
"""


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
        return Hindrance.DEAF if heard_at.value and self.deaf(idle_since) else None

    def deaf(self, idle_since: float | None) -> bool:
        """True if messages wait but none reaches the worker; `idle_since` is None while a task runs here."""
        now, before = time.monotonic(), self._looked
        self._looked = now
        stood_still = now - before > IDLE_SECONDS  # this process stood still, and messages may have, too
        if stood_still or idle_since is None or now - idle_since < IDLE_SECONDS or not self._messages_wait():
            self._since = None
            return False
        self._since = max(self._since or now, idle_since, heard_at.value)
        return now - self._since >= DEAF_SECONDS

    def _messages_wait(self) -> bool:
        with light_transaction(self._engine) as connection:
            if not ledger.any_rung(connection, self._queues):  # asked first, because it costs least
                return False
        try:
            return doorbell.queued(self._queues) > 0
        except doorbell.AWAY:
            return False  # the broker is away, which is not the worker's fault


def hears() -> None:
    """Note that a message has reached this worker, or that it begins to listen."""
    heard_at.value = time.monotonic()


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
