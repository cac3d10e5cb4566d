"""JSON Lines: each line is one article, and its bytes are the member; those of UTF-16 and UTF-32 become UTF-8."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, cast

from worker.parse.article import Member
from worker.parse.decoding import byte_order_mark
from worker.parse.format import Format, Limits
from worker.parse.reading import HEAD, Recoded, chained, lines, read_up_to, too_long
from worker.parse.records.json_values import MEDIA_TYPE
from worker.reasons import Reason


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield the lines that are not blank, named by number from 1. Only parsing checks whether a line is an article."""
    for line in lines(_recoded(stream), limits.max_member_bytes):
        if line.raw is None:
            message = too_long(line.number, limits.max_member_bytes)
            yield Member(b"", MEDIA_TYPE, str(line.number), Reason.TOO_LARGE, message)
        elif line.raw.strip():
            raw = line.raw.removeprefix(codecs.BOM_UTF8) if line.number == 1 else line.raw
            yield Member(raw, MEDIA_TYPE, str(line.number))


def _recoded(stream: BinaryIO) -> BinaryIO:
    """Return the stream with LF as its line end, in UTF-8 if its first bytes say that it is in a wide encoding."""
    head = read_up_to(stream, HEAD)
    mark = byte_order_mark(head)
    wide = mark[1] if mark and mark[1] != "utf-8-sig" else None
    return cast(BinaryIO, io.BufferedReader(Recoded(chained(head, stream), wide)))


FORMAT = Format(
    name="JSON Lines file",
    extensions=(".jsonl", ".ndjson", ".jsonlines"),
    sniff=lambda head: True,
    split=split,
)
