"""RSS and Atom: each entry is one article, stored as a feed with the original head and only this entry."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from worker.parse.article import Article, Member
from worker.parse.compose import LONGEST_FIELD, compose
from worker.parse.decoding import decode
from worker.parse.facts.dates import first_date
from worker.parse.format import Format, Hint, Limits
from worker.parse.formats.page import declared_charset
from worker.parse.pages.markup import PROLOG
from worker.parse.reading import read_whole
from worker.parse.records.feed_fields import (
    EXCERPT_WARNING,
    address,
    authors,
    is_excerpt,
    outlet,
    without_footer,
    without_media_texts,
)
from worker.parse.records.field_text import field_text
from worker.parse.safe_xml import SAFE
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from feedparser import FeedParserDict
    from lxml.etree import _Element

RSS, ATOM = "application/rss+xml", "application/atom+xml"
ROOT = re.compile(PROLOG + rb"(?:<!DOCTYPE.{0,2000}?>\s*)?<(?:\w{1,20}:)?(?:rss|feed|RDF)[\s>]", re.S)
ENTITY = re.compile(rb"<!ENTITY", re.I)
BEFORE_ROOT = re.compile(rb"<!--(?:.*?-->|.*)|<\?(?:.*?\?>|.*)|<", re.DOTALL)
"""A comment or an instruction, which may stand before the root; or the beginning of what is neither."""
ENTRIES = ("item", "entry")
HEAD_FIELDS = frozenset(("title", "language", "rights", "copyright", "link"))
HEAD_ATTRIBUTES = frozenset(("version", "{http://www.w3.org/XML/1998/namespace}lang", "href", "rel", "type"))
LONGEST_HEAD = 64_000  # keep at most this many bytes of what each entry repeats
MOST_GROWTH = 4  # the heads of all entries together are at most so many times as large as the feed
FULLER = 1.2  # take the summary if it has so many times as many characters as the content
LONGEST_VALUE = 200  # keep no attribute of a shortened head with more characters
SHORTENED = "onrecord-shortened"
NOTE = "onrecord-note"
NOTES = re.compile(rf"<\?{NOTE} (.{{1,300}}?)\?>".encode(), re.DOTALL)
"""A warning of ours about the whole feed."""
SHORTENED_WARNING = "what the feed says about itself was shortened: every one of its articles would have repeated it"


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield one member per entry: the feed with only this entry. Its name is the number of the entry, from 1."""
    from lxml import etree

    raw = read_whole(stream, limits.max_article_bytes, "ONRECORD_MAX_ARTICLE_BYTES")
    root, warnings = _root(raw)
    media_type = ATOM if _local(root) == "feed" else RSS
    entries = [element for element in root.iter() if _local(element) in ENTRIES]
    places = [(entry, entry.getparent()) for entry in entries]
    for entry, parent in places:
        if parent is not None:
            parent.remove(entry)
    if places and (shortened := _shorten_head(root, len(raw), len(places))) is not None:
        places = [(entry, shortened) for entry, _ in places]
    for warning in warnings:
        root.insert(0, etree.ProcessingInstruction(NOTE, warning))
    for number, (entry, parent) in enumerate(places, 1):
        if parent is not None:
            parent.append(entry)
            yield Member(etree.tostring(root, encoding="utf-8"), media_type, str(number))
            parent.remove(entry)


