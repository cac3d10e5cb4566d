"""Hints from the operating system, through watchdog: what changed in the folders, in one queue.

Hints are never a promise. Some are lost (the kernel's queue overflows, ours is full, a folder is made again): then
`Hint.overflow` or a scan of the folder answers.
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

ROOM = 50_000  # hints held at most; more are dropped and answered with a scan
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
    """Something was noticed about `path` (absolute); without a sign it is gone from there.

    Path None: hints were lost.
    """

    path: bytes | None
    sign: Sign | None = None


LOST = Hint(None)


class Hints:
    """The queue between the observer's threads and the watcher's one."""

    def __init__(self) -> None:
        # The one queue that a signal handler may put into; its bound is ours.
        self._queue: SimpleQueue[Hint | None] = SimpleQueue()
        self.overflows = 0

    def put(self, hint: Hint) -> None:
        """Add a hint; without room it is counted as lost."""
        if self._queue.qsize() < ROOM:
            self._queue.put(hint)
        else:
            self.overflow()

    def overflow(self) -> None:
        """Hints were lost."""
        self.overflows += 1
        if self._queue.qsize() <= ROOM:  # one word of it is enough
            self._queue.put(LOST)

    def wake(self) -> None:
        """Let `take` return at once."""
        self._queue.put(None)

    def take(self, seconds: float, most: int = 1000) -> list[Hint]:
        """Wait up to `seconds` for a hint; give those that are there, `most` at most."""
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
    """Turns watchdog's events into hints."""

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
                # watchdog makes events up for what lies in a folder that was moved in, whole
                self._hints.put(Hint(source, Sign.MOVED if event.is_synthetic else Sign.CHANGED))
            case FileAttribEvent():
                self._hints.put(Hint(source, Sign.TOUCHED))
            case FileDeletedEvent() | DirDeletedEvent():
                self._hints.put(Hint(source))


def _observer(overflowed: Callable[[], None]) -> BaseObserver:
    """The operating system's own observer. Raises `OSError` when its limits are reached."""
    if sys.platform == "linux":
        from worker.watch.inotify import CountingObserver

        return CountingObserver(overflowed)
    from watchdog.observers import Observer

    return Observer()


class Observation:
    """The observed folders; with polling there is no observer, and the watcher's scans come more often instead."""

    def __init__(self, hints: Hints, *, polling: bool = False) -> None:
        self._handler = _Handler(hints)
        self._watches: dict[bytes, ObservedWatch] = {}
        self._observer: BaseObserver | None = None
        if not polling:
            try:
                self._observer = _observer(hints.overflow)
                self._observer.start()
            except OSError as error:
                self._observer = None
                _fall_back(error)

    @property
    def polling(self) -> bool:
        """Whether scans must stand in for events."""
        return self._observer is None

    def watch(self, root: bytes) -> None:
        """Watch a folder, from now on or anew. A limit of the system turns everything to polling."""
        if self._observer is None:
            return
        self.unwatch(root)
        try:
            self._watches[root] = self._observer.schedule(
                self._handler, os.fsdecode(root), recursive=True, event_filter=EVENTS
            )
        except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
            log.warning("the folder cannot be watched now; scans go on", folder=os.fsdecode(root), error=str(error))
        except OSError as error:
            self.stop()
            _fall_back(error)

    def unwatch(self, root: bytes) -> None:
        """Watch a folder no longer."""
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


def _fall_back(error: OSError) -> None:
    log.warning(
        "folder events are not to be had, so folders are polled; raise fs.inotify.max_user_watches and"
        " max_user_instances (Linux) for quicker news",
        error=str(error),
    )
