"""The backfill worker of `up`: it runs while articles wait to be read again. That is seldom, and it takes 120 MB."""

import time

from sqlalchemy import Engine

from worker.cli.children import SupervisedProcess
from worker.store import reprocessing
from worker.store.db.engine import single_statements

LOOK_SECONDS = 2.0
"""Wait so many seconds between two looks whether articles wait."""
FIRST_SECONDS = 5.0
"""Look for the first time after so many seconds, so that the processes that new articles need start first."""
REST_SECONDS = 60.0
"""End the worker when no article has waited for so many seconds."""


class ReadingAgain:
    """Starts the backfill worker when the first article waits to be read again, and ends it some time after the last.

    While it runs, it is started again when it has died. Whatever it was working on then waits in PostgreSQL.
    """

    def __init__(self, engine: Engine, worker: SupervisedProcess) -> None:
        self._engine = engine
        self._worker = worker
        self._needed_at = time.monotonic()
        self._look_at = self._needed_at + FIRST_SECONDS

    def look(self) -> None:
        """Start or end the worker if it is time. Raises SQLAlchemy's errors."""
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + LOOK_SECONDS
        with single_statements(self._engine) as connection:
            is_needed = reprocessing.any_open(connection)
        if is_needed:
            self._needed_at = now
        if self._worker.resting_since is not None or self._is_idle(now):
            self._worker.rest()  # one that is about to end takes no article, so it is not kept even if one waits now
        elif is_needed:
            self._worker.look_after()

    def _is_idle(self, now: float) -> bool:
        return self._worker.process is not None and now - self._needed_at > REST_SECONDS
