"""Reading a dropped file once: it is copied into memory or into an unlinked temporary file.

The file is hashed while it is copied, and only the copy is parsed. So the hash always belongs to the parsed bytes.
"""

import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import RawIOBase
from typing import BinaryIO, cast

from worker.intake.opening import Passing, open_regular, parent_folder
from worker.reasons import Reason, Refused
from worker.store.sightings import Stat

BLOCK = 1 << 20  # copy this many bytes at a time
IN_MEMORY = 16_000_000  # keep a copy of at most this many bytes in memory


class Changed(Exception):
    """Raised if a file changed while it was read. The file is not at rest, so it waits again."""


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a file: a seekable copy, its SHA-256, and the file's stat at that time."""

    copy: BinaryIO
    sha256: bytes
    stat: Stat


def spool(size: int) -> BinaryIO:
    """Return an empty file for `size` bytes: in memory, or on disk without a name, so no other process can open it."""
    return io.BytesIO() if size <= IN_MEMORY else cast(BinaryIO, tempfile.TemporaryFile())


@contextmanager
def read(inbox: bytes, path: bytes, *, largest: int, least_free: int) -> Iterator[Content]:
    """Read the file at `path` below `inbox`, and give its content.

    Raise `Refused` if the file has vanished, is a link, is not regular, cannot be read, or has more than `largest`
    bytes. Raise `Changed`, or `Passing` for an input/output error or if the disk is too full: after the copy,
    `least_free` bytes must still be free.
    """
    with parent_folder(inbox, path) as (folder, name):
        source = open_regular(folder, name)
    with os.fdopen(source, "rb", buffering=0) as file:
        before = os.fstat(file.fileno())
        if before.st_size > largest:
            raise Refused(
                Reason.TOO_LARGE,
                f"The file has {before.st_size:,} bytes, the limit is {largest:,}; split it,"
                " or raise ONRECORD_MAX_CONTAINER_BYTES.",
            )
        if shutil.disk_usage(tempfile.gettempdir()).free < least_free + before.st_size:
            raise Passing("too little free disk to read files; free some, or lower ONRECORD_MIN_FREE_BYTES")
        with spool(before.st_size) as copy:
            try:
                sha256 = pour(file, copy, before.st_size)
            except OSError as error:
                raise Passing(f"reading failed: {error.strerror}") from error
            if Stat.of(os.fstat(file.fileno())) != Stat.of(before):
                raise Changed
            copy.seek(0)
            yield Content(copy, sha256, Stat.of(before))


def pour(file: RawIOBase, copy: BinaryIO, size: int) -> bytes:
    """Copy `size` bytes and return their SHA-256. Raise `Changed` if the file has more or fewer bytes."""
    digest = hashlib.sha256()
    copied = 0
    while block := file.read(BLOCK):
        digest.update(block)
        copy.write(block)
        copied += len(block)
        if copied > size:
            break
    if copied != size:
        raise Changed
    return digest.digest()
