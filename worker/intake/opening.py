"""Opening a dropped file component by component, and never through a link, so that no path leads out of the inbox."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from worker.reasons import Reason, Refused

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# O_NONBLOCK: opening a FIFO must not wait for a writer.
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

LINK = "Links are not followed; drop the file itself."
NOT_REGULAR = "This is not a regular file; only regular files are read."


class Passing(Exception):
    """Raised for a passing fault outside the file (disk, network folder): the file waits, and gets no strike."""


class Away(Passing):
    """Raised if the inbox itself cannot be opened: all files of the inbox wait."""


def exception_for(error: OSError, *, folder: bool = False) -> Refused | Passing:
    """Return the exception to raise after an error of the file system; `folder` is True if opening a folder failed."""
    match error.errno:
        case errno.ENOENT:
            return Refused(Reason.VANISHED, "The file was gone before it could be read; drop it again if you need it.")
        case errno.ELOOP | errno.ENOTDIR if folder or error.errno == errno.ELOOP:
            return Refused(Reason.SYMLINK, LINK)
        case errno.ENXIO | errno.ENODEV | errno.EISDIR | errno.ENOTDIR:
            return Refused(Reason.NOT_REGULAR, NOT_REGULAR)
        case errno.EACCES | errno.EPERM:
            return Refused(
                Reason.UNREADABLE, "The file may not be read; give Onrecord read permission, then `onrecord retry`."
            )
        case _:
            return Passing(f"{errno.errorcode.get(error.errno or 0, 'OSError')}: {error.strerror}")


@contextmanager
def parent_folder(inbox: bytes, path: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the open folder that holds the file at `path` below `inbox`, and the name of the file in it.

    Raise `Refused` if a component is a link or leaves the inbox, `Passing` for a passing fault, and `Away` if the inbox
    itself cannot be opened.
    """
    *folders, name = path.split(b"/")
    if any(component in (b"", b".", b"..") for component in (*folders, name)):
        raise Refused(Reason.UNSAFE_MEMBER, "The path leaves the folder; it is not opened.")
    try:
        here = os.open(inbox, FOLDER)
    except OSError as error:
        raise Away(f"the folder {os.fsdecode(inbox)!r} cannot be opened: {error.strerror}") from error
    try:
        for folder in folders:
            try:
                below = os.open(folder, FOLDER | os.O_NOFOLLOW, dir_fd=here)
            except OSError as error:
                raise exception_for(error, folder=True) from error
            os.close(here)
            here = below
        yield here, name
    finally:
        os.close(here)


def open_regular(folder: int, name: bytes) -> int:
    """Return a descriptor of the regular file `name` in an open folder.

    Raise `Refused` for anything else, or `Passing` for a passing fault. The kind of file is checked before opening,
    because opening has an effect on a device, or on a pipe with a waiting writer. It is checked again on the open file,
    because another file may have got the name in between.
    """
    try:
        check_regular(os.stat(name, dir_fd=folder, follow_symlinks=False))
        descriptor = os.open(name, FILE, dir_fd=folder)
    except OSError as error:
        raise exception_for(error) from error
    try:
        check_regular(os.fstat(descriptor))
    except Refused:
        os.close(descriptor)
        raise
    return descriptor


def check_regular(status: os.stat_result) -> None:
    """Raise `Refused` unless this is the stat of a regular file."""
    if stat.S_ISLNK(status.st_mode):
        raise Refused(Reason.SYMLINK, LINK)
    if not stat.S_ISREG(status.st_mode):
        raise Refused(Reason.NOT_REGULAR, NOT_REGULAR)
