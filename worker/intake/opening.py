"""Opening a dropped file without ever leaving the folder: component by component, never through a link."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from worker.reasons import Reason, Refused

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# O_NONBLOCK: opening a FIFO must not wait for its writer.
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

LINK = "Links are not followed; drop the file itself."
NOT_REGULAR = "This is not a regular file; only regular files are read."


class Passing(Exception):
    """Something outside the file is in the way for now (disk, network folder); the file waits without a strike."""


class Away(Passing):
    """The watched folder itself is not there; all its files wait."""


def refusal(error: OSError, *, folder: bool = False) -> Exception:
    """What an error of the file system means for the file."""
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
    """The open folder that holds `path` below `inbox`, and the file's name in it.

    Raises `Refused` when a component is a link, `Away` when the inbox itself is not there.
    """
    *folders, name = path.split(b"/")
    if any(part in (b"", b".", b"..") for part in (*folders, name)):
        raise Refused(Reason.UNSAFE_MEMBER, "The path leaves the folder; it is not opened.")
    try:
        here = os.open(inbox, FOLDER)
    except OSError as error:
        raise Away(f"the folder {os.fsdecode(inbox)!r} cannot be opened: {error.strerror}") from error
    try:
        for part in folders:
            try:
                below = os.open(part, FOLDER | os.O_NOFOLLOW, dir_fd=here)
            except OSError as error:
                raise refusal(error, folder=True) from error
            os.close(here)
            here = below
        yield here, name
    finally:
        os.close(here)


def open_regular(folder: int, name: bytes) -> int:
    """A descriptor of the regular file `name` in an open folder; raises `Refused` for anything else.

    It is looked at first, because opening alone does something to a device, or to a pipe that somebody waits at; and
    again once it is open, because something else may stand there by then.
    """
    try:
        check_regular(os.stat(name, dir_fd=folder, follow_symlinks=False))
        opened = os.open(name, FILE, dir_fd=folder)
    except OSError as error:
        raise refusal(error) from error
    try:
        check_regular(os.fstat(opened))
    except Refused:
        os.close(opened)
        raise
    return opened


def check_regular(found: os.stat_result) -> None:
    """Raise `Refused` unless this is the stat of a regular file."""
    if stat.S_ISLNK(found.st_mode):
        raise Refused(Reason.SYMLINK, LINK)
    if not stat.S_ISREG(found.st_mode):
        raise Refused(Reason.NOT_REGULAR, NOT_REGULAR)
