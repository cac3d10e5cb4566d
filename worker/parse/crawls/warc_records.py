"""The records of a WARC file, one after the other, also behind a record that is damaged.

A record says its length itself. If that is wrong or missing, the next record is looked for: it begins with a line
`WARC/1.0` or the like. FastWARC would end at such a record.
"""

import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import BinaryIO

from worker.parse.reading import CHUNK, read_up_to
from worker.reasons import Reason, Refused

VERSION = re.compile(rb"WARC/\d[\d.]*\s*\Z")
NEXT = re.compile(rb"\r?\n\r?\n(?=WARC/\d\.\d+\r?\n)")
EMPTY_LINES = re.compile(rb"\r?\n\r?\n")
FIELD = re.compile(rb"(?P<name>[\w-]+):[ \t]*(?P<value>[^\r\n]*)")
LONGEST_LINE = 64 * 1024  # read at most this many bytes of a line
LONGEST_HTTP_HEAD = 8 * 1024  # look for the media type of a large response in this many bytes
LONGEST_HEADER = 1_000_000  # at most this many bytes make the header of a record
LONGEST_RECORD = 1_000_000_000  # a length of more bytes is not believed; crawlers cut responses off long before
MOST_KEPT = 64_000_000  # keep about this many bytes of a record that may be shorter than it says
PATIENCE = 64_000_000  # so many bytes, and `REPEATS` times what was read, are read again because of wrong lengths
REPEATS = 4
OVERLAP = 100  # more bytes than `NEXT` matches
READ = frozenset(("response", "resource", "conversion"))
"""Kinds of records that may hold an article; nobody is told that another one is damaged."""
UNREAD_TYPE = re.compile(rb"(?im)^content-type:[ \t]*(?:image|video|audio|font|application/(?!xhtml|xml|octet))")
"""Of a record with this in its beginning, nobody is told that it is too large: it holds no article."""
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

    def has_record(self) -> bool:
        """True if nothing but empty lines is before the next record, or before the end."""
        empty = b""
        while (line := self.line()) and not line.strip() and len(empty) < OVERLAP:
            empty += line
        self.give_back(empty + line)
        return not line or VERSION.match(line) is not None


class Kept:
    """The bytes of a large record from the first record inside it on. They are read if its length turns out wrong."""

    def __init__(self) -> None:
        self.file: BinaryIO | None = None
        self.size = 0
        self.has_failed = False  # there was no room
        self._before = b""  # another record may begin in these bytes

    def add(self, piece: bytes) -> None:
        """Keep the next bytes, if there is something to keep, and room."""
        if self.has_failed:
            return
        if self.file is None:
            looked_at = self._before + piece
            found = NEXT.search(looked_at)
            if found is None:
                self._before = looked_at[-OVERLAP:]
                return
            piece = looked_at[found.end() :]
        try:
            self.file = self.file or tempfile.TemporaryFile()  # noqa: SIM115  # it is read later
            self.file.write(piece)
            self.file.flush()
        except OSError:
            self.has_failed = True
            self.drop()
            return
        self.size += len(piece)

    def drop(self) -> None:
        """Keep nothing any more."""
        if self.file is not None:
            with suppress(OSError):  # what is still to be written does not matter
                self.file.close()
        self.file = None


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
    if not source.can_hold(size):
        message = WRONG_LENGTH if _go_to_next_record(source) else CUT_OFF
        return _damaged(kind, address, f"{message} {COPY_AGAIN}")
    if size > longest:
        beginning = source.read(min(size, LONGEST_HTTP_HEAD))
        source.give_back(beginning)
        is_unread = kind not in READ or _holds_no_page(kind, header, beginning)
        if (damage := _skip(source, size)) is not None:
            return _damaged(kind, address, f"{damage} {COPY_AGAIN}")
        message = f"The record is larger than {longest:,} bytes (ONRECORD_MAX_MEMBER_BYTES)."
        return Record(kind, address, b"", None if is_unread else Refused(Reason.TOO_LARGE, message))
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


def _holds_no_page(kind: str, header: bytes, content: bytes) -> bool:
    """True if a record says that it holds a picture, a film or the like."""
    head = EMPTY_LINES.split(content, maxsplit=1)[0] if kind == "response" else header
    return UNREAD_TYPE.search(head) is not None


def _sound(kind: str, address: str, raw: bytes) -> Record:
    """Return a record whose length is right."""
    if not kind:
        return _damaged(kind, address, f"The record does not say of what kind it is. {COPY_AGAIN}")
    return Record(kind, address, raw + b"\r\n\r\n")


def _skip(source: Source, size: int) -> str | None:
    """Skip the content of a large record; return what is wrong with it, or None.

    If a record begins inside, the content is kept from there on until it is known whether the length is true. It counts
    as wrong as soon as `MOST_KEPT` bytes are kept. If there is no room to keep them, the length is believed.
    """
    kept = Kept()
    left = size
    while left and kept.size < MOST_KEPT and (piece := source.read(min(left, CHUNK))):
        kept.add(piece)
        left -= len(piece)
    if not left and source.has_record():
        kept.drop()
        return None
    beyond = source.read(OVERLAP)
    kept.add(beyond)
    if kept.file is None:
        source.give_back(beyond)
        if kept.has_failed:
            return None
        return CUT_OFF if left else WRONG_LENGTH
    kept.file.seek(0)
    source.read_first(kept.file, kept.size)
    return WRONG_LENGTH


def _go_to_next_record(source: Source) -> bool:
    """Skip what is before the next record, which begins behind an empty line; return False if there is none."""
    is_behind_empty = False
    while line := source.line():
        if is_behind_empty and VERSION.match(line):
            source.give_back(line)
            return True
        is_behind_empty = not line.strip()
    return False


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
    """Return a damaged record. Only one that may hold an article is told about, since nothing else is read."""
    return Record(kind, address, b"", Refused(Reason.MALFORMED, message) if kind in READ or not kind else None)
