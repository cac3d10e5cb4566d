"""Whether the broker serves a worker: its first process knows this, and tells its pool processes through shared memory.

The pool processes need to know it for two things. A worker that the broker refuses is not deaf. And messages that were
on their way when a connection broke are lost, so after an outage all waiting rows are rung for again.
"""

import multiprocessing
import time

_refused_at = multiprocessing.Value("d", 0.0)
_lost = multiprocessing.Value("b", 0)

RECENT = 15.0
"""Ignore an outage that ended more than so many seconds ago; while the broker is away it is tried more often."""


def refused() -> None:
    """Note that the broker is away, or refuses to serve this worker."""
    _refused_at.value = time.monotonic()


def hears() -> None:
    """Note that the broker has answered. If it was away before, messages may have been lost."""
    if _refused_at.value:
        _refused_at.value = 0.0
        _lost.value = 1


def is_refused() -> bool:
    """True while the broker is away or refuses to serve this worker."""
    return bool(_refused_at.value) and time.monotonic() - _refused_at.value < RECENT


def messages_lost() -> bool:
    """True if messages may have been lost; only the first pool process that asks is told so."""
    with _lost.get_lock():
        was_lost = bool(_lost.value)
        _lost.value = 0
        return was_lost
