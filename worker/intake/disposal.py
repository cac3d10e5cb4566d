"""Archiving or deleting a stored file: renamed to a private name, hashed, and only then moved or unlinked.

Every step can be repeated: a file left under its private name by a crash is found there and carried on with.
A file that changed in between gets its name back and is read again by the next scan.
"""

import contextlib
import errno
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from worker.intake.content import BLOCK
from worker.intake.opening import FOLDER, Passing, open_regular, parent_folder
from worker.reasons import Reason, Refused

PRIVATE = b".onrecord-"
"""Names that begin so are ours; the watcher passes them over."""


@dataclass(frozen=True, slots=True)
class Done:
    """Whether the file is where it should be now, and if not, why."""

    done: bool
    message: str | None = None


def dispose(inbox: bytes, path: bytes, sha256: bytes, file_id: int, archive: Path | None) -> Done:
    """Archive (into `archive`, at the same relative path) or, without it, delete one file."""
    private = PRIVATE + str(file_id).encode()
    try:
        with parent_folder(inbox, path) as (folder, name):
            if not take_aside(folder, name, private, sha256):
                return Done(False, "The file has changed since it was stored; it was left alone.")
            if archive is not None:
                keep(folder, private, os.fsencode(archive), path, file_id, sha256)
            os.unlink(private, dir_fd=folder)
            return Done(True)
    except (Refused, Passing) as away:
        return Done(False, f"The file was left alone: {away}")
    except OSError as error:
        give_back(inbox, path, private)
        return Done(False, f"{error.strerror}; tried again later.")


def take_aside(folder: int, name: bytes, private: bytes, sha256: bytes) -> bool:
    """Rename the file to its private name and make sure that it is the one that was stored."""
    try:
        os.stat(private, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        os.close(open_regular(folder, name))
        os.rename(name, private, src_dir_fd=folder, dst_dir_fd=folder)
    if digest(folder, private) == sha256:
        return True
    put_back(folder, private, name)
    return False


def digest(folder: int, name: bytes) -> bytes:
    """SHA-256 of a regular file in an open folder."""
    with os.fdopen(open_regular(folder, name), "rb", buffering=0) as file:
        found = hashlib.sha256()
        while block := file.read(BLOCK):
            found.update(block)
        return found.digest()


def put_back(folder: int, private: bytes, name: bytes) -> None:
    """Give the file its name back, never over a newer file of that name."""
    with contextlib.suppress(FileNotFoundError):
        try:
            os.link(private, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
        except FileExistsError:
            name = name + b".kept-by-onrecord"
            os.link(private, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
        os.unlink(private, dir_fd=folder)


def give_back(inbox: bytes, path: bytes, private: bytes) -> None:
    """After a failed move (a full disk, say) the file gets its name back, as far as that is possible."""
    with contextlib.suppress(OSError, Refused, Passing), parent_folder(inbox, path) as (folder, name):
        put_back(folder, private, name)


def keep(folder: int, private: bytes, archive: bytes, path: bytes, file_id: int, sha256: bytes) -> None:
    """Copy the file into the archive under its own relative path, safely on disk before the original goes."""
    *folders, name = path.split(b"/")
    os.makedirs(archive, exist_ok=True)
    here = os.open(archive, FOLDER)
    try:
        for part in folders:
            with contextlib.suppress(FileExistsError):
                os.mkdir(part, dir_fd=here)
            below = os.open(part, FOLDER | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = below
        target = free_name(here, name, file_id, sha256)
        if target is None:
            return
        partial = PRIVATE + str(file_id).encode() + b".part"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(partial, dir_fd=here)
        writing = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=here)
        with os.fdopen(open_regular(folder, private), "rb") as source, os.fdopen(writing, "wb") as copy:
            shutil.copyfileobj(source, copy, BLOCK)
            copy.flush()
            os.fsync(copy.fileno())
            status = os.fstat(source.fileno())
            os.utime(copy.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
        os.rename(partial, target, src_dir_fd=here, dst_dir_fd=here)
        os.fsync(here)
    finally:
        os.close(here)


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
