"""CSV and TSV dumps: each row is an article; the member is the row as a JSON object."""

import csv
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, cast

from worker.parse.article import Member
from worker.parse.decoding import STRAY, byte_order_mark, decode
from worker.parse.format import Format, Limits
from worker.parse.reading import HEAD, Recoded, chained, lines, read_up_to, too_long
from worker.parse.records.json_values import MEDIA_TYPE, dump
from worker.parse.records.record import OVERLONG, SHORTENED, is_field
from worker.parse.records.record_text import TEXT, has_text_column
from worker.reasons import Reason, Refused

# MySQL and other programs escape a quotation mark so; one that ends a cell behind a backslash is none.
ESCAPED_QUOTE = re.compile(r"""(?<!\\)\\"(?!["\s,;|]|\Z)""")
MOST_GROWTH = 8  # the names of the columns have at most so many times the characters of a row
DELIMITERS = ",;\t|"
SEPARATOR = re.compile(r"""["']?sep=(?P<delimiter>[^\w\s"']|\t)["']?[,;\s]*\Z""", re.IGNORECASE)
"""The line that Excel reads and writes before the header. It is not part of the table."""


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield the rows below the header, named by their numbers from 1.

    Raise `Refused(no_article)` if no column can hold a text.
    """
    head = read_up_to(stream, HEAD)
    wide = _wide_codec(head)
    utf8 = cast(BinaryIO, Recoded(chained(head, stream), wide))
    head = read_up_to(utf8, HEAD)
    codec = _codec(head)
    csv.field_size_limit(limits.max_member_bytes)  # the default, 128 KiB, is shorter than a long article
    text_lines = _decoded(chained(head, utf8), codec, limits)
    filled = (line for line in text_lines if line.strip())
    first = next(filled, "")
    if named := SEPARATOR.match(first):
        first, delimiter = next(filled, ""), named["delimiter"]
    else:
        delimiter = _delimiter(first)
    text_lines = chain([first], text_lines)
    escape = "\\" if ESCAPED_QUOTE.search(head.decode(codec, "replace")) else None
    header = next(csv.reader(text_lines, delimiter=delimiter), [])
    if not has_text_column(header):
        raise Refused(
            Reason.NO_ARTICLE,
            f"No column of the table holds articles. The first row must name one of {', '.join(TEXT[:12])}.",
        )
    rows = csv.reader(text_lines, delimiter=delimiter, escapechar=escape, doublequote=True)
    number = 0
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise Refused(Reason.MALFORMED, f"The table breaks off after row {number}: {error}.") from error
        if row is None:
            return
        if row:
            number += 1
            yield _member(number, header, _fitted(row, header, delimiter))


def _fitted(row: list[str], header: list[str], delimiter: str) -> list[str]:
    """Return the row; in a table with one column, whose text may hold the delimiter unquoted, as one cell."""
    return [delimiter.join(row)] if len(header) == 1 else row


def _member(number: int, header: list[str], row: list[str]) -> Member:
    """Return one row as a member. A row that does not fit the encoding of the table becomes a refused member."""
    if any(map(STRAY.search, row)):
        message = f"Row {number} is not in the encoding of the table's beginning. Save the table again as UTF-8."
        return Member(b"", MEDIA_TYPE, str(number), Reason.UNDECODABLE, message)
    fields = {name: value for name, value in zip(header, row, strict=False) if name}
    if any(map(str.strip, row[len(header) :])):
        fields[OVERLONG] = ""
    if sum(map(len, header)) > MOST_GROWTH * sum(map(len, row)):
        # The names would be most of each article: keep the columns that are read, as far as the row has a value.
        fields = {name: value for name, value in fields.items() if (value and is_field(name)) or name == OVERLONG}
        if len(fields) < len(row):
            fields[SHORTENED] = ""
    return Member(dump(fields), MEDIA_TYPE, str(number))


def _delimiter(first: str) -> str:
    """Return the sign between the columns: the one that makes most columns of the first row, with a text among them."""

    def columns(delimiter: str) -> tuple[bool, int]:
        header = next(csv.reader([first], delimiter=delimiter), [])
        return has_text_column(header), len(header)

    return max(DELIMITERS, key=columns)


def _wide_codec(head: bytes) -> str | None:
    """Return UTF-16 or UTF-32 if the table says by its first bytes that it is in it."""
    mark = byte_order_mark(head)
    return mark[1] if mark and mark[1] != "utf-8-sig" else None


def _codec(head: bytes) -> str:
    """Return the encoding of the table by its first bytes: UTF-8, or a guess."""
    whole_lines = head[: head.rfind(b"\n") + 1] or head
    return decode(whole_lines).guess or "utf-8"


def _decoded(stream: BinaryIO, codec: str, limits: Limits) -> Iterator[str]:
    """Yield the lines as text with line ends. Bytes that do not fit become surrogates, which `_member` refuses."""
    for line in lines(stream, limits.max_member_bytes):
        if line.raw is None:
            raise Refused(Reason.TOO_LARGE, too_long(line.number, limits.max_member_bytes))
        text = line.raw.decode(codec, "surrogateescape")
        yield (text.removeprefix("\ufeff") if line.number == 1 else text) + "\n"


FORMAT = Format(
    name="table",
    extensions=(".csv", ".tsv"),
    sniff=lambda head: True,
    split=split,
)
