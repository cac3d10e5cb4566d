"""Run a watcher in this process until a signal ends it."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from worker.settings import Settings
from worker.watch.inbox import Inbox
from worker.watch.publisher import OnEvent, Tally
from worker.watch.watcher import Watcher


def run(settings: Settings, inboxes: Sequence[Inbox], *, once: bool = False, on_event: OnEvent | None = None) -> Tally:
    """Watch `inboxes` until SIGTERM or SIGINT; with `once`, until all present files are at rest and published.

    `on_event(step, inbox, subject)` is called for each file `published` or `ignored`, and for each folder `watching` or
    `vanished`. Raises `AlreadyWatched` when another watcher holds one of the folders.
    """
    watcher = Watcher(settings, inboxes, once=once, on_event=on_event)
    with _stopped_by_signals(watcher):
        return watcher.run()


@contextmanager
def _stopped_by_signals(watcher: Watcher) -> Iterator[None]:
    """Let SIGTERM and SIGINT end the watcher cleanly. In any thread but the main thread, this does nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: watcher.stop()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
