"""Hints: one queue of the changes that the operating system reports in the folders, through watchdog.

Hints may be lost: the kernel's queue overflows, ours is full, or a folder is made again. In the first two cases
`Hints.overflow` puts `LOST` into the queue. In all three cases a scan of the folder finds the changes that were missed.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import structlog
from watchdog.events import (
    DirDeletedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver, ObservedWatch

from worker.watch.rest import Sign

log = structlog.get_logger("onrecord.watch")

ROOM = 50_000
"""Keep at most so many hints. Drop further hints; a scan finds the files that they were about."""
RAISE = (
    "files are found a little later. Raise fs.inotify.max_user_watches and fs.inotify.max_user_instances (Linux; "
    "`onrecord doctor` says to what), and start Onrecord again"
)
EVENTS: list[type[FileSystemEvent]] = [
    DirDeletedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]


@dataclass(frozen=True, slots=True)
class Hint:
    """The system reported a change at the absolute `path`. Without a `sign`, the file is no longer at this path.

    No path means that hints were lost.
    """

    path: bytes | None
    sign: Sign | None = None


LOST = Hint(None)


class Hints:
    """The queue from the observer's threads to the watcher's one thread."""

    def __init__(self) -> None:
        # A signal handler may add only to a SimpleQueue. A SimpleQueue has no limit of its own, so `put` checks `ROOM`.
        self._queue: SimpleQueue[Hint | None] = SimpleQueue()
        self.overflows = 0

    def put(self, hint: Hint) -> None:
        """Add a hint, or count it as lost if the queue is full."""
        if self._queue.qsize() < ROOM:
            self._queue.put(hint)
        else:
            self.overflow()

    def overflow(self) -> None:
        """Count lost hints, and put `LOST` into the queue."""
        self.overflows += 1
        if self._queue.qsize() <= ROOM:  # one `LOST` is enough while the queue is full
            self._queue.put(LOST)

    def wake(self) -> None:
        """Make `take` return at once."""
        self._queue.put(None)

    def take(self, seconds: float, most: int = 1000) -> list[Hint]:
        """Wait up to `seconds` for a hint; return the hints in the queue, but not more than `most`."""
        hints: list[Hint] = []
        with suppress(Empty):
            hint = self._queue.get(timeout=seconds) if seconds > 0 else self._queue.get_nowait()
            while True:
                if hint is not None:
                    hints.append(hint)
                if len(hints) == most:
                    break
                hint = self._queue.get_nowait()
        return hints


class _Handler(FileSystemEventHandler):
    """Turn watchdog's events into hints."""

    def __init__(self, hints: Hints) -> None:
        self._hints = hints

    def on_any_event(self, event: FileSystemEvent) -> None:
        source = os.fsencode(event.src_path)
        match event:
            case FileMovedEvent():
                if source:
                    self._hints.put(Hint(source))
                if event.dest_path:
                    self._hints.put(Hint(os.fsencode(event.dest_path), Sign.MOVED))
            case FileClosedEvent():
                self._hints.put(Hint(source, Sign.CLOSED))
            case FileCreatedEvent() | FileModifiedEvent():
                # watchdog makes up an event for each file in a folder that was moved in; these files are complete
                self._hints.put(Hint(source, Sign.MOVED if event.is_synthetic else Sign.CHANGED))
            case FileAttribEvent():
                self._hints.put(Hint(source, Sign.TOUCHED))
            case FileDeletedEvent() | DirDeletedEvent():
                self._hints.put(Hint(source))


def _observer(overflowed: Callable[[], None], limited: Callable[[bytes], None]) -> BaseObserver:
    """Return the observer of this operating system. Raises `OSError` if a limit of the system is reached.

    It calls `overflowed` when events were lost, and `limited` with each folder that a limit keeps it from watching.
    """
    if sys.platform == "linux":
        from worker.watch.inotify import CountingObserver

        return CountingObserver(overflowed, limited)
    from watchdog.observers import Observer

    return Observer()


class Observation:
    """The observed folders.

    The watcher polls the others: it scans them more often. These are all folders if the user wants that or if the
    system gives no events at all, and a folder in which a limit of the system keeps us from watching a part.
    """

    def __init__(self, hints: Hints, *, polling: bool = False) -> None:
        self._hints = hints
        self._handler = _Handler(hints)
        self._watches: dict[bytes, ObservedWatch] = {}
        self._roots: set[bytes] = set()
        self._limited: set[bytes] = set()  # those of `_roots` that a limit keeps us from watching, or a part of them
        self._observer: BaseObserver | None = None
        if not polling:
            try:
                self._observer = _observer(hints.overflow, self._limit)
                self._observer.start()
            except OSError as error:
                self._observer = None
                log.warning(
                    f"the system gives no folder events, so all folders are polled; {RAISE}",
                    step="watch",
                    error=str(error),
                )

    def polls(self, root: bytes) -> bool:
        """True if the system does not report all events in this folder, so that scans must replace them."""
        return self._observer is None or root in self._limited

    def _limit(self, path: bytes) -> None:
        """Poll the folder that `path` is in. The observer's threads call this, too."""
        for root in [root for root in self._roots if path == root or path.startswith(root.rstrip(b"/") + b"/")]:
            if root not in self._limited:
                self._limited.add(root)
                log.warning(
                    f"the system's limit of watched folders is reached, so this folder is polled; {RAISE}",
                    step="watch",
                    folder=os.fsdecode(root),
                )
                self._hints.wake()

    def watch(self, root: bytes) -> None:
        """Start or restart the observation of a folder. If a limit of the system is reached, poll this folder."""
        if self._observer is None:
            return
        self.unwatch(root)
        self._roots.add(root)
        try:
            self._watches[root] = self._observer.schedule(
                self._handler, os.fsdecode(root), recursive=True, event_filter=EVENTS
            )
        except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
            log.warning("the folder cannot be watched now; scans go on", folder=os.fsdecode(root), error=str(error))
        except OSError as error:
            log.debug("the folder cannot be watched", folder=os.fsdecode(root), error=str(error))
            self._limit(root)

    def unwatch(self, root: bytes) -> None:
        """Stop observing a folder."""
        self._roots.discard(root)
        self._limited.discard(root)
        watch = self._watches.pop(root, None)
        if watch is not None and self._observer is not None:
            with suppress(KeyError):
                self._observer.unschedule(watch)

    def stop(self) -> None:
        """End the observer's threads."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(timeout=5)
        self._observer = None
