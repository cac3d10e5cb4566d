"""The records of a WARC file, one after the other, also behind a record that is damaged.

A record says its length itself. If that is wrong or missing, the next record is looked for: it begins with a line
`WARC/1.0` or the like. FastWARC would end at such a record.
"""

import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO

from worker.parse.reading import CHUNK, read_up_to
from worker.reasons import Reason, Refused

VERSION = re.compile(rb"WARC/\d[\d.]*\s*\Z")
NEXT = re.compile(rb"\r?\n\r?\n(?=WARC/\d\.\d+\r?\n)")
EMPTY_LINES = re.compile(rb"\r?\n\r?\n")
FIELD = re.compile(rb"(?P<name>[\w-]+):[ \t]*(?P<value>[^\r\n]*)")
LONGEST_LINE = 64 * 1024  # read at most this many bytes of a line
LONGEST_HEADER = 1_000_000  # at most this many bytes make the header of a record
LONGEST_RECORD = 1_000_000_000  # a length of more bytes is not believed; crawlers cut responses off long before
OVERLAP = 100  # more bytes than `NEXT` matches
CUT_OFF = "The record is cut off."
WRONG_LENGTH = "The record is longer or shorter than it says."
NO_RECORD = "Something between the records, or behind them, is no record: perhaps a record that is damaged."
COPY_AGAIN = "Copy the file again."


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its kind ("response", …), its address, and its bytes with the header; or what is wrong with it."""

    kind: str
    address: str
    raw: bytes
    damage: Refused | None = None


class Source:
    """A stream of which bytes can be given back."""

    def __init__(self, stream: BinaryIO) -> None:
        self._streams = [stream]
        self._again = b""

    def give_back(self, raw: bytes) -> None:
        """Let these bytes be read again, before all others."""
        self._again = raw + self._again

    def read_first(self, stream: BinaryIO) -> None:
        """Read the rest of this stream before all other bytes."""
        self._streams += [io.BytesIO(self._again), stream]
        self._again = b""

    def line(self) -> bytes:
        """Return the next line, or the first bytes of a long one; b"" at the end."""
        end = self._again.find(b"\n") + 1
        if end:
            line, self._again = self._again[:end], self._again[end:]
            return line
        line, self._again = self._again, b""
        while (line := line + self._streams[-1].readline(LONGEST_LINE)) and not line.endswith(b"\n"):
            if len(line) >= LONGEST_LINE or not self._next_stream():
                break
        return line

    def read(self, count: int) -> bytes:
        """Return the next `count` bytes, or fewer at the end."""
        raw, self._again = self._again[:count], self._again[count:]
        while len(raw) < count:
            raw += read_up_to(self._streams[-1], count - len(raw))
            if len(raw) < count and not self._next_stream():
                break
        return raw

    def copy(self, count: int, target: BinaryIO) -> int:
        """Write the next `count` bytes to `target`, or fewer at the end; return their number."""
        left = count
        while left > 0 and (piece := self.read(min(left, CHUNK))):
            target.write(piece)
            left -= len(piece)
        return count - left

    def _next_stream(self) -> bool:
        """Leave a stream that is at its end; return False if there is no other."""
        if len(self._streams) == 1:
            return False
        self._streams.pop().close()
        return True

    def close(self) -> None:
        """Close the streams that `read_first` got."""
        for stream in self._streams[1:]:
            stream.close()

    def has_record(self) -> bool:
        """True if nothing but empty lines is before the next record, or before the end."""
        empty = b""
        while (line := self.line()) and not line.strip() and len(empty) < OVERLAP:
            empty += line
        self.give_back(empty + line)
        return not line or VERSION.match(line) is not None


def records(stream: BinaryIO, longest: int) -> Iterator[Record]:
    """Yield the records. Of a record with more than `longest` bytes, only the damage `too_large` is told."""
    with closing(Source(stream)) as source:
        yield from _records(source, longest)


def _records(source: Source, longest: int) -> Iterator[Record]:
    unexplained = False  # there were bytes that belong to no record, and no damage has been told that explains them
    explained = False
    while line := source.line():
        if VERSION.match(line):
            if unexplained:
                yield _damaged("", "", f"{NO_RECORD} {COPY_AGAIN}")
            found = _record(source, line, longest)
            unexplained, explained = False, found.damage is not None
            yield found
        elif line.strip():
            unexplained = not explained
    if unexplained:
        yield _damaged("", "", f"{NO_RECORD} {COPY_AGAIN}")


def _record(source: Source, version: bytes, longest: int) -> Record:
    """Return the record whose first line is `version`."""
    header, fields = _header(source, version)
    kind = fields.get(b"warc-type", b"").decode("latin-1").lower()
    address = fields.get(b"warc-target-uri", b"").decode("utf-8", "replace").strip("<>")
    length = fields.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > len(str(LONGEST_RECORD)) or int(length) > LONGEST_RECORD:
        return _damaged(kind, address, f"The length of the record is no number that can be true. {COPY_AGAIN}")
    size = int(length)
    if size > longest:
        if (damage := _skip(source, size)) is not None:
            return _damaged(kind, address, f"{damage} {COPY_AGAIN}")
        message = f"The record is larger than {longest:,} bytes (ONRECORD_MAX_MEMBER_BYTES)."
        return Record(kind, address, b"", Refused(Reason.TOO_LARGE, message) if kind == "response" else None)
    content = source.read(size)
    is_whole = len(content) == size
    if is_whole and source.has_record():
        return _sound(kind, address, header + content)
    looked_at = content + source.read(OVERLAP)
    inner = NEXT.search(looked_at)
    if is_whole and EMPTY_LINES.match(looked_at, size) and (inner is None or inner.start() >= size):
        source.give_back(looked_at[size:])  # it is sound; what comes behind it is not
        return _sound(kind, address, header + content)
    # The length is wrong if another record begins inside; this record is then found without the length.
    source.give_back(looked_at[inner.end() if inner else len(content) :])
    return _damaged(kind, address, f"{WRONG_LENGTH if inner or is_whole else CUT_OFF} {COPY_AGAIN}")


def _sound(kind: str, address: str, raw: bytes) -> Record:
    """Return a record whose length is right."""
    if not kind:
        return _damaged(kind, address, f"The record does not say of what kind it is. {COPY_AGAIN}")
    return Record(kind, address, raw + b"\r\n\r\n")


def _skip(source: Source, size: int) -> str | None:
    """Skip the content of a large record; return what is wrong with it, or None.

    The content is kept in a file until it is known whether the length is true: if not, other records may be in it.
    """
    kept = tempfile.TemporaryFile()  # noqa: SIM115  # it is read later, and vanishes when nobody reads it any more
    copied = source.copy(size, kept)
    if copied == size and source.has_record():
        kept.close()
        return None
    beyond = source.read(OVERLAP)
    kept.write(beyond)
    place = _next_record(kept)
    kept.seek(copied if place is None else place)
    source.read_first(kept)
    return WRONG_LENGTH if place is not None or copied == size else CUT_OFF


def _next_record(file: BinaryIO) -> int | None:
    """Return the place in a file where the first record begins; None if there is none."""
    file.seek(0)
    before, place = b"", 0
    while piece := file.read(CHUNK):
        looked_at = before + piece
        if found := NEXT.search(looked_at):
            return place - len(before) + found.end()
        before, place = looked_at[-OVERLAP:], place + len(piece)
    return None


def _header(source: Source, version: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """Return the header of a record with its empty line, and its fields by their names in lower case."""
    lines = [version]
    fields: dict[bytes, bytes] = {}
    count = 0
    while (line := source.line()) and count < LONGEST_HEADER:
        if VERSION.match(line):  # the empty line is missing
            source.give_back(line)
            break
        lines.append(line)
        count += len(line)
        if not line.strip():
            break
        if field := FIELD.match(line):
            fields.setdefault(field["name"].lower(), field["value"].strip())
    return b"".join(lines), fields


def _damaged(kind: str, address: str, message: str) -> Record:
    """Return a damaged record. Only a response is told about, since nothing else is read."""
    return Record(kind, address, b"", Refused(Reason.MALFORMED, message) if kind in ("response", "") else None)
