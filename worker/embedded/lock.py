"""A lock on a file (`flock`). The kernel releases it when the processes that hold it end, even if they are killed."""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from worker.embedded.account import give_to_owner
from worker.embedded.errors import EmbeddedError
from worker.waiting import waiting_for

POLL_SECONDS = 0.02


class FileLock:
    """One holder's lock on `path`, shared or exclusive.

    The lock belongs to the open file. A child that inherits the descriptor holds the lock too, and if we close our
    descriptor, the child still holds it. So a server holds its lock as long as any of its processes lives.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        """The descriptor of the open file, which a child may inherit."""
        if self._descriptor is None:
            # Follow no link: if we are root, the folder may belong to another user.
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
        """Get the lock, or convert the lock that we hold, without waiting. Return False if that is not possible.

        If a conversion is not possible, the lock that we held is lost (flock(2)).
        """
        try:
            fcntl.flock(self.descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def acquire(self, *, shared: bool = False, seconds: float) -> None:
        """Get or convert the lock within `seconds`. Raises `EmbeddedError` after that."""
        deadline = time.monotonic() + seconds
        with waiting_for(f"another onrecord command, which holds {self.path}"):
            while not self.try_acquire(shared=shared):
                if time.monotonic() > deadline:
                    self.release()
                    raise EmbeddedError(
                        f"Another onrecord command has held {self.path} for {seconds:.0f} s. "
                        "Wait for it to end, or end it, and try again."
                    )
                time.sleep(POLL_SECONDS)

    def release(self) -> None:
        """Close our descriptor without unlocking it. Children that inherited the descriptor keep the lock."""
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
