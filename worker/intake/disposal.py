"""Moving a stored file away: copy it to the archive, rename it to a private name, hash it, and only then unlink it.

Every step can be repeated. If a crash leaves a file under its private name, the next try continues from there.
A file that changes during the move gets its name back, and is read again after the next scan.
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
"""Ignore names that begin with this: Onrecord makes them, and the watcher skips them."""

CHANGED = "The file has changed since it was stored; it was left alone."
FAILED = "{what} failed: {why}. The file stays where it is, and this is tried again every few minutes; see to {where}."


@dataclass(frozen=True, slots=True)
class Done:
    """The outcome of a move: `done` if the file is where it should be. If not, `reason` and `message` say why."""

    done: bool
    reason: NotMoved = NotMoved.LEFT_ALONE
    message: str = "The file was left alone."


def dispose(inbox: bytes, path: bytes, sha256: bytes, file_id: int, archive: Path | None) -> Done:
    """Move one file to the same relative path in `archive`, or delete it if `archive` is None.

    The file is copied to the archive before anything else happens to it. So if the archive is full or absent, the file
    is not even renamed. (The watcher would see a renamed file as a new file.)
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
            return Done(True)  # an earlier process moved the file, but died before it could store that
        return Done(False, NotMoved.LEFT_ALONE, f"The file was left alone: {away}")
    except OSError as error:
        give_back(inbox, path, private)
        what, where = ("Archiving", archive) if archive else ("Deleting", "the rights on its folder")
        return Done(False, NotMoved.FAILED, FAILED.format(what=what, why=error.strerror, where=where))


def has_left(path: bytes, sha256: bytes, file_id: int, archive: Path | None) -> bool:
    """True if a file that is gone from its folder is in the archive, or was to be deleted (`archive` is None)."""
    if archive is None:
        return True
    with suppress(OSError, Refused), archive_folder(os.fsencode(archive), path) as there:
        return free_name(there, os.path.basename(path), file_id, sha256) is None
    return False


def take_aside(folder: int, name: bytes, private: bytes, sha256: bytes) -> bool:
    """Rename the file to its private name. If it is not the file that was stored, rename it back and return False."""
    if not exists(folder, private):
        os.close(open_regular(folder, name))
        os.rename(name, private, src_dir_fd=folder, dst_dir_fd=folder)
    if digest(folder, private) == sha256:
        return True
    put_back(folder, private, name)
    return False


def exists(folder: int, name: bytes) -> bool:
    """True if an open folder has an entry with this name."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def digest(folder: int, name: bytes) -> bytes:
    """Return the SHA-256 of a regular file in an open folder."""
    with os.fdopen(open_regular(folder, name), "rb", buffering=0) as file:
        sha256 = hashlib.sha256()
        while block := file.read(BLOCK):
            sha256.update(block)
        return sha256.digest()


def put_back(folder: int, private: bytes, name: bytes) -> None:
    """Give the file its name back. If a newer file has that name, the name gets the ending `.kept-by-onrecord`."""
    with suppress(FileNotFoundError):
        try:
            os.link(private, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
        except FileExistsError:
            name = name + b".kept-by-onrecord"
            os.link(private, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
        os.unlink(private, dir_fd=folder)


def give_back(inbox: bytes, path: bytes, private: bytes) -> None:
    """Give the file its name back after a failed move (for example, if a disk is full); errors are ignored."""
    with suppress(OSError, Refused, Passing), parent_folder(inbox, path) as (folder, name):
        put_back(folder, private, name)


def remove_from_archive(archive: Path, path: bytes, sha256: bytes, file_id: int) -> bool:
    """Delete the copy of a file from the archive; return False if there is no file with these bytes at its place.

    Links are not followed, and files with other bytes are left alone. Raise `OSError` if the copy cannot be deleted.
    """
    with suppress(Refused, Passing), parent_folder(os.fsencode(archive), path) as (folder, name):
        for candidate in (name, name + b"." + str(file_id).encode()):
            with suppress(Refused):
                if digest(folder, candidate) == sha256:
                    os.unlink(candidate, dir_fd=folder)
                    return True
    return False


@contextmanager
def archive_folder(archive: bytes, path: bytes) -> Iterator[int]:
    """Open the folder in the archive for the file at `path`; make the folder if it does not exist."""
    os.makedirs(archive, exist_ok=True)
    here = os.open(archive, FOLDER)
    try:
        for name in path.split(b"/")[:-1]:
            with suppress(FileExistsError):
                os.mkdir(name, dir_fd=here)
            below = os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)


def copy_in(folder: int, name: bytes, private: bytes, there: int, file_id: int, sha256: bytes) -> bytes | None:
    """Copy the file into the archive under a private name, flush the copy to disk, and return that name.

    Return None if the file is in the archive already.
    """
    if free_name(there, name, file_id, sha256) is None:
        return None
    partial = PRIVATE + str(file_id).encode() + b".part"
    discard(there, partial)
    source = open_regular(folder, private if exists(folder, private) else name)
    try:
        with os.fdopen(source, "rb") as original:
            status = os.fstat(original.fileno())
            room = os.fstatvfs(there)
            # Check this first, because copying until the disk is full takes long.
            if status.st_size > room.f_bavail * room.f_frsize:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            writing = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=there)
            with os.fdopen(writing, "wb") as copy:
                shutil.copyfileobj(original, copy, BLOCK)
                copy.flush()
                os.utime(copy.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
                os.fsync(copy.fileno())
        if digest(there, partial) != sha256:
            discard(there, partial)  # the file has changed, and `take_aside` will notice that
        return partial
    except OSError:
        discard(there, partial)
        raise


def keep(there: int, partial: bytes | None, name: bytes, file_id: int, sha256: bytes) -> None:
    """Give the copy in the archive its final name."""
    target = free_name(there, name, file_id, sha256)
    if partial is not None and target is not None:
        os.rename(partial, target, src_dir_fd=there, dst_dir_fd=there)
        os.fsync(there)


def discard(folder: int, name: bytes | None) -> None:
    """Remove an unfinished copy, if there is one."""
    with suppress(FileNotFoundError):
        if name is not None:
            os.unlink(name, dir_fd=folder)


def free_name(folder: int, name: bytes, file_id: int, sha256: bytes) -> bytes | None:
    """Return a free name in the archive: `name`, or `name.ID` if another version of the file has that name.

    Return None if this file is archived already, by a process that crashed afterwards. Raise `FileExistsError` if both
    names belong to other files.
    """
    for candidate in (name, name + b"." + str(file_id).encode()):
        try:
            if digest(folder, candidate) == sha256:
                return None
        except Refused as refused:
            if refused.reason is Reason.VANISHED:
                return candidate
    raise FileExistsError(errno.EEXIST, "another file has this name in the archive")
