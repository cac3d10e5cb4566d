"""The rules that decide when a file is at rest. This module reads neither a clock nor the file system.

| last sign of the file | the file is at rest |
|---|---|
| moved in | at once |
| closed after writing | after 100 ms of silence |
| found by the first scan, unchanged for `settle` seconds by the wall clock | after 100 ms of silence |
| changed without a close, or found by a scan | after `settle` seconds in which its stat has not changed |
| moved in or closed, less than 5 s after it was at rest | after `settle` seconds in which its stat has not changed |
| times, owner or mode changed | as after the sign before this one; without such a sign, after `settle` seconds |

`settle` is the setting `ONRECORD_SETTLE`, 2 s by default. The caller passes the stats and the times. The times are
monotonic seconds, so a changed wall clock has no effect.
"""

import heapq
from dataclasses import dataclass
from enum import Enum

from worker.store.sightings import Stat

SILENCE = 0.1
"""Wait so many seconds after a close: some programs close a file, then open it again and write more."""
WATCHFUL = 5.0
"""Wait for `settle` seconds if a file changes less than this many seconds after it was at rest: more may follow."""


class Sign(Enum):
    """A sign that a file was made, changed or seen."""

    MOVED = "moved"  # renamed to this path, so the file is complete
    CLOSED = "closed"  # closed by a program that could write to it
    CHANGED = "changed"  # made or written to
    TOUCHED = "touched"  # times, owner or mode changed
    FOUND = "found"  # seen by a scan
    LYING = "lying"  # seen by the first scan, and unchanged for `settle` seconds by the wall clock


@dataclass(slots=True)
class _Watch:
    stat: Stat
    quiet: float  # the file is at rest after so many seconds without a change
    due: float  # when to look at the file again (monotonic seconds)


class RestTracker:
    """The files of one folder that are not yet known to be at rest, by path."""

    def __init__(self, settle: float) -> None:
        self._settle = settle
        self._watched: dict[bytes, _Watch] = {}
        # A heap of (due, path). An entry is out of date if its path is no longer tracked, or is due later.
        self._order: list[tuple[float, bytes]] = []
        self._rested: dict[bytes, float] = {}  # the paths that came to rest lately, each with the time; oldest first

    def __len__(self) -> int:
        return len(self._watched)

    def note(self, path: bytes, sign: Sign, stat: Stat, now: float) -> None:
        """Track a file after a sign; `stat` is the file's stat when the sign was read."""
        watch = self._watched.get(path)
        if sign in (Sign.FOUND, Sign.LYING) and watch is not None:
            return  # the earlier sign tells more than a scan, and a look at the file is planned already
        quiet = self._quiet(path, sign, watch, now)
        self._start(path, stat, quiet, now)

    def _quiet(self, path: bytes, sign: Sign, watch: _Watch | None, now: float) -> float:
        """Return the seconds of silence that a sign asks for."""
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
        # A later time needs no new entry: when the old entry is due, `due` enters the later time instead.
        if before is None or watch.due < before.due:
            heapq.heappush(self._order, (watch.due, path))

    def due(self, now: float, most: int = 500) -> list[bytes]:
        """Return up to `most` paths to look at now. The caller must answer each with `look` or `forget`."""
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
        self._drop_old_rests(now)
        return paths

    def look(self, path: bytes, stat: Stat, now: float) -> bool:
        """True if the file, whose stat is now `stat`, is at rest; then it is no longer tracked.

        If the stat has changed, the wait starts again.
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
        self._rested.pop(path, None)  # so that the next line puts the path at the end of the dict
        self._rested[path] = now
        return True

    def forget(self, path: bytes) -> None:
        """Stop tracking a path from which the file is gone."""
        self._watched.pop(path, None)

    def next_due(self) -> float | None:
        """Return the earliest time at which a path may be due; None if no path is tracked."""
        return self._order[0][0] if self._order else None

    def _drop_old_rests(self, now: float) -> None:
        """Forget the paths that came to rest longer than `WATCHFUL` seconds ago."""
        while self._rested:
            path, time = next(iter(self._rested.items()))
            if now - time < WATCHFUL:
                return
            del self._rested[path]