def _shorten_head(root: "_Element", feed_bytes: int, entries: int) -> "_Element | None":
    """Shorten what is in no entry of the feed, if its repetition in each entry would make the feed much larger.

    Only the fields that `parse` reads are kept, cut to the length that it keeps. The mark `SHORTENED` is added. Return
    the element that is to hold each entry; None if the head stays as it is.
    """
    from lxml import etree

    room = min(LONGEST_HEAD, MOST_GROWTH * feed_bytes // max(1, entries))
    if len(etree.tostring(root, encoding="utf-8")) <= room:
        return None
    channel = next((child for child in root if _local(child) == "channel"), root)
    kept = {root, channel}
    place = channel if _local(root) == "rss" else root  # in RSS 1.0 the entries are beside the channel
    for element in list(root.iter()):
        parent = element.getparent()
        if element in kept or (parent in kept and _local(element) in HEAD_FIELDS and not len(element)):
            for name, value in element.attrib.items():
                if name not in HEAD_ATTRIBUTES or len(value) > LONGEST_VALUE:
                    del element.attrib[name]
            element.text, element.tail = (element.text or "")[: min(room // 4, LONGEST_FIELD)], None
        elif parent is not None:
            parent.remove(element)
    etree.cleanup_namespaces(root)
    root.insert(0, etree.ProcessingInstruction(SHORTENED))
    return place


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article of a feed with one entry."""
    import feedparser

    _check_entities(raw)
    warnings = [note.decode() for note in NOTES.findall(raw[:LONGEST_HEAD])]
    if b"<?" + SHORTENED.encode() in raw[:LONGEST_HEAD]:
        warnings.append(SHORTENED_WARNING)
    feed = feedparser.parse(io.BytesIO(without_media_texts(raw)))
    entry = next(iter(feed.entries), None)
    if entry is None:
        raise Refused(Reason.NO_ARTICLE, "The feed has no entry.")
    origin = entry.get("source", {}) if entry.get("source", {}).get("title") else feed.feed
    name = field_text(origin.get("title"))
    source = outlet(name, origin.get("link") or origin.get("href"))
    title = field_text(entry.get("title"))
    text = without_footer(_text(entry), title, (name, source))
    if is_excerpt(text):
        warnings.append(EXCERPT_WARNING)
    return compose(
        text,
        hint,
        title=title,
        authors=authors(author.get("name") for author in entry.get("authors", ())),
        outlet=source,
        url=address(entry.get("link"), feed.feed.get("link")),
        date=first_date([entry.get("published"), _updated(entry)], "feed", feed.feed.get("language")),
        declared_language=feed.feed.get("language"),
        licence=field_text(entry.get("rights") or feed.feed.get("rights")),
        warnings=warnings,
    )


def _text(entry: "FeedParserDict") -> str:
    """Return the text of the entry: its longest content, or its summary if that is fuller. Tags count nothing."""
    values = [content.get("value") or "" for content in entry.get("content", ())]
    content = max((_readable(value) for value in values), key=len, default="")
    summary = _readable(entry.get("summary") or "")
    return summary if len(summary) > FULLER * len(content) else content


def _updated(entry: "FeedParserDict") -> str | None:
    """Return when the entry was changed. Without the test, feedparser warns and gives `published` once more."""
    return entry.get("updated") if "updated" in entry else None


def _readable(value: str) -> str:
    """Return a text of an entry, whether it is HTML or not; "" if it has no element."""
    try:
        return (field_text(value) or "").strip()
    except Refused as refusal:
        if refusal.reason is Reason.NO_TEXT:
            return ""
        raise


def _root(raw: bytes) -> tuple["_Element", tuple[str, ...]]:
    """Return the root of the feed, and warnings about its encoding, which is found as that of a page is.

    Entities are not expanded, so they cannot make the tree grow.
    """
    from lxml import etree

    decoded = decode(raw, declared_charset(raw))
    utf8 = decoded.text.encode("utf-8", "replace")
    _check_entities(utf8)
    parser = etree.XMLParser(encoding="utf-8", recover=True, **SAFE)
    try:
        root = etree.fromstring(utf8, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(Reason.MALFORMED, f"The XML is broken: {error}. Save the feed again.") from error
    if root is None:
        raise Refused(Reason.MALFORMED, "The XML is broken from its start. Save the feed again.")
    return root, decoded.warnings


def _check_entities(raw: bytes) -> None:
    """Raise `Refused(bomb)` if the feed declares entities: entities can expand to any size.

    Only a document type before the root can declare them. In a feed without one, the words are those of an article.
    """
    first = next((found.end() for found in BEFORE_ROOT.finditer(raw) if found[0] == b"<"), None)
    may_declare = first is None or raw.startswith(b"!", first)
    if may_declare and ENTITY.search(raw):
        raise Refused(Reason.BOMB, "The feed declares XML entities, as expansion bombs do. Remove its <!ENTITY lines.")


def _local(element: "_Element") -> str:
    """Return the name of an element without its namespace, "" for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


FORMAT = Format(
    name="feed",
    extensions=(".rss", ".atom"),
    shared_extensions=(".xml",),
    media_types=(RSS, ATOM),
    sniff=lambda head: ROOT.match(head) is not None,
    parse=parse,
    split=split,
    by_content=True,
)
