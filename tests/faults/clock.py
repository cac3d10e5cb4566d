"""A wall clock that a test moves, in one process: `clock=NAME` among its faults, the seconds in a file of that name.

The machine's own clock is never touched. What is moved is Python's view of it (`time.time`, `datetime.now` and their
kin), before anything of the product or of its libraries is imported; clocks that only count on stay as they are.
"""

import datetime
import os
import time
from pathlib import Path
from typing import Any

TRUE_DATETIME = datetime.datetime
true_time, true_time_ns = time.time, time.time_ns


class Kind(type):
    """What is a true moment is one of ours, too."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, TRUE_DATETIME)


def build_in(name: str) -> None:
    """Let this process believe what the file says."""
    file = Path(os.environ["FAULTS_FOLDER"]) / name

    def moved() -> int:
        try:
            return int(file.read_text() or 0)
        except FileNotFoundError:
            return 0

    class Moved(TRUE_DATETIME, metaclass=Kind):
        """`datetime.datetime`, but for what it says of now; all that it makes are plain moments."""

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
