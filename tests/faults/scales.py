"""Measures how much memory the processes of a worker use while a scenario runs."""

import contextlib
import threading
from types import TracebackType
from typing import Self

import psutil

from tests.faults.command import Command

PAUSE = 0.1  # seconds between two measurements


class Scales:
    """The largest RSS, in bytes, of any pool process and of any parsing child of a worker, inside the `with`."""

    def __init__(self, worker: Command) -> None:
        self.pool = 0
        self.child = 0
        self._worker = worker
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._weigh, name="scales", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join(30)

    def _weigh(self) -> None:
        while not self._ending.wait(PAUSE):
            for process in self._worker.family():
                with contextlib.suppress(psutil.Error):
                    size = process.memory_info().rss
                    if "bounded" in " ".join(process.cmdline()):
                        self.child = max(self.child, size)
                    else:
                        self.pool = max(self.pool, size)
