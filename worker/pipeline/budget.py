"""The bound on one document: all its stages together may take so many seconds of CPU time (`document_seconds`).

Two things keep it. While a text is only read, named and hashed, timers of the system interrupt that work, wherever it
is: no stage has to look at a clock. While rows are written, nothing may be interrupted. There the work calls `check`
between its steps, and each step is bounded by itself. Code that does not return to Python is ended by the hard limit of
the task (`task_seconds`).
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from worker.reasons import Reason, Refused
from worker.settings import settings

Result = TypeVar("Result")

WALL_SHARE = 0.75
"""Stop the work at this share of the task's hard limit, even if a busy machine has given it little CPU time."""
AGAIN_SECONDS = 1.0
"""Interrupt again after so many seconds if the interruption was lost, for example in a destructor."""


class Budget:
    """The time that is left for one document; it is counted from the moment when the budget is made."""

    def __init__(self) -> None:
        self._cpu_end = time.process_time() + settings().document_seconds
        self._wall_end = time.monotonic() + WALL_SHARE * settings().task_seconds

    def check(self) -> None:
        """Raise `Refused(too_slow)` if no time is left."""
        if self._cpu_left() <= 0 or self._wall_left() <= 0:
            raise self._refusal()

    def waiting(self, work: Callable[[], Result]) -> Result:
        """Return the result of work that another process does; the time that it takes counts like CPU time here."""
        started = time.monotonic()
        try:
            return work()
        finally:
            self._cpu_end -= time.monotonic() - started

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Interrupt the work inside this context with `Refused(too_slow)` once no time is left.

        The work must be pure: it may be interrupted between any two of its instructions. Outside of the main thread,
        which alone gets signals, the time is checked only at the end.
        """
        self.check()
        if threading.current_thread() is not threading.main_thread():
            yield
            self.check()
            return
        handlers = {number: signal.signal(number, self._interrupt) for number in (signal.SIGPROF, signal.SIGALRM)}
        try:
            try:
                signal.setitimer(signal.ITIMER_PROF, max(self._cpu_left(), 0.001), AGAIN_SECONDS)
                signal.setitimer(signal.ITIMER_REAL, max(self._wall_left(), 0.001), AGAIN_SECONDS)
                yield
            finally:
                _stop_timers()
        finally:
            _stop_timers()  # a signal may have interrupted the line above
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        raise self._refusal()

    def _cpu_left(self) -> float:
        return self._cpu_end - time.process_time()

    def _wall_left(self) -> float:
        return self._wall_end - time.monotonic()

    def _refusal(self) -> Refused:
        if self._cpu_left() > 0 >= self._wall_left():
            seconds, setting = WALL_SHARE * settings().task_seconds, "ONRECORD_TASK_SECONDS"
            return Refused(
                Reason.TOO_SLOW,
                f"It was not read within {seconds:g} s: the machine was busy. Retry it, or raise {setting}.",
            )
        return Refused(
            Reason.TOO_SLOW,
            f"Reading it takes more than {settings().document_seconds:g} s of CPU time. If it is one article, split it "
            "or raise ONRECORD_DOCUMENT_SECONDS, then retry it.",
        )


def _stop_timers() -> None:
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
