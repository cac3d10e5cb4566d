"""WARC crawls (Common Crawl news): each successful response with a page or a text is one article."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from worker.parse.article import Article, Member
from worker.parse.format import Format, Hint, Limits
from worker.parse.formats import page, text
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

MEDIA_TYPE = "application/warc"
READABLE = ("text/html", "application/xhtml+xml", "text/plain")
LONGEST_NAME = 500  # keep at most this many characters of an address as the name of the member
VERSION = re.compile(rb"WARC/\d")


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield one member per response, with its WARC and HTTP headers, named by its address; skip all other records."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    records = ArchiveIterator(stream, record_types=WarcRecordType.response, stream_detect=False)
    try:
        for record in records:
            if _is_readable(record):
                yield _member(record, limits)
    except OSError as error:
        raise Refused(Reason.MALFORMED, f"The WARC file is damaged or cut off ({error}). Copy it again.") from error


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


def _member(record: "WarcRecord", limits: Limits) -> Member:
    """Return the response with all its headers as a member; if it is too large or cut off, as a refused member."""
    name = (record.headers.get("WARC-Target-URI") or "")[:LONGEST_NAME].strip("<>")
    length = int(record.headers.get("Content-Length") or 0)
    if length > limits.max_member_bytes:
        message = f"The record is larger than {limits.max_member_bytes:,} bytes (ONRECORD_MAX_MEMBER_BYTES)."
        return Member(b"", MEDIA_TYPE, name, Reason.TOO_LARGE, message)
    raw = io.BytesIO()
    record.write(raw)
    content = raw.getvalue().partition(b"\r\n\r\n")[2]
    if len(content.removesuffix(b"\r\n\r\n")) < length:
        return Member(b"", MEDIA_TYPE, name, Reason.MALFORMED, "The record is cut off. Copy the file again.")
    return Member(raw.getvalue(), MEDIA_TYPE, name)


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
