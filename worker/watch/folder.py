"""One watched folder: the files that are not yet at rest, the sightings for the ledger, and the time of its next scan.

A sighting is a file as the watcher saw it: its path, its stat, and the reason if the file is to be ignored.
"""

import os
import stat
from collections.abc import Callable

import structlog

from worker.reasons import Reason
from worker.store.sightings import Sighting, Stat, shown
from worker.watch import patterns
from worker.watch.inbox import Inbox
from worker.watch.patterns import Patterns
from worker.watch.rest import RestTracker, Sign
from worker.watch.walk import stat_below

log = structlog.get_logger("onrecord.watch")

MOST_READY = 10_000
"""Keep at most so many sightings while the database is away. Drop the others; the next scan finds their files."""
MOST_LINES = 10
"""Tell of at most so many folders that cannot be listed."""
SCAN_SHARE = 20
"""Wait this many times the duration of a scan before the next scan. So scans take at most 1/20 of the time."""
SOON = 0.5
"""Wait so many seconds before a scan that was asked for (lost events, a full queue)."""


class Folder:
    """One inbox as the file system shows it. This class does not use the database."""

    def __init__(self, inbox: Inbox, names: Patterns, *, settle: float, archive: bytes | None = None) -> None:
        self.inbox = inbox
        self.root = inbox.root
        self.tracker = RestTracker(settle)
        self.ready: dict[bytes, Sighting] = {}
        self.identity: tuple[int, int] | None = None  # device and inode of the folder; None: the folder is away
        self.is_away = False  # true if the last look found no folder, and the user was told so
        self.has_returned = False  # true if the folder appeared, and the ledger does not know that yet
        self._was_mounted = False
        self.unreadable: dict[bytes, str] = {}  # folders that the last scan could not list, each with the error
        self.skipped = frozenset({path} if archive and (path := self.relative(archive)) else ())
        self._names = names
        self._wants_scan = True
        self._scan_ended: float | None = None
        self._scan_cost = 0.0

    # names

    def relative(self, path: bytes) -> bytes | None:
        """Return an absolute path as a path relative to the folder: empty for the folder itself, None outside it."""
        if path == self.root:
            return b""
        prefix = self.root.rstrip(b"/") + b"/"
        return path.removeprefix(prefix) if path.startswith(prefix) else None

    def takes(self, path: bytes) -> bool:
        """True if a scan would see this path: the name is not private to Onrecord, and scans enter all its folders."""
        *folders, name = path.split(b"/")
        if patterns.private(name):
            return False
        outer = b""
        for folder in folders:
            if outer + folder in self.skipped or not patterns.enters(folder, self._beside(outer)):
                return False
            outer += folder + b"/"
        return True

    def _beside(self, outer: bytes) -> Callable[[bytes], bool]:
        return lambda name: os.path.lexists(os.path.join(self.root, outer + name))

    # sightings

    def judge(self, path: bytes, result: os.stat_result) -> Sighting:
        """Return the sighting of a path with this stat. An ignored file's sighting has a reason and a message."""
        name = path.rpartition(b"/")[2]
        if stat.S_ISLNK(result.st_mode):
            refusal = Reason.SYMLINK, "Links are not followed; put the file itself into the folder."
        elif not stat.S_ISREG(result.st_mode):
            refusal = Reason.NOT_REGULAR, "This is not a regular file; only regular files are read."
        elif pattern := self._names.match(name):
            refusal = (
                Reason.PATTERN,
                f"The name matches the ignore pattern {pattern}; rename the file to have it read, or set"
                " ONRECORD_IGNORE.",
            )
        else:
            return Sighting(path, Stat.of(result))
        return Sighting(path, Stat.of(result), *refusal)

    def see(self, path: bytes) -> Sighting | None:
        """Return the sighting of the file that is now at a path; None without a file, or if scans skip the path."""
        if not self.takes(path):
            return None
        try:
            result = stat_below(self.root, path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            log.warning("cannot look at the file; the next scan tries again", file=shown(path), error=error.strerror)
            return None
        return None if stat.S_ISDIR(result.st_mode) else self.judge(path, result)

    def note(self, path: bytes, sign: Sign | None, now: float) -> None:
        """Track the file at a path below the folder after a hint. `sign` is None if the file is no longer there."""
        sighting = self.see(path) if sign else None
        if sign is None or sighting is None:
            self.tracker.forget(path)
            return
        # An ignored file can wait. So can a file in NAME_files: it may belong to a page that is still being saved.
        if sighting.reason or patterns.COMPANION + b"/" in path:
            sign = Sign.CHANGED
        self.tracker.note(path, sign, sighting.stat, now)

    def collect(self, now: float) -> None:
        """Move the files that have come to rest to `ready`."""
        for path in self.tracker.due(now):
            sighting = self.see(path)
            if sighting is None:
                self.tracker.forget(path)
            elif self.tracker.look(path, sighting.stat, now):
                if len(self.ready) < MOST_READY:
                    self.ready[path] = sighting
                else:
                    self.want_scan()

    def unreadable_lines(self) -> list[str]:
        """Return a line for each folder that the last scan could not list, up to `MOST_LINES`, with the error."""
        paths = sorted(self.unreadable)[:MOST_LINES]
        return [f"{shown(os.path.join(self.root, path).rstrip(b'/'))}: {self.unreadable[path]}" for path in paths]

    # presence and scans

    def current_identity(self) -> tuple[int, int] | None:
        """Return device and inode of the folder as it is now; None if it is away.

        If the folder was a mount point and is no longer a mount point, it counts as away: the disk was unmounted, and
        only an empty folder is left.
        """
        try:
            result = os.stat(self.root)
            mounted = os.path.ismount(self.root)
        except OSError:
            return None
        if not stat.S_ISDIR(result.st_mode) or (self._was_mounted and not mounted):
            return None
        self._was_mounted = mounted
        return result.st_dev, result.st_ino

    @property
    def is_scanned(self) -> bool:
        """True if a scan has ended and no other scan is wanted."""
        return self._scan_ended is not None and not self._wants_scan

    @property
    def never_scanned(self) -> bool:
        """True if no scan has ended yet."""
        return self._scan_ended is None

    def want_scan(self) -> bool:
        """Ask for a scan before its time. Return False if a scan was wanted already."""
        is_new, self._wants_scan = not self._wants_scan, True
        return is_new

    def scan_due(self, period: float) -> float:
        """Return when the next scan begins (monotonic seconds); the first begins at once. `period` is in seconds."""
        if self._scan_ended is None:
            return float("-inf")
        return self._scan_ended + max(SOON if self._wants_scan else period, SCAN_SHARE * self._scan_cost)

    def scan_begins(self) -> None:
        """Note that a scan begins. From now on, `want_scan` asks for the scan after this one."""
        self._wants_scan = False

    def scan_ends(self, now: float, cost: float, *, whole: bool = True) -> None:
        """Note the end of a scan that took `cost` seconds. If it was broken off (not `whole`), ask for another scan."""
        self._scan_cost = cost
        if whole or self._scan_ended is not None:
            self._scan_ended = now
        self._wants_scan |= not whole
