"""WARC crawls (Common Crawl news): each successful response with a page or a text is one article."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from worker.parse.article import Article, Member
from worker.parse.format import Format, Hint, Limits
from worker.parse.formats import page, text
from worker.parse.warc_records import Record, records
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

MEDIA_TYPE = "application/warc"
READABLE = ("text/html", "application/xhtml+xml", "text/plain")
LONGEST_NAME = 500  # keep at most this many characters of an address as the name of the member
VERSION = re.compile(rb"WARC/\d")


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield one member per response, with its WARC and HTTP headers, named by its address; skip all other records.

    A damaged record becomes a refused member, and the records after it are read.
    """
    for found in records(stream, limits.max_member_bytes):
        if found.damage is not None:
            yield Member(
                b"", MEDIA_TYPE, found.address[:LONGEST_NAME] or None, found.damage.reason, found.damage.message
            )
        elif found.kind == "response" and (member := _member(found)) is not None:
            yield member


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article in one response record.

    Raise `Refused`: `malformed`, `bomb`, or a reason from parsing the page or text in the record.
    """
    from fastwarc.warc import ArchiveIterator

    try:
        record = next(iter(ArchiveIterator(io.BytesIO(raw), parse_http=True, auto_decode="all")), None)
        if record is None:
            raise Refused(Reason.MALFORMED, "The WARC record is damaged: it does not begin as one.")
        limit = hint.limits.max_member_bytes
        payload = record.reader.read(limit + 1)
    except OSError as error:
        raise Refused(Reason.MALFORMED, f"The WARC record is damaged ({error}).") from error
    if len(payload) > limit:
        raise Refused(Reason.BOMB, f"The response unpacks to more than {limit:,} bytes (ONRECORD_MAX_MEMBER_BYTES).")
    address = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    response_hint = replace(hint, charset=record.http_charset, url=address)
    parse_payload = text.parse if record.http_content_type == "text/plain" else page.parse
    return parse_payload(payload, response_hint)


def _member(found: Record) -> Member | None:
    """Return the response with all its headers as a member; None if it is no page and no text."""
    from fastwarc.warc import ArchiveIterator

    try:
        record = next(iter(ArchiveIterator(io.BytesIO(found.raw), stream_detect=False)), None)
        if record is not None and record.http_headers is not None and record.http_headers.status_code is None:
            message = "The head of the HTTP response is damaged. Copy the file again."
            return Member(b"", MEDIA_TYPE, found.address[:LONGEST_NAME], Reason.MALFORMED, message)
        if record is None or not _is_readable(record):
            return None
        raw = io.BytesIO()
        record.write(raw)
    except OSError as error:
        message = f"The WARC record is damaged ({error}). Copy the file again."
        return Member(b"", MEDIA_TYPE, found.address[:LONGEST_NAME], Reason.MALFORMED, message)
    return Member(raw.getvalue(), MEDIA_TYPE, found.address[:LONGEST_NAME])


def _is_readable(record: "WarcRecord") -> bool:
    """True for a successful response whose type is one of `READABLE`."""
    if record.http_headers is None:
        return False
    return record.http_headers.status_code == 200 and (record.http_content_type or "text/html") in READABLE


FORMAT = Format(
    name="WARC file",
    extensions=(".warc",),
    media_types=(MEDIA_TYPE,),
    sniff=lambda head: VERSION.match(head) is not None,
    parse=parse,
    split=split,
    by_content=True,
)
