"""A lock on a file (`flock`), which the kernel releases when its holders end, however they end."""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from worker.embedded.account import give_to_owner
from worker.embedded.errors import EmbeddedError

POLL_SECONDS = 0.02


class FileLock:
    """One holder's lock on `path`, shared or exclusive.

    The lock belongs to the open file, so a child that inherits the descriptor holds it too, and closing our descriptor
    does not free it. In this way a server holds its lock as long as any of its processes lives.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        """The descriptor of the open file, which a child may inherit."""
        if self._descriptor is None:
            # follow no link: as root we may be in a folder of another user
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            try:
                self._descriptor = os.open(self.path, flags, 0o600)
            except OSError as error:
                raise EmbeddedError(
                    f"{self.path} cannot be opened ({error.strerror}). Give yourself the right to write it, or set "
                    "ONRECORD_HOME to a folder of your own."
                ) from error
            give_to_owner(self._descriptor, self.path.parent)
        return self._descriptor

    def try_acquire(self, *, shared: bool = False) -> bool:
        """Take or convert the lock if possible now; else return False, and a lock held before is lost (flock(2))."""
        try:
            fcntl.flock(self.descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def acquire(self, *, shared: bool = False, seconds: float) -> None:
        """Take or convert the lock within `seconds`. Raises `EmbeddedError` after that."""
        deadline = time.monotonic() + seconds
        while not self.try_acquire(shared=shared):
            if time.monotonic() > deadline:
                self.release()
                raise EmbeddedError(
                    f"Another onrecord command has held {self.path} for {seconds:.0f} s. "
                    "Wait for it to end, or end it, and try again."
                )
            time.sleep(POLL_SECONDS)

    def release(self) -> None:
        """Close our descriptor without unlocking, so that children that inherited the descriptor keep the lock."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
