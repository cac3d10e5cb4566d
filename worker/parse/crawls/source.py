"""A stream that can be read again where a record turns out to be shorter than it says."""

import io
from typing import BinaryIO

from worker.parse.reading import read_up_to

LONGEST_LINE = 64 * 1024  # read at most this many bytes of a line
PATIENCE = 64_000_000  # so many bytes, and `REPEATS` times what was read, are read again because of wrong lengths
REPEATS = 4


class Source:
    """A stream of which bytes can be given back."""

    def __init__(self, stream: BinaryIO) -> None:
        self._streams = [stream]
        self._again = b""
        self._place = 0  # the next byte of `_again`
        self._inserted = 0  # so many bytes are left in the streams that `read_first` got
        self._first_time = 0  # so many bytes were read from the stream itself
        self._repeated = 0  # so many bytes were given back
        self._is_at_end = False  # the stream itself has no more bytes

    def give_back(self, raw: bytes) -> None:
        """Let these bytes be read again, before all others."""
        self._repeated += len(raw)
        start = self._place - len(raw)
        if start >= 0 and self._again[start : self._place] == raw:  # copy nothing
            self._place = start
            return
        self._again, self._place = raw + self._again[self._place :], 0

    def read_first(self, stream: BinaryIO, size: int) -> None:
        """Read this stream of `size` bytes before all other bytes."""
        again = self._again[self._place :]
        self._streams += [io.BytesIO(again), stream]
        self._again, self._place = b"", 0
        self._inserted += len(again) + size
        self._repeated += size

    def line(self) -> bytes:
        """Return the next line, or the first bytes of a long one; b"" at the end."""
        end = self._again.find(b"\n", self._place) + 1
        if end:
            return self._from_again(end)
        line = self._from_again(len(self._again))
        while not line.endswith(b"\n") and len(line) < LONGEST_LINE:
            piece = self._counted(self._streams[-1].readline(LONGEST_LINE))
            line += piece
            if not piece and not self._next_stream():
                break
        return line

    def read(self, count: int) -> bytes:
        """Return the next `count` bytes, or fewer at the end."""
        raw = self._from_again(min(self._place + count, len(self._again)))
        while len(raw) < count:
            raw += self._counted(read_up_to(self._streams[-1], count - len(raw)))
            if len(raw) < count and not self._next_stream():
                break
        return raw

    def can_hold(self, count: int) -> bool:
        """Return False if it is not worth while to read `count` bytes: it is known that there are not so many.

        It is also False if wrong lengths have let far more bytes be read again than the stream has.
        """
        left = len(self._again) - self._place + self._inserted
        return (count <= left or not self._is_at_end) and self._repeated <= PATIENCE + REPEATS * self._first_time

    def _from_again(self, end: int) -> bytes:
        """Return the bytes that were given back, up to the place `end`."""
        raw = self._again[self._place : end]
        self._place = end
        if end == len(self._again):
            self._again, self._place = b"", 0
        return raw

    def _counted(self, piece: bytes) -> bytes:
        """Return `piece`, which was just read from the last one of the streams."""
        if len(self._streams) > 1:
            self._inserted -= len(piece)
        else:
            self._first_time += len(piece)
        return piece

    def _next_stream(self) -> bool:
        """Leave a stream that is at its end; return False if there is no other."""
        if len(self._streams) == 1:
            self._is_at_end = True
            return False
        self._streams.pop().close()
        return True

    def close(self) -> None:
        """Close the streams that `read_first` got."""
        for stream in self._streams[1:]:
            stream.close()
