"""The check of free disk in every place where Onrecord writes: HOME, the temporary folder and the archive.

The check of the database uses `check_place` for the disk of a server on this machine.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from worker.cli.checks.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from worker.settings import Settings

FEW_FILES = 1_000
"""At least this many more files must fit on a disk; the number of files on a disk is limited too."""


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
    """Yield a finding for each disk. `places`: folders and what they are for; `least_free`: as in `check_place`."""
    disks: dict[int, list[Path]] = {}
    for place in places:
        disks.setdefault(place.stat().st_dev, []).append(place)
    for on_disk in disks.values():
        names = " and ".join(f"{place}, {places[place]}" for place in on_disk)
        yield check_place(on_disk[0], names, least_free)


def check_place(place: Path, names: str, least_free: int) -> Finding:
    """Check that a disk has room for more bytes and for more files.

    `least_free`: intake pauses if fewer bytes than this are free.
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
    """Return the folder if it exists, otherwise the nearest existing folder above it."""
    return next(folder for folder in (place, *place.absolute().parents) if folder.exists())


def size(number: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{number / 1e6:,.0f} MB"
