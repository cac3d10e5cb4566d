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
    """A walk that tracks the files which the ledger does not hold, until they are at rest, and lists `missing` ones.

    With `first`, a file that has not changed for `settle` seconds by the wall clock is only looked at twice, 100 ms
    apart. That is safe although clocks differ and times can be set. A file that is still written to changes between
    the two looks, or while intake reads it (intake looks before and after). If the writer pauses through all of that,
    the next scan finds the file's next state, as it does after any pause longer than `settle`.
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
                continue  # true of nearly all files: they were read, even if a pattern ignores their names now
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
        """Return the ledger's paths at which no file is now, except those below folders that could not be read."""
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
