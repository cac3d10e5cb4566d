"""The lock that lets only one `onrecord up` run on one HOME."""

import os
import time
from types import TracebackType
from typing import Self

from worker.embedded.errors import UpRunning
from worker.embedded.layout import Layout
from worker.embedded.lock import FileLock

READ_SECONDS = 1.0
"""Wait at most so many seconds for the pid of the holder, which writes it right after it got the lock."""


class UpLock:
    """The lock that `up` holds while it runs. A second `up` gets `UpRunning` with the pid of the first.

    It is in the store, where the data are, and not only in HOME: no two HOMEs may run on one store.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._lock = FileLock(layout.store / "up.lock")

    def __enter__(self) -> Self:
        if not self._lock.try_acquire():
            holder = self._holder()
            self._lock.release()
            raise UpRunning(
                f"onrecord up already runs on {self._layout.home} (process {holder}). Use that one, stop it with "
                f"`kill {holder}`, or give this one another folder with ONRECORD_HOME."
            )
        os.ftruncate(self._lock.descriptor, 0)
        os.pwrite(self._lock.descriptor, str(os.getpid()).encode(), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.ftruncate(self._lock.descriptor, 0)
        self._lock.release()

    def _holder(self) -> str:
        deadline = time.monotonic() + READ_SECONDS
        while True:
            pid = os.pread(self._lock.descriptor, 20, 0).decode()
            if pid or time.monotonic() > deadline:
                return pid or "unknown"
            time.sleep(0.02)
