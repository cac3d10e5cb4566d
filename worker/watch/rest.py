"""When a file is at rest: a state machine without a clock or a file system of its own (design page, §5).

Moved in: at once. Closed after writing: after 100 ms of silence. Changed again soon after it came to rest, changed
without a close, or found by a scan: when its stat has not changed for `settle` seconds. The caller gives the times
(monotonic seconds, so that a moved wall clock changes nothing) and the stats, and acts on the answers.
"""

import heapq
from dataclasses import dataclass
from enum import Enum

from worker.store.sightings import Stat

SILENCE = 0.1  # after a close: some programs close a file and open it again to go on
WATCHFUL = 5.0  # a file that changes again this soon after its rest may be written in several goes


class Sign(Enum):
    """What was noticed about a file."""

    MOVED = "moved"  # renamed to this path, whole as it is
    CLOSED = "closed"  # closed by one who could write
    CHANGED = "changed"  # made or written to
    TOUCHED = "touched"  # times, owner or mode changed
    FOUND = "found"  # seen by a scan
    LYING = "lying"  # seen by the first scan, and not changed for long by the wall clock


@dataclass(slots=True)
class _Watch:
    stat: Stat
    quiet: float  # seconds of silence asked of it
    due: float  # when to look at it again


class RestTracker:
    """The files of one folder that are not known to be at rest, by path."""

    def __init__(self, settle: float) -> None:
        self._settle = settle
        self._watched: dict[bytes, _Watch] = {}
        self._order: list[tuple[float, bytes]] = []  # a heap; an entry whose path is due later or gone is stale
        self._rested: dict[bytes, float] = {}  # path: when it came to rest; oldest first

    def __len__(self) -> int:
        return len(self._watched)

    def note(self, path: bytes, sign: Sign, stat: Stat, now: float) -> None:
        """Take a sign into account; `stat` is what the file looked like when the sign was read."""
        watch = self._watched.get(path)
        if sign in (Sign.FOUND, Sign.LYING) and watch is not None:
            return  # whoever brought it here knows more than a scan does, and it will be looked at anyway
        quiet = self._quiet(path, sign, watch, now)
        self._start(path, stat, quiet, now)

    def _quiet(self, path: bytes, sign: Sign, watch: _Watch | None, now: float) -> float:
        """The seconds of silence that a sign asks for."""
        if sign is Sign.TOUCHED and watch is not None:
            return watch.quiet
        brief = {Sign.MOVED: 0.0, Sign.CLOSED: SILENCE, Sign.LYING: SILENCE}
        if sign not in brief:
            return self._settle
        again = now - self._rested.get(path, -WATCHFUL - 1) < WATCHFUL
        return max(self._settle, brief[sign]) if again else brief[sign]

    def _start(self, path: bytes, stat: Stat, quiet: float, now: float) -> None:
        watch = _Watch(stat, quiet, now + quiet)
        before = self._watched.get(path)
        self._watched[path] = watch
        # A later time needs no new entry: the old one comes up, finds the later time, and is put back.
        if before is None or watch.due < before.due:
            heapq.heappush(self._order, (watch.due, path))

    def due(self, now: float, most: int = 500) -> list[bytes]:
        """Up to `most` paths to look at now; each must be answered with `look` or `forget`."""
        paths: list[bytes] = []
        while self._order and self._order[0][0] <= now and len(paths) < most:
            time, path = heapq.heappop(self._order)
            watch = self._watched.get(path)
            if watch is None or watch.due < time:
                continue
            if watch.due > now:
                heapq.heappush(self._order, (watch.due, path))
            else:
                paths.append(path)
        self._let_go(now)
        return paths

    def look(self, path: bytes, stat: Stat, now: float) -> bool:
        """Whether the file is at rest, looking like `stat` now.

        If so it is tracked no more; if it has changed, its silence starts again.
        """
        watch = self._watched.get(path)
        if watch is None:
            return False
        if stat != watch.stat:
            self._watched.pop(path)
            self._start(path, stat, self._settle, now)
            return False
        if now < watch.due:  # a sign came between `due` and `look`
            heapq.heappush(self._order, (watch.due, path))
            return False
        del self._watched[path]
        self._rested.pop(path, None)  # to the end of the order
        self._rested[path] = now
        return True

    def forget(self, path: bytes) -> None:
        """The file is gone from this path."""
        self._watched.pop(path, None)

    def next_due(self) -> float | None:
        """When there is something to look at again, at the earliest; None when nothing is tracked."""
        return self._order[0][0] if self._order else None

    def _let_go(self, now: float) -> None:
        """Drop what came to rest long ago."""
        while self._rested:
            path, time = next(iter(self._rested.items()))
            if now - time < WATCHFUL:
                return
            del self._rested[path]
