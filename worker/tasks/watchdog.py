"""Noticing a worker whose consumer is dead: it is connected to the database and alive, but no message reaches it.

Brokers and their clients have bugs, and networks drop connections without a word. A pool process that has had nothing
to do for a while, though the broker holds messages for its queues all the time, knows that its worker hears nothing.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Sequence

import structlog
from sqlalchemy import Engine

from worker.reasons import Hindrance
from worker.store import ledger
from worker.store.db import schema
from worker.store.db.engine import light_transaction
from worker.tasks import doorbell

log = structlog.get_logger("onrecord.worker")

IDLE_SECONDS = 10.0
"""A process that did something more lately needs no watching."""
DEAF_SECONDS = 60.0
"""Well above what a worker takes to see that the broker is back (`worker.tasks.consumer`)."""
STEPS = ((signal.SIGTERM, 30.0), (signal.SIGKILL, 5.0), (signal.SIGQUIT, 0.0))
"""How the worker is ended, and the seconds between. The last is for containers, whose first process no SIGKILL of its
children reaches; the pool processes that are at work finish what they do in the first two cases."""

SENTENCES = {
    Hindrance.DEAF: "Messages wait at the broker, and none reaches this worker; it ends, to be started again.",
    Hindrance.OTHER_SCHEMA: (
        "Another release has migrated the database; this worker ends, to be started again as that release."
    ),
}
"""Why a worker is ended, as its log and `status` say it."""

ended = multiprocessing.Value("b", 0)
"""Whether a watchdog has ended this worker; shared by its processes, as it is made before they fork."""


class Watchdog:
    """What one pool process has seen of its queues; asked with every round."""

    def __init__(self, engine: Engine, queues: Sequence[str]) -> None:
        self._engine = engine
        self._queues = queues
        self._since: float | None = None
        self._looked = time.monotonic()
        self._worker = os.getppid()

    def trouble(self, idle_since: float | None) -> Hindrance | None:
        """Why this worker must end, if it must."""
        if os.getppid() != self._worker:
            return None  # it is gone; whose child this process is now is none of ours
        if schema.changed(self._engine):
            return Hindrance.OTHER_SCHEMA
        return Hindrance.DEAF if self.deaf(idle_since) else None

    def deaf(self, idle_since: float | None) -> bool:
        """Whether the worker hears nothing; `idle_since` is None while this process is at work."""
        now, before = time.monotonic(), self._looked
        self._looked = now
        stood_still = now - before > IDLE_SECONDS  # and so may have the messages
        if stood_still or idle_since is None or now - idle_since < IDLE_SECONDS or not self._messages_wait():
            self._since = None
            return False
        self._since = max(self._since or now, idle_since)
        return now - self._since >= DEAF_SECONDS

    def _messages_wait(self) -> bool:
        with light_transaction(self._engine) as connection:
            if not ledger.any_rung(connection, self._queues):  # asked first, since it costs nothing
                return False
        try:
            return doorbell.queued(self._queues) > 0
        except doorbell.AWAY:
            return False  # the broker is away: that is no fault of the worker's


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
