"""The check of free disk where we write: HOME, temporary folder, archive, and the database if it is on this machine."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from worker.cli.checks.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from worker.settings import Settings

FEW_FILES = 1_000
"""At least this many more files must fit on a disk."""


def check_disk(settings: "Settings") -> Iterator[Finding]:
    """Yield a finding for each disk that we write to."""
    from worker.cli.errors import nearest_home

    places = {Path(tempfile.gettempdir()): "where files are spooled (TMPDIR)"}
    if not (settings.database_url and settings.broker_url):
        home = settings.home.expanduser() if settings.home else nearest_home()
        if home is not None and home.is_dir():
            places |= {home: "HOME"}
    if settings.after == "archive" and settings.archive is not None:
        places |= {existing_folder(settings.archive.expanduser()): "the archive"}
    yield from check_places(places, settings.min_free_bytes)


def check_places(places: dict[Path, str], least_free: int) -> Iterator[Finding]:
    """Yield a finding for each disk. `places`: folders and their names; `least_free`: bytes, as for `check_place`."""
    disks: dict[int, list[Path]] = {}
    for place in places:
        disks.setdefault(place.stat().st_dev, []).append(place)
    for on_disk in disks.values():
        names = " and ".join(f"{place}, {places[place]}" for place in on_disk)
        yield check_place(on_disk[0], names, least_free)


def check_place(place: Path, names: str, least_free: int) -> Finding:
    """Check that there is room on a disk: free bytes, and files, since a disk holds only so many.

    Below `least_free` bytes intake pauses.
    """
    status = os.statvfs(place)
    free = status.f_bavail * status.f_frsize
    message = f"{size(free)} free at {names}."
    pause = f"below {size(least_free)} (ONRECORD_MIN_FREE_BYTES) intake pauses."
    if status.f_files and status.f_favail < FEW_FILES:
        return problem("disk", f"Only {status.f_favail:,} more files fit at {names}.", "Delete small files there.")
    if free < least_free:
        return problem("disk", message, f"Make room: {pause}")
    if free < 3 * least_free:
        return warning("disk", message, f"Make room soon: {pause}")
    return ok("disk", message)


def existing_folder(place: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(folder for folder in (place, *place.absolute().parents) if folder.exists())


def size(number: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{number / 1e6:,.0f} MB"
