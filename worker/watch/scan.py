"""One scan: compare the files of a folder with the ledger, in small steps so that events are not delayed."""

import time
from itertools import islice

from worker.store.sightings import KnownFiles, Stat
from worker.watch import patterns
from worker.watch.folder import Folder
from worker.watch.rest import Sign
from worker.watch.walk import Walk, stat_below

ENTRIES = 500
"""At most so many entries of the folder in one step."""


class Scan:
    """A walk through a folder. It tracks files that the ledger does not know, and lists known files that are missing.

    With `first`, a file that has not changed for `settle` seconds by the wall clock is looked at only twice, 100 ms
    apart. That is safe although clocks differ and a program can set a file's times. If a program still writes to the
    file, the file changes between the two looks, or while intake reads it (intake compares the stat before and after).
    If the writer pauses for all that time, the next scan finds the changed file, as after any pause longer than
    `settle`.
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
        """Walk over the next entries; return True at the end of the walk. Raises `OSError` if the folder is away."""
        began = time.monotonic()
        entries = list(islice(self._entries, ENTRIES))
        for path, result in entries:
            if patterns.private(path.rpartition(b"/")[2]):
                continue
            self._unseen.discard(path)
            if Stat.of(result) in self._known.read.get(path, ()):
                continue  # Nearly all files end here: they were read before, even if a pattern now ignores their names.
            sighting = self._folder.judge(path, result)
            if not self._known.has(sighting):
                lying = max(result.st_mtime_ns, result.st_ctime_ns) < self._lying_since
                self._folder.tracker.note(path, Sign.LYING if lying else Sign.FOUND, sighting.stat, now)
        self.seen += len(entries)
        self.cost += time.monotonic() - began
        return len(entries) < ENTRIES

    @property
    def unreadable(self) -> dict[bytes, str]:
        """Folders that could not be read, each with the error."""
        return self._walk.unreadable

    def missing(self) -> list[bytes]:
        """Return the paths of the ledger that have no file now. Paths below an unreadable folder are left out."""
        unreadable = tuple(folder + b"/" for folder in self.unreadable)
        return [path for path in self._unseen if not path.startswith(unreadable) and self._is_gone(path)]

    def _is_gone(self, path: bytes) -> bool:
        try:
            stat_below(self._folder.root, path)
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            return False
        return False
