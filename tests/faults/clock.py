"""A wall clock that a test moves, in one process. `clock=NAME` in the process's faults names a file with the seconds.

The machine's own clock is never changed. Only Python's functions for the wall clock (`time.time`, `datetime.now` and
similar ones) are replaced, before the product and its libraries are imported. Monotonic clocks stay as they are.
"""

import datetime
import os
import time
from pathlib import Path
from typing import Any

TRUE_DATETIME = datetime.datetime
true_time, true_time_ns = time.time, time.time_ns


class Kind(type):
    """The metaclass of `Moved`: every real `datetime` counts as an instance of `Moved`."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, TRUE_DATETIME)


def build_in(name: str) -> None:
    """Move the wall clock of this process by the seconds in the file; the test may change the file at any time."""
    file = Path(os.environ["FAULTS_FOLDER"]) / name

    def moved() -> int:
        try:
            return int(file.read_text() or 0)
        except FileNotFoundError:
            return 0

    class Moved(TRUE_DATETIME, metaclass=Kind):
        """`datetime.datetime` with a moved `now`. All objects that it makes are real `datetime` objects."""

        def __new__(cls, *arguments: Any, **named: Any) -> Any:
            return TRUE_DATETIME(*arguments, **named)

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return TRUE_DATETIME.fromtimestamp(time.time(), tz)

        @classmethod
        def utcnow(cls) -> Any:
            return TRUE_DATETIME.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)

    Moved.__name__ = Moved.__qualname__ = "datetime"
    Moved.__module__ = "datetime"
    time.time = lambda: true_time() + moved()
    time.time_ns = lambda: true_time_ns() + moved() * 1_000_000_000
    datetime.datetime = Moved  # type: ignore[misc]
