"""One scan: a walk through the folder held against the ledger, taken in small steps so that events are not delayed."""

import time
from itertools import islice

from worker.store.sightings import KnownFiles, Stat
from worker.watch import patterns
from worker.watch.folder import Folder
from worker.watch.rest import Sign
from worker.watch.walk import Walk, stat_below

ENTRIES = 500


class Scan:
    """What a walk finds that the ledger does not hold is tracked until it is at rest; what it misses is gone.

    With `first`, a file that has lain unchanged for longer than `settle` by the wall clock is only looked at twice,
    100 ms apart. That is safe although clocks differ and times can be set: a file still written to changes between the
    two looks or while intake reads it (which looks before and after), and if the writer pauses through all of that,
    the file's next state is found by the next scan, as it would be after any pause longer than `settle`.
    """

    def __init__(self, folder: Folder, known: KnownFiles, *, settle: float, first: bool) -> None:
        self._folder = folder
        self._known = known
        self._unseen = known.paths()
        self._walk = Walk(folder.root, folder.skipped)
        self._entries = iter(self._walk)
        self._lying_since = (time.time() - settle) * 1e9 if first else float("-inf")
        self.cost = 0.0
        self.seen = 0

    def step(self, now: float) -> bool:
        """Go on for some entries; True when the walk is over. Raises `OSError` when the folder itself is away."""
        began = time.monotonic()
        entries = list(islice(self._entries, ENTRIES))
        for path, result in entries:
            if patterns.private(path.rpartition(b"/")[2]):
                continue
            self._unseen.discard(path)
            if Stat.of(result) in self._known.read.get(path, ()):
                continue  # nearly all of them; whatever their names are by now, they were read
            sighting = self._folder.judge(path, result)
            if not self._known.has(sighting):
                lying = max(result.st_mtime_ns, result.st_ctime_ns) < self._lying_since
                self._folder.tracker.note(path, Sign.LYING if lying else Sign.FOUND, sighting.stat, now)
        self.seen += len(entries)
        self.cost += time.monotonic() - began
        return len(entries) < ENTRIES

    @property
    def unreadable(self) -> dict[bytes, str]:
        """Folders that could not be read, and why."""
        return self._walk.unreadable

    def missing(self) -> list[bytes]:
        """Paths that the ledger holds and where there is nothing now; none below folders that could not be read."""
        closed = tuple(folder + b"/" for folder in self.unreadable)
        return [path for path in self._unseen if not path.startswith(closed) and self._gone(path)]

    def _gone(self, path: bytes) -> bool:
        try:
            stat_below(self._folder.root, path)
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            return False
        return False
