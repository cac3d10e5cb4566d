"""The check of HOME, the folder of the embedded servers: who owns it, and who may read it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from worker.cli.checks.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from worker.settings import Settings

ALLOWED_MODE = 0o710
"""At most these rights are allowed: all rights for the owner, and the right to pass through for the group.

If root starts the servers, they run as another user, whose group must pass through root's folders.
"""


def check_home(settings: "Settings") -> Iterator[Finding]:
    """Check that no other user may read HOME; yield nothing if no embedded server is used."""
    from worker.embedded.account import is_root
    from worker.embedded.elsewhere import abandoned, store_of
    from worker.embedded.home import find_home

    if settings.database_url and settings.broker_url:
        return
    home = find_home(settings.home)  # raises if HOME is missing or belongs to another user
    if not os.access(home, os.W_OK | os.X_OK):
        yield problem("home", f"{home} cannot be written in.", f"Run as its owner; see `namei -l {home}`.")
        return
    store = (store_of(home) if is_root() else None) or home  # raises if HOME is a copy
    faults = list(too_open({home, store, *private_places(home, store)}))
    yield from faults
    if not faults:
        yield ok("home", f"{home} is closed to other users.")
    for left, last_seen in abandoned():
        yield warning(
            "home", f"{left} holds the data of a HOME that is no longer at {last_seen}.",
            f"If you removed that HOME, remove the data too: `rm -r {left}`. If you moved it, run a command there.",
        )  # fmt: skip


def private_places(home: Path, store: Path) -> list[Path]:
    """Return the existing folders of HOME that must be closed to other users."""
    places = (home / "secrets", home / "logs", store / "postgres", store / "valkey", store / "sockets")
    return [place for place in places if place.exists()]


def too_open(places: set[Path]) -> Iterator[Finding]:
    """Yield a finding for each folder that other users may enter or read."""
    for place in sorted(places):
        mode = stat.S_IMODE(place.stat().st_mode)
        if mode & ~ALLOWED_MODE:
            message = f"Other users may enter {place} (mode {mode:04o})."
            yield problem("home", message, f"Close it: `chmod {mode & ALLOWED_MODE:o} {place}`.")
