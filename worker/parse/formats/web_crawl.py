"""WARC crawls (Common Crawl news): each successful response with a page or a text is one article.

So is each page or text that is stored without its response (`resource`), and each text that a program made of a page
(`conversion`, in WET files).
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from worker.parse.article import Article, Member
from worker.parse.crawls.content_coding import decoded_body
from worker.parse.crawls.warc_records import Record, records
from worker.parse.decoding import is_binary
from worker.parse.format import Format, Hint, Limits
from worker.parse.formats import mail, page, text
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

MEDIA_TYPE = "application/warc"
PAGE, TEXT, MAIL = "text/html", "text/plain", "message/rfc822"
PARSERS = {PAGE: page.parse, "application/xhtml+xml": page.parse, TEXT: text.parse, MAIL: mail.parse}
UNSURE = frozenset(("", "application/octet-stream", "unknown/unknown", "application/unknown", "*/*", "text", "html"))
"""What servers say if they do not know; the content then decides."""
SUCCESS = (200, 203)
LONGEST_NAME = 500  # keep at most this many characters of an address as the name of the member
LOOKED_AT = 4096  # decide by this many first bytes whether content of an unsure type is a page
VERSION = re.compile(rb"WARC/\d")
FETCHED = re.compile(r"(?i)(?:https?|ftp|file):|(?![a-z][a-z0-9+.-]*:)")
"""The address of something that was on the web. Crawlers add records of their own (`metadata:`, `urn:`, `dns:`)."""
ROBOTS = re.compile(r"(?i)https?://[^/]+/robots\.txt(?:\?.*)?\Z")
CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?([\w.:-]{2,40})")
CUT_BY_CRAWLER = "cut page: the crawler stored only its beginning"


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a record, still packed, and what its fields say of it."""

    media_type: str
    charset: str | None
    body: bytes
    transfer: tuple[str, ...] = ()
    packing: tuple[str, ...] = ()


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield one member per page or text, with its WARC and HTTP headers, named by its address; skip all other records.

    A damaged record becomes a refused member, and the records after it are read.
    """
    kinds: Counter[str] = Counter()
    is_empty = True
    for found in records(stream, limits.max_member_bytes):
        kinds[found.kind] += 1
        member = None
        if found.damage is not None:
            name_of_damaged = found.address[:LONGEST_NAME] or None
            member = Member(b"", MEDIA_TYPE, name_of_damaged, found.damage.reason, found.damage.message)
        elif found.raw and found.kind in ("response", "resource", "conversion"):
            member = _member(found)
        if member is not None:
            is_empty = False
            yield member
    if is_empty:
        raise Refused(Reason.NO_ARTICLE, f"There is no page or text in this crawl, only {_listed(kinds)}.")


def _listed(kinds: Counter[str]) -> str:
    return ", ".join(f"{count:,} of kind {kind[:30]!r}" for kind, count in kinds.most_common(5)) or "empty lines"


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article in one record.

    Raise `Refused`: `malformed`, `bomb`, or a reason from parsing the page or text in the record.
    """
    try:
        record = _record(raw)
        if record is None:
            raise Refused(Reason.MALFORMED, "The WARC record is damaged: it does not begin as one.")
        content = _content(record)
    except OSError as error:
        raise Refused(Reason.MALFORMED, f"The WARC record is damaged ({error}).") from error
    is_cut = bool(record.headers.get("WARC-Truncated"))
    body, warnings = decoded_body(content.body, content.transfer, content.packing, hint.limits, is_cut=is_cut)
    if len(body) > hint.limits.max_member_bytes:
        limit = hint.limits.max_member_bytes
        raise Refused(Reason.TOO_LARGE, f"The response has more than {limit:,} bytes (ONRECORD_MAX_MEMBER_BYTES).")
    address = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    if is_cut:
        warnings = (*warnings, CUT_BY_CRAWLER)
    parser = PARSERS.get(content.media_type, page.parse)
    article = parser(body, replace(hint, charset=content.charset, url=address))
    return replace(article, warnings=(*warnings, *article.warnings))


def _record(raw: bytes) -> "WarcRecord | None":
    """Return the record with its HTTP head parsed, and its body as it is stored."""
    from fastwarc.warc import ArchiveIterator

    return next(iter(ArchiveIterator(io.BytesIO(raw), parse_http=True, auto_decode="none", stream_detect=False)), None)


def _content(record: "WarcRecord") -> Content:
    """Return the content of a record. The fields of the HTTP head tell about a response, those of the record else."""
    if record.http_headers is None:
        declared = record.headers.get("Content-Type") or ""
        transfer = packing = ()
    else:
        declared = record.http_headers.get("Content-Type") or ""
        transfer = _values(record, "transfer-encoding")
        packing = _values(record, "content-encoding")
    media_type = re.split(r"[;,\s]", declared.strip().lower(), maxsplit=1)[0]
    charset = CHARSET.search(declared)
    return Content(media_type, charset[1] if charset else None, record.reader.read(), transfer, packing)


def _values(record: "WarcRecord", name: str) -> tuple[str, ...]:
    """Return all values of a field of the HTTP head."""
    return tuple(value for field, value in record.http_headers.items() if field.lower() == name)


def _member(found: Record) -> Member | None:
    """Return the record with all its headers as a member; None if it is no page and no text."""
    name = found.address[:LONGEST_NAME]
    try:
        record = _record(found.raw)
        if record is None:
            return None
        is_http = record.http_headers is not None
        if found.kind == "response" and is_http and record.http_headers.status_code is None:
            message = "The head of the HTTP response is damaged. Copy the file again."
            return Member(b"", MEDIA_TYPE, name, Reason.MALFORMED, message)
        if not _is_readable(record, found):
            return None
    except OSError as error:
        message = f"The WARC record is damaged ({error}). Copy the file again."
        return Member(b"", MEDIA_TYPE, name, Reason.MALFORMED, message)
    return Member(found.raw, MEDIA_TYPE, name)


def _is_readable(record: "WarcRecord", found: Record) -> bool:
    """True for something fetched from the web with success, whose type has one of `PARSERS`."""
    is_http = record.http_headers is not None
    if found.kind == "response" and not (is_http and record.http_headers.status_code in SUCCESS):
        return False
    if not FETCHED.match(found.address) or ROBOTS.match(found.address):
        return False
    content = _content(record)
    if content.media_type in UNSURE:
        head = content.body[:LOOKED_AT]
        if content.media_type == "" and found.kind == "response":
            return bool(content.packing) or not is_binary(head)
        return page.ROOT.match(head) is not None
    return content.media_type in PARSERS


FORMAT = Format(
    name="WARC file",
    extensions=(".warc", ".wet"),
    media_types=(MEDIA_TYPE,),
    sniff=lambda head: VERSION.match(head) is not None,
    parse=parse,
    split=split,
    by_content=True,
    mixed=True,
)
