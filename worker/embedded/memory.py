"""How much memory the sessions of the embedded PostgreSQL may have: each of them, and all readers together."""

from worker.machine import memory

READERS_SHARE = 0.5
"""All sessions of readers together get at most this share of the memory."""
FEWEST_READERS = 5
"""At least so many sessions of readers at a time; on a small machine, each gets less memory."""
MOST_READERS = 20
"""At most so many sessions of readers at a time."""


def session_memory(wanted: int) -> int:
    """Return the bytes that one session may have: `wanted`, or less on a small machine."""
    return min(wanted, int(memory() * READERS_SHARE / FEWEST_READERS))


def most_readers(wanted: int) -> int:
    """Return how many sessions of readers may be open at a time, so that together they keep within their share."""
    fitting = int(memory() * READERS_SHARE / session_memory(wanted))
    return max(FEWEST_READERS, min(MOST_READERS, fitting))
