"""JSON Lines: each line is one article, and its bytes are the member."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from worker.parse.article import Member
from worker.parse.format import Format, Limits
from worker.parse.json_values import MEDIA_TYPE
from worker.parse.reading import lines, too_long
from worker.reasons import Reason


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield the lines that are not blank, named by number from 1. Only parsing checks whether a line is an article."""
    for line in lines(stream, limits.max_member_bytes):
        if line.raw is None:
            message = too_long(line.number, limits.max_member_bytes)
            yield Member(b"", MEDIA_TYPE, str(line.number), Reason.TOO_LARGE, message)
        elif line.raw.strip():
            raw = line.raw.removeprefix(codecs.BOM_UTF8) if line.number == 1 else line.raw
            yield Member(raw, MEDIA_TYPE, str(line.number))


FORMAT = Format(
    name="JSON Lines file",
    extensions=(".jsonl", ".ndjson", ".jsonlines"),
    sniff=lambda head: True,
    split=split,
)
