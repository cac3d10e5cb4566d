"""watchdog's inotify observer with two changes: it reports lost events, and waits only 25 ms for a rename to end."""

from collections.abc import Callable

from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyFullEmitter, InotifyObserver
from watchdog.observers.inotify_c import InotifyEvent, InotifyFD
from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper

# After the first half of a rename, watchdog holds back every event for up to 0.5 s until the second half comes. The
# kernel writes both halves at once, so a twentieth of 0.5 s is enough. If the second half still comes too late, the
# watcher sees that one file is gone and that another file was moved in.
InotifyMoveEventGrouper.delay = 0.025


class _CountingInotify(InotifyFD):
    """The kernel's event queue; calls `overflowed` when the queue has overflowed."""

    def __init__(self, overflowed: Callable[[], None]) -> None:
        self._overflowed = overflowed
        super().__init__()

    def handle_event(self, event: InotifyEvent) -> None:
        if event.is_queue_overflow:
            self._overflowed()
        super().handle_event(event)


class CountingObserver(InotifyObserver):
    """Report a file moved into the folder as moved (full events); call `overflowed` when the kernel dropped events."""

    def __init__(self, overflowed: Callable[[], None]) -> None:
        self._inotify_fd = _CountingInotify(overflowed)
        self._inotify_fd.start()
        # skips InotifyObserver.__init__, which would open a queue that does not report overflows
        BaseObserver.__init__(self, InotifyFullEmitter, timeout=1.0, inotify_fd=self._inotify_fd)
