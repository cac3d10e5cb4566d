"""The records of a WARC file, one after the other, also behind a record that is damaged.

A record says its length itself. If that is wrong or missing, the next record is looked for: it begins with a line
`WARC/1.0` or the like. FastWARC would end at such a record.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import BinaryIO

from worker.parse.crawls.source import Source
from worker.parse.reading import CHUNK
from worker.reasons import Reason, Refused

VERSION = re.compile(rb"WARC/\d[\d.]*\s*\Z")
NEXT = re.compile(rb"\r?\n\r?\n(?=WARC/\d\.\d+\r?\n)")
EMPTY_LINES = re.compile(rb"\r?\n\r?\n")
FIELD = re.compile(rb"(?P<name>[\w-]+):[ \t]*(?P<value>[^\r\n]*)")
LONGEST_HTTP_HEAD = 8 * 1024  # look for the media type of a large response in this many bytes
LONGEST_HEADER = 1_000_000  # at most this many bytes make the header of a record
LONGEST_RECORD = 1_000_000_000  # a length of more bytes is not believed; crawlers cut responses off long before
MOST_KEPT = 64_000_000  # keep about this many bytes of a record that may be shorter than it says
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
    if is_whole and _has_record(source):
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
    if not left and _has_record(source):
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


def _has_record(source: Source) -> bool:
    """True if nothing but empty lines is before the next record, or before the end."""
    empty = b""
    while (line := source.line()) and not line.strip() and len(empty) < OVERLAP:
        empty += line
    source.give_back(empty + line)
    return not line or VERSION.match(line) is not None


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
