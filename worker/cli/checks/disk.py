"""Free disk wherever we write: HOME, the temporary folder, the archive, the database if it is on this machine."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from worker.cli.checks.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from worker.settings import Settings

FEW_FILES = 1_000


def check_disk(given: "Settings") -> Iterator[Finding]:
    """A line a disk that we write to."""
    from worker.cli.errors import nearest_home

    places = {Path(tempfile.gettempdir()): "where files are spooled (TMPDIR)"}
    if not (given.database_url and given.broker_url):
        home = given.home.expanduser() if given.home else nearest_home()
        if home is not None and home.is_dir():
            places |= {home: "HOME"}
    if given.after == "archive" and given.archive is not None:
        places |= {there(given.archive.expanduser()): "the archive"}
    yield from check_places(places, given.min_free_bytes)


def check_places(places: dict[Path, str], least: int) -> Iterator[Finding]:
    """The places, those on one disk together."""
    disks: dict[int, list[Path]] = {}
    for place in places:
        disks.setdefault(place.stat().st_dev, []).append(place)
    for together in disks.values():
        named = " and ".join(f"{place}, {places[place]}" for place in together)
        yield check_place(together[0], named, least)


def check_place(place: Path, named: str, least: int) -> Finding:
    """Whether there is room at a place: bytes, and files, of which a disk has only so many."""
    status = os.statvfs(place)
    free = status.f_bavail * status.f_frsize
    said = f"{size(free)} free at {named}."
    if status.f_files and status.f_favail < FEW_FILES:
        return problem("disk", f"Only {status.f_favail:,} more files fit at {named}.", "Delete small files there.")
    if free < least:
        return problem("disk", said, f"Make room: below {size(least)} (ONRECORD_MIN_FREE_BYTES) intake pauses.")
    if free < 3 * least:
        return warning("disk", said, f"Make room soon: below {size(least)} (ONRECORD_MIN_FREE_BYTES) intake pauses.")
    return ok("disk", said)


def there(place: Path) -> Path:
    """The place, or the nearest folder above it that is there."""
    return next(folder for folder in (place, *place.absolute().parents) if folder.exists())


def size(number: int) -> str:
    """Bytes as people read them."""
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{number / 1e6:,.0f} MB"
