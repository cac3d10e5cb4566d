"""Reading streams within bounds."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from worker.reasons import Reason, Refused

HEAD = 64 * 1024  # bytes that tell what a file is
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number from 1, and its bytes without the line's end; None where it was too long."""

    number: int
    raw: bytes | None


def read_whole(stream: BinaryIO, limit: int, setting: str) -> bytes:
    """All of `stream`; `too_large` beyond `limit` bytes, naming the `setting` that may be raised."""
    raw = read_up_to(stream, limit + 1)
    if len(raw) > limit:
        raise Refused(
            Reason.TOO_LARGE,
            f"It is larger than {limit:,} bytes. If it really is one article, raise {setting}.",
        )
    return raw


def read_up_to(stream: BinaryIO, count: int) -> bytes:
    """The next `count` bytes, fewer only at the end of the stream."""
    pieces: list[bytes] = []
    while count > 0 and (piece := stream.read(min(count, CHUNK))):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def lines(stream: BinaryIO, limit: int) -> Iterator[Line]:
    """The lines of `stream`; one longer than `limit` bytes is passed over in chunks, never held."""
    number = 0
    while piece := stream.readline(limit + 2):
        number += 1
        raw = piece.rstrip(b"\r\n")
        if len(raw) <= limit:
            yield Line(number, raw)
            continue
        while piece and not piece.endswith(b"\n"):
            piece = stream.readline(CHUNK)
        yield Line(number, None)


class Chained(io.RawIOBase):
    """Bytes that were read already, then the rest of their stream."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first = memoryview(first)
        self._rest = rest
        self._at = 0

    def readable(self) -> bool:
        """True: it is only read."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill `buffer` as far as one read goes."""
        piece = self._first[: len(buffer)] if self._first else memoryview(self._rest.read(len(buffer)))
        self._first = self._first[len(piece) :]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def tell(self) -> int:
        """Bytes read so far; FastWARC asks."""
        return self._at


def chained(first: bytes, rest: BinaryIO) -> io.BufferedReader:
    """`first`, then what is left of `rest`, as one buffered stream."""
    return io.BufferedReader(Chained(first, rest), HEAD)


class Unpacked(io.RawIOBase):
    """What a decompressor gives, counted: refused as a bomb beyond `max_ratio`, as too large beyond `limit` bytes."""

    RATIO_FLOOR = 1_000_000  # bytes; a bomb smaller than this harms nobody

    def __init__(self, stream: BinaryIO, packed: Callable[[], int], max_ratio: int, limit: int) -> None:
        self._stream = stream
        self._packed = packed  # packed bytes so far
        self._max_ratio = max_ratio
        self._limit = limit
        self.count = 0

    def readable(self) -> bool:
        """True: it is only read."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill `buffer` as far as one read goes; raises `Refused` when a bound is passed."""
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self.count += len(piece)
        if self.count > self.RATIO_FLOOR and self.count > self._max_ratio * self._packed():
            raise Refused(
                Reason.BOMB,
                f"It unpacks to more than {self._max_ratio} times its size, as decompression bombs do. If it is "
                "sound, unpack it yourself and drop what is inside.",
            )
        if self.count > self._limit:
            raise Refused(
                Reason.TOO_LARGE,
                f"It unpacks to more than {self._limit:,} bytes. Unpack it and drop the parts, or raise "
                "ONRECORD_MAX_CONTAINER_BYTES.",
            )
        return len(piece)
