"""watchdog's inotify observer, with two changes: lost events are reported, and renames are not waited for long."""

from collections.abc import Callable

from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyFullEmitter, InotifyObserver
from watchdog.observers.inotify_c import InotifyEvent, InotifyFD
from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper

# watchdog holds every event back for 0.5 s behind the first half of a rename until its second half comes. The kernel
# writes both halves at once, so a twentieth of that is plenty; a pair torn apart is still seen as gone and moved in.
InotifyMoveEventGrouper.delay = 0.025


class _CountingInotify(InotifyFD):
    """The kernel's event queue; says when it has overflowed."""

    def __init__(self, overflowed: Callable[[], None]) -> None:
        self._overflowed = overflowed
        super().__init__()

    def handle_event(self, event: InotifyEvent) -> None:
        if event.is_queue_overflow:
            self._overflowed()
        super().handle_event(event)


class CountingObserver(InotifyObserver):
    """Reports files moved in as moved (full events), and calls `overflowed` when the kernel dropped events."""

    def __init__(self, overflowed: Callable[[], None]) -> None:
        self._inotify_fd = _CountingInotify(overflowed)
        self._inotify_fd.start()
        # past InotifyObserver's own __init__, which would open a queue that says nothing
        BaseObserver.__init__(self, InotifyFullEmitter, timeout=1.0, inotify_fd=self._inotify_fd)
