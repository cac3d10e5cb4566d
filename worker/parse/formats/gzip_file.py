"""gzip: one file of another format, which its own content and the name without ".gz" decide."""

import gzip
import io
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from worker.parse.article import Member
from worker.parse.format import Format, Limits
from worker.parse.naming import without_extension
from worker.parse.reading import HEAD, Unpacked
from worker.parse.splitting import members
from worker.reasons import Reason, Refused


class Counted(io.RawIOBase):
    """A stream that counts what was read of it: the packed bytes that a ratio is taken against."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        """True: it is only read."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill `buffer` as far as one read goes."""
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self.count += len(piece)
        return len(piece)


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """The members of the file inside. Raises `Refused`: `bomb`, `too_large`; `malformed` for a damaged file."""
    packed = Counted(stream)
    unpacked = Unpacked(
        cast(BinaryIO, gzip.GzipFile(fileobj=io.BufferedReader(packed, HEAD))),
        lambda: packed.count,
        limits.max_ratio,
        limits.max_container_bytes,
    )
    try:
        yield from members(io.BufferedReader(unpacked, HEAD), without_extension(name), limits, inside=True)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Refused(
            Reason.MALFORMED, f"The gzip file is damaged or cut off ({error}). Download or copy it again."
        ) from error


FORMAT = Format(
    name="gzip file",
    extensions=(".gz",),
    sniff=lambda head: head.startswith(b"\x1f\x8b"),
    split=split,
    binary=True,
    archive=True,
)
