"""Whether the broker serves a worker: its first process knows this, and tells its pool processes by shared memory.

The pool processes need to know it for three things. A worker whose first process does not even tick hangs. A worker
that the broker refuses is not deaf. And messages that were on their way when a connection broke are lost, so after an
outage all waiting rows are rung for again.
"""

import time
from multiprocessing.sharedctypes import RawValue

# Shared by the processes of a worker, since they are made before it forks. Moments are those of the monotonic clock.
_refused_at = RawValue("d", 0.0)
_lost = RawValue("b", 0)
_ticked_at = RawValue("d", 0.0)

TICK_SECONDS = 1.0
"""Wait so many seconds between two ticks of a worker's first process."""

RECENT = 15.0
"""Ignore an outage that ended more than so many seconds ago; while the broker is away it is tried more often."""


def tick() -> None:
    """Note that the first process is not hanging."""
    _ticked_at.value = time.monotonic()


def stops() -> None:
    """Note that the first process has been told to stop, and ticks no more."""
    _ticked_at.value = 0.0


def has_begun() -> bool:
    """True once the first process takes messages, or tries to; before that it starts the pool processes."""
    return bool(_ticked_at.value)


def silent_seconds() -> float:
    """Return how long the first process has not ticked; 0 before its first tick, and when it stops."""
    ticked_at = _ticked_at.value
    return time.monotonic() - float(ticked_at) if ticked_at else 0.0


def refused() -> None:
    """Note that the broker is away, or refuses to serve this worker."""
    _refused_at.value = time.monotonic()
    tick()


def hears() -> None:
    """Note that the broker has answered. If it was away before, messages may have been lost."""
    if _refused_at.value:
        _refused_at.value = 0.0
        _lost.value = 1


def is_refused() -> bool:
    """True while the broker is away or refuses to serve this worker."""
    return bool(_refused_at.value) and time.monotonic() - _refused_at.value < RECENT


def messages_lost() -> bool:
    """True if messages may have been lost. The first pool process that asks is told so; a second would do no harm."""
    was_lost = bool(_lost.value)
    _lost.value = 0
    return was_lost
