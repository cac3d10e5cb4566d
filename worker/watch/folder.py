"""A watched folder as the watcher keeps it: what is tracked in it, what is ready for the ledger, when to scan."""

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

# Sightings held while the database is away; beyond that they are dropped, and the scan that follows finds them again.
HELD = 10_000
# A scan may cost a twentieth of the time at most.
SHARE = 20
SOON = 0.5


class Folder:
    """One inbox; everything here is about the file system, nothing about the database."""

    def __init__(self, inbox: Inbox, names: Patterns, *, settle: float, archive: bytes | None = None) -> None:
        self.inbox = inbox
        self.root = inbox.root
        self.tracker = RestTracker(settle)
        self.ready: dict[bytes, Sighting] = {}
        self.identity: tuple[int, int] | None = None  # device and inode of the folder that is watched
        self.gone = False  # it was said that the folder is away
        self.returned = False  # it has come (back), and the ledger has not been told
        self._mounted = False
        self.unreadable: set[bytes] = set()
        self.skipped = frozenset({path} if archive and (path := self.relative(archive)) else ())
        self._names = names
        self._scan_wanted = True
        self._scan_ended: float | None = None
        self._scan_cost = 0.0

    # names

    def relative(self, path: bytes) -> bytes | None:
        """An absolute path as one below the folder; None if it is elsewhere, empty for the folder itself."""
        if path == self.root:
            return b""
        prefix = self.root.rstrip(b"/") + b"/"
        return path.removeprefix(prefix) if path.startswith(prefix) else None

    def takes(self, path: bytes) -> bool:
        """Whether the scan would come to this path: not ours, and in no folder that is not entered."""
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
        """What a stat says about a path: to be read, or ignored and why."""
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
        """What lies at a path now; None when there is nothing for us."""
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
        """Take a hint about a path below the folder into account; without a sign the file is gone from there."""
        sighting = self.see(path) if sign else None
        if sign is None or sighting is None:
            self.tracker.forget(path)
            return
        # No hurry to ignore; nor with what may turn out to belong to a page that is still being saved.
        if sighting.reason or patterns.COMPANION + b"/" in path:
            sign = Sign.CHANGED
        self.tracker.note(path, sign, sighting.stat, now)

    def collect(self, now: float) -> None:
        """Make ready what has come to rest."""
        for path in self.tracker.due(now):
            sighting = self.see(path)
            if sighting is None:
                self.tracker.forget(path)
            elif self.tracker.look(path, sighting.stat, now):
                if len(self.ready) < HELD:
                    self.ready[path] = sighting
                else:
                    self.want_scan()

    # presence and scans

    def present(self) -> tuple[int, int] | None:
        """Device and inode of the folder as it is now; None when it is away.

        So it is when something was mounted there and is not any more: what is left is the empty place for it.
        """
        try:
            result = os.stat(self.root)
            mounted = os.path.ismount(self.root)
        except OSError:
            return None
        if not stat.S_ISDIR(result.st_mode) or (self._mounted and not mounted):
            return None
        self._mounted = mounted
        return result.st_dev, result.st_ino

    @property
    def scanned(self) -> bool:
        """Whether a scan has ended and no other is wanted."""
        return self._scan_ended is not None and not self._scan_wanted

    @property
    def first(self) -> bool:
        """Whether no scan has ended yet."""
        return self._scan_ended is None

    def want_scan(self) -> bool:
        """Ask for a scan before its time; whether that is news."""
        news, self._scan_wanted = not self._scan_wanted, True
        return news

    def scan_due(self, period: float) -> float:
        """When the next scan begins, by the monotonic clock; at once for the first."""
        if self._scan_ended is None:
            return float("-inf")
        return self._scan_ended + max(SOON if self._scan_wanted else period, SHARE * self._scan_cost)

    def scan_begins(self) -> None:
        """From now on a new wish for a scan is one for the scan after this."""
        self._scan_wanted = False

    def scan_ends(self, now: float, cost: float, *, whole: bool = True) -> None:
        """A scan has ended that took `cost` seconds; if it was broken off, another is wanted."""
        self._scan_cost = cost
        if whole or self._scan_ended is not None:
            self._scan_ended = now
        self._scan_wanted |= not whole
