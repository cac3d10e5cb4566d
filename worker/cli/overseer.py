"""`up` kills a worker that neither works nor ends, so that it is started again."""

import os
import socket
import time
from collections.abc import Sequence

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from worker.cli.children import SupervisedProcess
from worker.cli.liveness import SILENT, STARTING
from worker.settings import settings
from worker.store.db.engine import single_statements

log = structlog.get_logger("onrecord.up")

LOOK_SECONDS = 5.0
"""Wait so many seconds between two looks at the heartbeats."""

ALIVE = text(
    """
    SELECT pid FROM processes
    WHERE host = :host AND stopped_at IS NULL
      AND last_seen > clock_timestamp() - make_interval(secs => :seen_seconds)
    """
)


class Overseer:
    """Knows for each worker of `up` when a heartbeat of one of its pool processes was seen last.

    A worker is judged only while another process has a heartbeat. If none has, most likely the database takes no
    writes, and a new start would not help.
    """

    def __init__(self, engine: Engine, workers: Sequence[SupervisedProcess]) -> None:
        self._engine = engine
        self._workers = workers
        self._seen: dict[int, float] = {}
        """By process id: the moment, by the monotonic clock, at which its heartbeat was seen last."""
        self._has_lived: set[int] = set()
        self._looked = time.monotonic()

    def look(self) -> None:
        """Kill each worker that has been silent for too long; `SupervisedProcess.look_after` starts it again."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        stood_still = now - self._looked > 3 * LOOK_SECONDS  # this machine may have slept, and the processes too
        self._looked = now
        alive = self.alive()
        if stood_still or not alive:
            self._seen.clear()
            return
        for worker in self._workers:
            if worker.process is None or worker.process.poll() is not None:
                continue
            pid = worker.process.pid
            if pid in alive:
                self._has_lived.add(pid)
                self._seen[pid] = now
            limit = SILENT if pid in self._has_lived else STARTING
            if now - self._seen.setdefault(pid, now) > limit:
                log.error("a worker neither works nor ends; it is killed and started again", process=worker.name)
                worker.kill()
                self._seen[pid] = now  # if it cannot be killed now, it is tried again, but not at once

    def alive(self) -> set[int]:
        """Return the process groups that have a living process; no group if the database does not answer."""
        values = {"host": socket.gethostname(), "seen_seconds": settings().seen_seconds}
        try:
            with single_statements(self._engine) as connection:
                pids = connection.execute(ALIVE, values).scalars().all()
        except SQLAlchemyError:
            return set()
        groups = set()
        for pid in pids:
            try:
                groups.add(os.getpgid(pid))
            except ProcessLookupError:
                continue
        return groups
