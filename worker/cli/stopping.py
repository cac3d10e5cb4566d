"""How `onrecord up` ends: after Ctrl-C or SIGTERM, whatever it does at that moment."""

import logging
import signal
import time
from types import FrameType

LOOK_SECONDS = 0.2
"""Wait this many seconds before looking again for files that have ended."""


class Stopped(Exception):
    """Raised after Ctrl-C or SIGTERM."""


is_stopping = False
"""True after Ctrl-C or SIGTERM.

The exception `Stopped` is not enough: Python drops an exception of a signal handler that comes during some clean-ups.
"""


def hear() -> None:
    """From now on, raise `Stopped` at Ctrl-C or SIGTERM."""
    logging.getLogger("sqlalchemy.pool.impl.QueuePool").addFilter(is_not_stopping)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)


def _stop(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):  # a second signal must not interrupt the clean-up that follows
        signal.signal(number, signal.SIG_IGN)
    global is_stopping
    is_stopping = True
    raise Stopped


def is_not_stopping(_record: logging.LogRecord) -> bool:
    """False after Ctrl-C or SIGTERM.

    If the signal comes while SQLAlchemy puts a connection back, SQLAlchemy logs a traceback: that of `Stopped`, or that
    of the driver whose statement `Stopped` has cut short.
    """
    return not is_stopping


def wait_a_little(seconds: float = LOOK_SECONDS) -> None:
    """Wait until the next look. Raise `Stopped` after Ctrl-C or SIGTERM."""
    time.sleep(seconds)
    if is_stopping:
        raise Stopped
