"""How many connections PostgreSQL must allow, which follows from the number of pool processes."""

import re

ALL_TAKEN = re.compile("too many clients|too many connections|remaining connection slots")
"""PostgreSQL's messages when it takes no further connection."""

A_PROCESS = 3
"""Allow so many connections for each pool process: its task, its heartbeat and its rounds may need one at once."""
OTHERS = 50
"""Allow so many more connections of ours: for the watcher, beat, `up` and commands."""
COMMANDS = 20
"""At most so many of our connections are those of commands that only read; they do not log in as the owner."""
READERS = 40
"""Allow so many connections of people who ask in SQL: 20 sessions, and 20 that have not logged in yet."""


def ours(processes: int) -> int:
    """Return how many connections we need for this many pool processes; one more process reads articles again."""
    return A_PROCESS * (processes + 1) + OTHERS


def allowed(processes: int) -> int:
    """Return how many connections the embedded server allows."""
    return ours(processes) + READERS


def reserved(processes: int) -> int:
    """Return how many of these connections only the owner can take; the owner is a superuser there."""
    return ours(processes) - COMMANDS
