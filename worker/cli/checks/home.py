"""The HOME of the embedded servers: who owns it, and who may look into it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from worker.cli.checks.finding import Finding, ok, problem

if TYPE_CHECKING:
    from worker.settings import Settings

# Root lets the servers' group pass through (0710); nobody else has any business there.
ALLOWED = 0o710


def check_home(given: "Settings") -> Iterator[Finding]:
    """Whether HOME is ours alone; nothing where no embedded server is used."""
    from worker.embedded.home import find_home
    from worker.embedded.layout import POINTER

    if given.database_url and given.broker_url:
        return
    home = find_home(given.home)  # raises what is wrong with it: missing, another user's
    if not os.access(home, os.W_OK | os.X_OK):
        yield problem("home", f"{home} cannot be written in.", f"Run as its owner; see `namei -l {home}`.")
        return
    pointer = home / POINTER
    store = Path(pointer.read_text().strip()) if pointer.exists() else home
    open_ones = list(too_open({home, store, *private(home, store)}))
    yield from open_ones
    if not open_ones:
        yield ok("home", f"{home} is closed to other users.")


def private(home: Path, store: Path) -> list[Path]:
    """What nobody but its owner may read."""
    places = (home / "secrets", home / "logs", store / "postgres", store / "valkey", store / "sockets")
    return [place for place in places if place.exists()]


def too_open(places: set[Path]) -> Iterator[Finding]:
    """The places that others may enter or read."""
    for place in sorted(places):
        mode = stat.S_IMODE(place.stat().st_mode)
        if mode & ~ALLOWED:
            said = f"Other users may enter {place} (mode {mode:04o})."
            yield problem("home", said, f"Close it: `chmod {mode & ALLOWED:o} {place}`.")
