"""Reading streams in bounded memory: whole, by line, or unpacked."""

import codecs
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from worker.reasons import Reason, Refused

HEAD = 64 * 1024  # read this many bytes at the start of a file to recognise its format
CHUNK = 1 << 20  # read at most this many bytes at a time


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number from 1, and its bytes without the line end. If it is too long, `raw` is None."""

    number: int
    raw: bytes | None


def read_whole(stream: BinaryIO, limit: int, setting: str) -> bytes:
    """Return all bytes of `stream`.

    Raise `Refused(too_large)` if there are more than `limit` bytes; its message names the `setting` to raise.
    """
    raw = read_up_to(stream, limit + 1)
    if len(raw) > limit:
        raise Refused(
            Reason.TOO_LARGE,
            f"It is larger than {limit:,} bytes. If it really is one article, raise {setting}.",
        )
    return raw


def read_up_to(stream: BinaryIO, count: int) -> bytes:
    """Return the next `count` bytes, or fewer at the end of the stream."""
    pieces: list[bytes] = []
    while count > 0 and (piece := stream.read(min(count, CHUNK))):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def lines(stream: BinaryIO, limit: int) -> Iterator[Line]:
    """Yield the lines of `stream`. A line with more than `limit` bytes is read in chunks that are not kept."""
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


def too_long(number: int, limit: int) -> str:
    """Return the message for a line with more than `limit` bytes."""
    return f"Line {number} is longer than {limit:,} bytes (ONRECORD_MAX_MEMBER_BYTES)."


class Chained(io.RawIOBase):
    """A stream that gives the bytes `first`, then the bytes of the stream `rest`, and counts all bytes read from it."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first = memoryview(first)
        self._rest = rest
        self._count = 0

    def readable(self) -> bool:
        """Return True, as `io` requires of a stream for reading."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill `buffer` with the bytes of one read, and return their count."""
        piece = self._first[: len(buffer)] if self._first else memoryview(self._rest.read(len(buffer)))
        self._first = self._first[len(piece) :]
        buffer[: len(piece)] = piece
        self._count += len(piece)
        return len(piece)

    def tell(self) -> int:
        """Return the count of bytes read so far. FastWARC also calls this."""
        return self._count


def chained(first: bytes, rest: BinaryIO) -> io.BufferedReader:
    """Return one buffered stream of `first` and then the remaining bytes of `rest`."""
    return io.BufferedReader(Chained(first, rest), HEAD)


class Recoded(io.RawIOBase):
    """The bytes of a stream with all line ends (CR, CR LF) as LF; those of a wide encoding (UTF-16) become UTF-8.

    Wide characters that are damaged become U+FFFD.
    """

    def __init__(self, stream: BinaryIO, wide: str | None = None) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(wide)("replace") if wide else None
        self._ready = b""
        self._after_cr = False  # the last byte that was read is a CR, for which an LF was given
        self._is_at_end = False

    def readable(self) -> bool:
        """Return True, as `io` requires of a stream for reading."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill `buffer` with the next bytes, and return their count."""
        while not self._ready and not self._is_at_end:
            self._read()
        piece, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)

    def _read(self) -> None:
        raw = self._stream.read(HEAD)
        self._is_at_end = not raw
        if self._decoder is not None:
            raw = self._decoder.decode(raw, final=self._is_at_end).encode()
        if not raw:
            return
        if self._after_cr and raw.startswith(b"\n"):
            raw, self._after_cr = raw[1:], False
        self._after_cr = raw.endswith(b"\r") if raw else self._after_cr
        self._ready = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


class Unpacked(io.RawIOBase):
    """The output of a decompressor. Reading it raises `Refused` if the output is a bomb or too large.

    The reason is `bomb` if there are more than `max_ratio` unpacked bytes for each packed byte, or `too_large` if there
    are more than `limit` unpacked bytes. `packed_count` returns the number of packed bytes to compare with.
    """

    RATIO_FLOOR = 1_000_000  # ignore the ratio up to this many unpacked bytes: a bomb of this size does no harm

    def __init__(self, stream: BinaryIO, packed_count: Callable[[], int], max_ratio: int, limit: int) -> None:
        self._stream = stream
        self._packed_count = packed_count
        self._max_ratio = max_ratio
        self._limit = limit
        self._count = 0

    def readable(self) -> bool:
        """Return True, as `io` requires of a stream for reading."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill `buffer` with the bytes of one read, and return their count. Raise `Refused` beyond a bound."""
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self._count += len(piece)
        if self._count > self.RATIO_FLOOR and self._count > self._max_ratio * self._packed_count():
            raise Refused(
                Reason.BOMB,
                f"It unpacks to more than {self._max_ratio} times its size, as decompression bombs do. If it is "
                "sound, unpack it yourself and drop what is inside.",
            )
        if self._count > self._limit:
            raise Refused(
                Reason.TOO_LARGE,
                f"It unpacks to more than {self._limit:,} bytes. Unpack it and drop what is inside, or raise "
                "ONRECORD_MAX_CONTAINER_BYTES.",
            )
        return len(piece)
