"""Where a command writes bytes: a file that a person named, or standard output. Errors of the system name the file."""

import errno
import io
import os
import select
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from worker.cli.errors import Complaint

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STANDARD_OUTPUT = Path("Standard output")
"""The name of standard output in messages."""
ELSEWHERE = "Name a file elsewhere."
REASONS = {
    errno.ENOSPC: ("the disk is full", "Make room, or name a file on another disk."),
    errno.EDQUOT: ("your share of the disk (quota) is used up", "Make room, or name a file on another disk."),
    errno.EFBIG: ("it would be larger than a file may be here", "See `ulimit -f`, or name a file on another disk."),
    errno.EROFS: ("its disk is read-only", ELSEWHERE),
    errno.EACCES: ("you have no right to write there", ELSEWHERE),
    errno.EPERM: ("you have no right to write there", ELSEWHERE),
    errno.EBUSY: ("it is a mount point, which cannot be replaced", ELSEWHERE),
    errno.ENAMETOOLONG: ("its name is too long", "Give it a shorter name."),
    errno.ENOTDIR: ("a part of its path is no folder", "Check the path."),
    errno.ELOOP: ("its links lead in a circle", "Check the path."),
    errno.ENXIO: ("it is a socket or a device that is not there", ELSEWHERE),
    errno.EPIPE: ("the program that read it has ended", "Start both again."),
    errno.EBADF: ("it is not open for writing", ELSEWHERE),
}
"""What an error of the system means for the person who named the file, and what to do."""
NOT_SYNCED = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EROFS})
"""Pipes and devices answer `fsync` with these errors (fsync(2))."""


def cannot_write(path: Path, error: OSError, folder: Path | None = None) -> Complaint:
    """Return the complaint about a file that cannot be written. `folder`: where its new file had to be made."""
    if error.errno == errno.ENOENT:
        return Complaint(
            f"There is no folder {folder or error.filename or path.parent}.", "Make it, or name another file."
        )
    reason, advice = REASONS.get(error.errno or 0, (error.strerror or str(error), ELSEWHERE))
    if folder is not None and error.errno in (errno.EACCES, errno.EPERM):
        reason = f"no new file can be made in {folder}"
    return Complaint(f"{path} cannot be written: {reason}.", advice)


class Destination(io.RawIOBase):
    """An open file that a person named `path`. It owns `descriptor`."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self._descriptor = descriptor
        self._path = path

    def writable(self) -> bool:
        """True: this is for writing only."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """True if the bytes are shown on a terminal."""
        return os.isatty(self._descriptor)

    def write(self, block: "ReadableBuffer", /) -> int:
        """Write the beginning of `block`; return its length. Raises `Complaint`."""
        if self.closed:
            raise ValueError("the destination is closed")
        while True:
            try:
                return os.write(self._descriptor, block)
            except BlockingIOError:  # another program has made this pipe non-blocking, for all that use it
                select.select([], [self._descriptor], [])
            except OSError as error:
                raise cannot_write(self._path, error) from error

    def sync(self) -> None:
        """Wait until the disk has all that was written. Raises `Complaint`."""
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            if error.errno not in NOT_SYNCED:
                raise cannot_write(self._path, error) from error

    def finish(self) -> None:
        """Sync, and close the file. Raises `Complaint` if any of that fails: then not all was written."""
        self.sync()
        super().close()
        try:
            os.close(self._descriptor)
        except OSError as error:
            raise cannot_write(self._path, error) from error

    def close(self) -> None:
        """Close the file without a complaint; after `finish`, do nothing."""
        if not self.closed:
            super().close()
            with suppress(OSError):
                os.close(self._descriptor)


class StandardOutput(io.RawIOBase):
    """Standard output as bytes, for a buffer of its own: `worker.cli.streams` takes what is written here."""

    def writable(self) -> bool:
        """True: this is for writing only."""
        return True

    def isatty(self) -> bool:
        """True if standard output is a terminal."""
        return sys.stdout.isatty()

    def write(self, block: "ReadableBuffer", /) -> int | None:
        """Write the beginning of `block`; return its length. Raises `Complaint`, or `SystemExit` if nobody reads it."""
        return sys.stdout.buffer.write(block)

    def flush(self) -> None:
        """Write what the buffer of standard output holds; raises the same."""
        if not self.closed:
            sys.stdout.buffer.flush()
