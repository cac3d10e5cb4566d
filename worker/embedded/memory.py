"""How much memory the sessions of the embedded PostgreSQL may have: each of them, and all readers together."""

import contextlib
import os
from pathlib import Path

LIMITS_OF_CONTAINERS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
READERS_SHARE = 0.5
"""All sessions of readers together get at most this share of the memory."""
FEWEST_READERS = 5
"""At least so many sessions of readers at a time; on a small machine, each gets less memory."""
MOST_READERS = 20
"""At most so many sessions of readers at a time."""


def machine_memory() -> int:
    """Return the bytes of memory of this machine, or of this container if it has a limit."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for limit in LIMITS_OF_CONTAINERS:
        with contextlib.suppress(OSError, ValueError):  # no such file, or the word "max"
            memory = min(memory, int(limit.read_text()))
    return memory


def session_memory(wanted: int) -> int:
    """Return the bytes that one session may have: `wanted`, or less on a small machine."""
    return min(wanted, int(machine_memory() * READERS_SHARE / FEWEST_READERS))


def most_readers(wanted: int) -> int:
    """Return how many sessions of readers may be open at a time, so that together they keep within their share."""
    fitting = int(machine_memory() * READERS_SHARE / session_memory(wanted))
    return max(FEWEST_READERS, min(MOST_READERS, fitting))
