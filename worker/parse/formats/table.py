"""CSV and TSV dumps: a row with a text is an article; its member is the row as a JSON object."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from worker.parse.article import Member
from worker.parse.decoding import decode, mark
from worker.parse.format import Format, Limits
from worker.parse.formats.json_document import MEDIA_TYPE
from worker.parse.json_values import dump
from worker.parse.reading import HEAD, chained, lines, read_up_to
from worker.parse.record import TEXT, text_columns
from worker.reasons import Reason, Refused

DELIMITERS = ",;\t|"


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """The rows below the header, named by number from 1. Raises `Refused(no_article)` without a text column."""
    head = read_up_to(stream, HEAD)
    codec = _codec(head)
    csv.field_size_limit(limits.max_member_bytes)  # 128 KiB is less than a long article
    text_lines = _decoded(chained(head, stream), codec, limits)
    first = next(text_lines, "")
    delimiter = max(DELIMITERS, key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    if not text_columns(header):
        raise Refused(
            Reason.NO_ARTICLE,
            f"No column of the table holds articles. The first row must name one of {', '.join(TEXT)}.",
        )
    rows = csv.reader(text_lines, delimiter=delimiter)
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
            yield _member(number, header, row)


def _member(number: int, header: list[str], row: list[str]) -> Member:
    if any("\udc80" <= character <= "\udcff" for value in row for character in value):
        message = f"Row {number} is not in the encoding of the table's beginning. Save the table again as UTF-8."
        return Member(b"", MEDIA_TYPE, str(number), Reason.UNDECODABLE, message)
    fields = {name: value for name, value in zip(header, row, strict=False) if name}
    return Member(dump(fields), MEDIA_TYPE, str(number))


def _codec(head: bytes) -> str:
    """The table's encoding by its first bytes: UTF-8, or a guess among those that are one byte to a character."""
    found = mark(head)
    if found and found[1] != "utf-8-sig":
        raise Refused(Reason.UNDECODABLE, f"The table is in {found[1].upper()}. Save it again as CSV in UTF-8.")
    whole = head[: head.rfind(b"\n") + 1] or head
    warnings = decode(whole).warnings
    guess = next((each.removeprefix("encoding guessed: ") for each in warnings if "guessed" in each), None)
    return guess or "utf-8"


def _decoded(stream: BinaryIO, codec: str, limits: Limits) -> Iterator[str]:
    """The lines as text with their ends; bytes that do not fit become surrogates, for their row to be refused."""
    for line in lines(stream, limits.max_member_bytes):
        if line.raw is None:
            raise Refused(
                Reason.TOO_LARGE,
                f"Line {line.number} is longer than {limits.max_member_bytes:,} bytes (ONRECORD_MAX_MEMBER_BYTES).",
            )
        text = line.raw.decode(codec, "surrogateescape")
        yield (text.removeprefix("\ufeff") if line.number == 1 else text) + "\n"


FORMAT = Format(
    name="table",
    extensions=(".csv", ".tsv"),
    sniff=lambda head: True,
    split=split,
)
