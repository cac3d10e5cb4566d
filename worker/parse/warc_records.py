"""The records of a WARC file, one after the other, also behind a record that is damaged.

A record says its length itself. If that is wrong or missing, the next record is looked for: it begins with a line
`WARC/1.0` or the like. FastWARC would end at such a record.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from worker.parse.reading import CHUNK, read_up_to
from worker.reasons import Reason, Refused

VERSION = re.compile(rb"WARC/\d[\d.]*\s*\Z")
NEXT = re.compile(rb"\r?\n\r?\n(?=WARC/\d\.\d+\r?\n)")
FIELD = re.compile(rb"(?P<name>[\w-]+):[ \t]*(?P<value>[^\r\n]*)")
LONGEST_LINE = 64 * 1024  # read at most this many bytes of a line
LONGEST_HEADER = 1_000_000  # at most this many bytes make the header of a record
MOST_DIGITS = 12  # ignore a length with more digits
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
        self._stream = stream
        self._again = b""

    def give_back(self, raw: bytes) -> None:
        """Let these bytes be read again, before all others."""
        self._again = raw + self._again

    def line(self) -> bytes:
        """Return the next line, or the first bytes of a long one; b"" at the end."""
        end = self._again.find(b"\n") + 1
        if end:
            line, self._again = self._again[:end], self._again[end:]
            return line
        line, self._again = self._again, b""
        return line + self._stream.readline(LONGEST_LINE)

    def read(self, count: int) -> bytes:
        """Return the next `count` bytes, or fewer at the end."""
        first, self._again = self._again[:count], self._again[count:]
        return first + read_up_to(self._stream, count - len(first))

    def skip(self, count: int) -> None:
        """Read `count` bytes without keeping them."""
        while count > 0 and (piece := self.read(min(count, CHUNK))):
            count -= len(piece)

    def has_record(self) -> bool:
        """True if nothing but empty lines is before the next record, or before the end."""
        while (line := self.line()) and not line.strip():
            pass
        self.give_back(line)
        return not line or VERSION.match(line) is not None


def records(stream: BinaryIO, longest: int) -> Iterator[Record]:
    """Yield the records. Of a record with more than `longest` bytes, only the damage `too_large` is told."""
    source = Source(stream)
    while line := source.line():
        if VERSION.match(line):
            yield _record(source, line, longest)


def _record(source: Source, version: bytes, longest: int) -> Record:
    """Return the record whose first line is `version`."""
    header, fields = _header(source, version)
    kind = fields.get(b"warc-type", b"").decode("latin-1").lower()
    address = fields.get(b"warc-target-uri", b"").decode("utf-8", "replace").strip("<>")
    length = fields.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > MOST_DIGITS:
        return _damaged(kind, address, f"The length of the record is no number that can be true. {COPY_AGAIN}")
    size = int(length)
    if size > longest:
        source.skip(size)
        message = f"The record is larger than {longest:,} bytes (ONRECORD_MAX_MEMBER_BYTES)."
        return Record(kind, address, b"", Refused(Reason.TOO_LARGE, message) if kind == "response" else None)
    content = source.read(size)
    if len(content) == size and source.has_record():
        return Record(kind, address, header + content + b"\r\n\r\n")
    inner = NEXT.search(content)
    if inner is not None:  # the length is too large, and reaches into the next record
        source.give_back(content[inner.end() :])
    elif len(content) < size:
        return _damaged(kind, address, f"The record is cut off. {COPY_AGAIN}")
    return _damaged(kind, address, f"The record is longer or shorter than it says. {COPY_AGAIN}")


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
