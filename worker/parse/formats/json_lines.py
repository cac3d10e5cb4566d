"""JSON Lines: one article a line; a line's own bytes are the member."""

from collections.abc import Iterator
from typing import BinaryIO

from worker.parse.article import Member
from worker.parse.format import Format, Limits
from worker.parse.reading import lines
from worker.reasons import Reason

MEDIA_TYPE = "application/json"


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """The lines that are not blank, each named by its number from 1; whether one is an article its parser says."""
    for line in lines(stream, limits.max_member_bytes):
        if line.raw is None:
            message = (
                f"Line {line.number} is longer than {limits.max_member_bytes:,} bytes (ONRECORD_MAX_MEMBER_BYTES)."
            )
            yield Member(b"", MEDIA_TYPE, str(line.number), Reason.TOO_LARGE, message)
        elif line.raw.strip():
            raw = line.raw.removeprefix(b"\xef\xbb\xbf") if line.number == 1 else line.raw
            yield Member(raw, MEDIA_TYPE, str(line.number))


FORMAT = Format(
    name="JSON Lines file",
    extensions=(".jsonl", ".ndjson", ".jsonlines"),
    sniff=lambda head: True,
    split=split,
)
