"""Writes the files that people name on the command line (`export -o`, `eval --predictions`, `backup`).

A regular file is replaced as a whole, when the new one is complete, and keeps its owner and its mode. A link stays, and
the file at its end is replaced. Devices, pipes and our own open files (`/dev/stdout`) are written to directly.
"""

import errno
import io
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from worker.cli.destination import Destination, StandardOutput, cannot_write
from worker.cli.errors import Complaint

STANDARD = Path("-")
"""The name that people write for standard output."""

OPEN_FILE = re.compile(r"/proc/(?P<pid>\d+)(/task/\d+)?/fd/(?P<number>\d+)")
"""The path of an open file of a process, where `/dev/stdout` leads to (proc(5))."""
MOST_LINKS = 40
"""Follow at most so many links, as Linux does (path_resolution(7))."""
BLOCK_BYTES = 128 * 1024
PLACE = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC
"""How a folder is opened to name files in it; with `O_PATH`, we need no right to list it."""
ACCESS_LIST = "system.posix_acl_access"


def output_path(named: str | Path) -> Path:
    """Return the path that a person named for a file to write. Raises `Complaint` if no file can have this name."""
    name = str(named)  # a path if it is the default of an option
    if not name:
        raise Complaint("The name of the file to write is empty.", "Name a file.")
    if name.endswith("/") and not Path(name).is_dir():
        raise Complaint(f"{name} ends with a slash, so it names a folder.", "Name a file.")
    return Path(name)


@contextmanager
def written(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Yield a file to write; `path` has its content only when the `with` block ends without an error.

    `-` is standard output. `private`: a file that is not there yet gets mode 0600. Raises `Complaint` if the file
    cannot be written.
    """
    if path == STANDARD:
        with buffered(StandardOutput()) as file:
            yield file
        return
    try:
        there = status_of(path)
        if there is not None and stat.S_ISDIR(there.st_mode):
            raise Complaint(f"{path} is a folder.", "Name a file in it.")
        target = followed(path)
        is_replaced = there is None or (stat.S_ISREG(there.st_mode) and not OPEN_FILE.fullmatch(str(target)))
        direct = None if is_replaced else opened(target)
    except OSError as error:
        raise cannot_write(path, error) from error
    if direct is None:
        with replaced(path, target, private=private) as file:
            yield file
    else:
        with closing(Destination(direct, path)) as destination, buffered(destination) as file:
            yield file


def status_of(path: Path) -> os.stat_result | None:
    """Return the status of the file that `path` leads to; None if there is no such file yet."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def followed(path: Path) -> Path:
    """Return where the links of `path` lead: the real path of a folder, and a name in it that need not exist.

    An open file of a process is not followed further, because the file may have lost its name. Raises `OSError`.
    """
    for _ in range(MOST_LINKS):
        path = path.parent.resolve(strict=True) / path.name
        if OPEN_FILE.fullmatch(str(path)) or not path.is_symlink():
            return path
        path = path.parent / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def opened(target: Path) -> int:
    """Return a descriptor of a device, a pipe or an open file. Opening a pipe waits for a program that reads it."""
    open_file = OPEN_FILE.fullmatch(str(target))
    if open_file and int(open_file["pid"]) == os.getpid():
        return os.dup(int(open_file["number"]))  # so we continue where others have stopped writing
    return os.open(target, os.O_WRONLY | os.O_NOCTTY | os.O_CLOEXEC)


@contextmanager
def closing(destination: Destination) -> Iterator[Destination]:
    """Close the destination at the end. Errors of the system while closing count: data may be lost by then."""
    try:
        yield destination
        destination.finish()
    finally:
        destination.close()


@contextmanager
def buffered(destination: io.RawIOBase) -> Iterator[BinaryIO]:
    """Yield a buffer before the destination. At the end all of it is written; after an error, none of the rest."""
    file = io.BufferedWriter(destination, BLOCK_BYTES)
    try:
        yield file
        file.flush()
        destination.flush()
    except BaseException:
        with suppress(OSError):
            destination.close()  # so the buffer cannot write its rest
        raise
    file.detach()


@contextmanager
def replaced(path: Path, target: Path, *, private: bool) -> Iterator[BinaryIO]:
    """Yield a new file beside `target` that takes its place at the end; `path` is its name in messages.

    Until then it is called `.onrecord-….part` and has mode 0600. Only a killed process leaves it there.
    """
    partial = f".onrecord-{os.urandom(8).hex()}.part"
    try:
        folder = os.open(target.parent, PLACE)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        try:
            old = regular(folder, target)
            mode = (0o600 if private else 0o666 & ~umask()) if old is None else stat.S_IMODE(old.st_mode) & 0o777
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            destination = Destination(os.open(partial, flags, 0o600, dir_fd=folder), path)
        except OSError as error:
            raise cannot_write(path, error, target.parent) from error
        with closing(destination):
            if old is not None:
                give_owner(destination.fileno(), path, target, old)
            with buffered(destination) as file:
                yield file
            destination.sync()
            if stat.S_IMODE(os.fstat(destination.fileno()).st_mode) != mode:
                with suppress(PermissionError):  # on a disk without modes (FAT); there the old file had no other mode
                    os.fchmod(destination.fileno(), mode)
        try:
            regular(folder, target)
            os.replace(partial, target.name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError as error:
            raise cannot_write(path, error, target.parent) from error
        sync_folder(folder)
    finally:
        with suppress(OSError):
            os.unlink(partial, dir_fd=folder)
        os.close(folder)


def regular(folder: int, target: Path) -> os.stat_result | None:
    """Return the status of the file to replace; None if there is none. Raises `Complaint` if it must not be replaced.

    It is looked at when we begin and when the new file is complete, since others may have put something there.
    """
    try:
        there = os.stat(target.name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(there.st_mode):
        raise Complaint(f"{target} is no regular file any more, so it was not replaced.", "Look at it, and try again.")
    if not os.access(target.name, os.W_OK, dir_fd=folder, effective_ids=os.access in os.supports_effective_ids):
        raise Complaint(f"{target} cannot be written: it is write-protected.", "`chmod u+w` it, or name another file.")
    return there


def give_owner(descriptor: int, path: Path, target: Path, old: os.stat_result) -> None:
    """Give the new file the owner, the group and the access list of the old one. Raises `Complaint` if we may not."""
    try:
        new = os.fstat(descriptor)
        if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
            os.fchown(descriptor, old.st_uid, old.st_gid)
        if hasattr(os, "getxattr"):  # Linux
            copy_access_list(target, descriptor)
    except OSError as error:
        raise Complaint(
            f"{path} belongs to uid {old.st_uid} and gid {old.st_gid}, "
            f"and we cannot give a new file to them ({error.strerror}).",
            "Remove it first, name another file, or run this as its owner.",
        ) from error


def copy_access_list(target: Path, descriptor: int) -> None:
    """Give the new file the access list (ACL) of the old one, and none if the old one has none. Raises `OSError`."""
    try:
        os.setxattr(descriptor, ACCESS_LIST, os.getxattr(target, ACCESS_LIST, follow_symlinks=False))
    except OSError as error:
        if error.errno not in (errno.ENODATA, errno.ENOTSUP):
            raise
        with suppress(OSError):  # the folder may have given it one
            os.removexattr(descriptor, ACCESS_LIST)


def sync_folder(folder: int) -> None:
    """Ask the system to keep the new name through a power failure; a folder that we cannot read cannot be synced."""
    with suppress(OSError):
        readable = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=folder)
        try:
            os.fsync(readable)
        finally:
            os.close(readable)


def umask() -> int:
    """Return the umask of this process."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
