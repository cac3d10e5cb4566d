"""watchdog's inotify observer with three changes.

It reports lost events and folders that cannot be watched, and waits only 25 ms for a rename to end.
"""

import errno
from collections.abc import Callable

from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyFullEmitter, InotifyObserver
from watchdog.observers.inotify_c import CallbackId, InotifyEvent, InotifyFD, Mask, WatchCallback, WatchDescriptor
from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper

# After the first half of a rename, watchdog holds back every event for up to 0.5 s until the second half comes. The
# kernel writes both halves at once, so a twentieth of 0.5 s is enough. If the second half still comes too late, the
# watcher sees that one file is gone and that another file was moved in.
InotifyMoveEventGrouper.delay = 0.025


LIMITS = (errno.ENOSPC, errno.ENOMEM)
"""The errors of inotify_add_watch(2) if the user's limit of watched folders, or the kernel's memory, is used up."""


class _CountingInotify(InotifyFD):
    """The kernel's event queue. It calls `overflowed` when it has overflowed, and `limited` with each folder that
    cannot be watched since a limit is reached; watchdog itself says nothing if that folder is an inner one."""

    def __init__(self, overflowed: Callable[[], None], limited: Callable[[bytes], None]) -> None:
        self._overflowed = overflowed
        self._limited = limited
        super().__init__()

    def add_callback(self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId) -> WatchDescriptor:
        try:
            return super().add_callback(path, mask, callback, id_)
        except OSError as error:
            if error.errno in LIMITS:
                self._limited(path)
            raise

    def handle_event(self, event: InotifyEvent) -> None:
        if event.is_queue_overflow:
            self._overflowed()
        super().handle_event(event)


class CountingObserver(InotifyObserver):
    """Report a file moved into the folder as moved (full events). The callbacks are those of `_CountingInotify`."""

    def __init__(self, overflowed: Callable[[], None], limited: Callable[[bytes], None]) -> None:
        self._inotify_fd = _CountingInotify(overflowed, limited)
        self._inotify_fd.start()
        # skips InotifyObserver.__init__, which would open a queue that does not report overflows
        BaseObserver.__init__(self, InotifyFullEmitter, timeout=1.0, inotify_fd=self._inotify_fd)
