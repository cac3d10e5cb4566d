"""Archiving or deleting a stored file: copied to the archive, renamed to a private name, hashed, only then unlinked.

Every step can be repeated: a file left under its private name by a crash is found there and carried on with.
A file that changed in between gets its name back and is read again by the next scan.
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from worker.intake.content import BLOCK
from worker.intake.opening import FOLDER, Passing, open_regular, parent_folder
from worker.reasons import NotMoved, Reason, Refused

PRIVATE = b".onrecord-"
"""Names that begin so are ours; the watcher passes them over."""

CHANGED = "The file has changed since it was stored; it was left alone."
FAILED = "{what} failed: {why}. The file stays where it is, and this is tried again every few minutes; see to {where}."


@dataclass(frozen=True, slots=True)
class Done:
    """Whether the file is where it should be now, and if not, why: as a code and as a sentence."""

    done: bool
    reason: NotMoved = NotMoved.LEFT_ALONE
    message: str = "The file was left alone."


def dispose(inbox: bytes, path: bytes, sha256: bytes, file_id: int, archive: Path | None) -> Done:
    """Archive (into `archive`, at the same relative path) or, without it, delete one file.

    The archive has its copy before the file is touched: one that is full or away costs the file nothing, not even a
    rename, which the watcher would take for news.
    """
    private = PRIVATE + str(file_id).encode()
    try:
        with parent_folder(inbox, path) as (folder, name):
            if archive is None:
                if not take_aside(folder, name, private, sha256):
                    return Done(False, NotMoved.CHANGED, CHANGED)
            else:
                with archive_folder(os.fsencode(archive), path) as there:
                    partial = copy_in(folder, name, private, there, file_id, sha256)
                    if not take_aside(folder, name, private, sha256):
                        discard(there, partial)
                        return Done(False, NotMoved.CHANGED, CHANGED)
                    keep(there, partial, name, file_id, sha256)
            os.unlink(private, dir_fd=folder)
            return Done(True)
    except (Refused, Passing) as away:
        if isinstance(away, Refused) and away.reason is Reason.VANISHED and has_left(path, sha256, file_id, archive):
            return Done(True)  # it was moved before, by a process that died before it could say so
        return Done(False, NotMoved.LEFT_ALONE, f"The file was left alone: {away}")
    except OSError as error:
        give_back(inbox, path, private)
        what, where = ("Archiving", archive) if archive else ("Deleting", "the rights on its folder")
        return Done(False, NotMoved.FAILED, FAILED.format(what=what, why=error.strerror, where=where))


def has_left(path: bytes, sha256: bytes, file_id: int, archive: Path | None) -> bool:
    """Whether a file that is not in its folder is where it should be: nowhere, or in the archive."""
    if archive is None:
        return True
    with suppress(OSError, Refused), archive_folder(os.fsencode(archive), path) as there:
        return free_name(there, os.path.basename(path), file_id, sha256) is None
    return False


def take_aside(folder: int, name: bytes, private: bytes, sha256: bytes) -> bool:
    """Rename the file to its private name and make sure that it is the one that was stored."""
    if not exists(folder, private):
        os.close(open_regular(folder, name))
        os.rename(name, private, src_dir_fd=folder, dst_dir_fd=folder)
    if digest(folder, private) == sha256:
        return True
    put_back(folder, private, name)
    return False


def exists(folder: int, name: bytes) -> bool:
    """Whether there is anything of this name in an open folder."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def digest(folder: int, name: bytes) -> bytes:
    """SHA-256 of a regular file in an open folder."""
    with os.fdopen(open_regular(folder, name), "rb", buffering=0) as file:
        found = hashlib.sha256()
        while block := file.read(BLOCK):
            found.update(block)
        return found.digest()


def put_back(folder: int, private: bytes, name: bytes) -> None:
    """Give the file its name back, never over a newer file of that name."""
    with suppress(FileNotFoundError):
        try:
            os.link(private, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
        except FileExistsError:
            name = name + b".kept-by-onrecord"
            os.link(private, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
        os.unlink(private, dir_fd=folder)


def give_back(inbox: bytes, path: bytes, private: bytes) -> None:
    """After a failed move (a full disk, say) the file gets its name back, as far as that is possible."""
    with suppress(OSError, Refused, Passing), parent_folder(inbox, path) as (folder, name):
        put_back(folder, private, name)


@contextmanager
def archive_folder(archive: bytes, path: bytes) -> Iterator[int]:
    """The open folder of the archive that takes the file of `path`; made if it is not there."""
    os.makedirs(archive, exist_ok=True)
    here = os.open(archive, FOLDER)
    try:
        for part in path.split(b"/")[:-1]:
            with suppress(FileExistsError):
                os.mkdir(part, dir_fd=here)
            below = os.open(part, FOLDER | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)


def copy_in(folder: int, name: bytes, private: bytes, there: int, file_id: int, sha256: bytes) -> bytes | None:
    """Copy the file into the archive under a name of ours, safely on disk; None if the archive has it already."""
    if free_name(there, name, file_id, sha256) is None:
        return None
    partial = PRIVATE + str(file_id).encode() + b".part"
    discard(there, partial)
    source = open_regular(folder, private if exists(folder, private) else name)
    try:
        with os.fdopen(source, "rb") as original:
            status = os.fstat(original.fileno())
            room = os.fstatvfs(there)
            if status.st_size > room.f_bavail * room.f_frsize:  # asked first, as to find out by copying takes long
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            writing = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=there)
            with os.fdopen(writing, "wb") as copy:
                shutil.copyfileobj(original, copy, BLOCK)
                copy.flush()
                os.utime(copy.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
                os.fsync(copy.fileno())
        if digest(there, partial) != sha256:
            discard(there, partial)  # the file has changed; `take_aside` sees it, too
        return partial
    except OSError:
        discard(there, partial)
        raise


def keep(there: int, partial: bytes | None, name: bytes, file_id: int, sha256: bytes) -> None:
    """Give the copy in the archive its name."""
    target = free_name(there, name, file_id, sha256)
    if partial is not None and target is not None:
        os.rename(partial, target, src_dir_fd=there, dst_dir_fd=there)
        os.fsync(there)


def discard(folder: int, name: bytes | None) -> None:
    """Remove a copy that was begun, if there is one."""
    with suppress(FileNotFoundError):
        if name is not None:
            os.unlink(name, dir_fd=folder)


def free_name(folder: int, name: bytes, file_id: int, sha256: bytes) -> bytes | None:
    """`name`, or `name.ID` where another version has it; None if this one is archived already (after a crash)."""
    for candidate in (name, name + b"." + str(file_id).encode()):
        try:
            if digest(folder, candidate) == sha256:
                return None
        except Refused as refused:
            if refused.reason is Reason.VANISHED:
                return candidate
    raise FileExistsError(errno.EEXIST, "another file has this name in the archive")
