"""WordPress exports (WXR): an archive of a site as a feed. Each published post or page is one article."""

import io
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, BinaryIO

from worker.parse.agencies.bodies import text_of_string
from worker.parse.agencies.item import Item, article_of
from worker.parse.agencies.trees import ENTITIES, begins_with, tree
from worker.parse.article import Article, Member
from worker.parse.documents.elements import attribute, child, children, local, text_in
from worker.parse.format import Format, Hint, Limits
from worker.parse.reading import HEAD, Chained
from worker.parse.safe_xml import SAFE
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPE = "text/vnd.wordpress.wxr"
ROOT = begins_with("rss")
NAMESPACE = re.compile(rb"xmlns:wp\s*=\s*[\"']https?://wordpress\.org/export/")
WORDPRESS = re.compile(r"\{https?://wordpress\.org/export/[\d.]{1,10}/?\}")
PUBLISHED, KINDS = ("publish",), ("post", "page")
NEVER = "0000-00-00"  # a date that is not set
LONGEST_HEAD = 500  # keep at most this many characters of a field that each article repeats
CHANNEL_FIELDS = ("title", "link", "language")
# Codes in brackets that WordPress replaces when it shows a page. Those in a pair around a caption or address go with
# what is between them; of others, only the brackets go. A word in brackets without a pair, such as [sic], is text.
PAIRS = re.compile(
    r"\[(caption|embed|audio|video|gallery|playlist)\b[^\]]{0,2000}\](?:(?!\[\1\b).){0,5000}?\[/\1\]", re.DOTALL
)
CODE = re.compile(r"\[/?([a-z][\w-]{1,40})((?:\s[^\]\[]{0,2000})?)\]")
CLOSING = re.compile(r"\[/([a-z][\w-]{1,40})\]")
ALONE = re.compile(r"^[ \t]*\[[a-z][\w-]{1,40}(?:\s[^\]\[\n]{0,2000})?\][ \t\r]*$", re.MULTILINE)
CODES = frozenset(("gallery", "playlist", "embed", "audio", "video", "caption"))
BREAK = re.compile(r"(?<![>\s])[ \t\r]{0,20}\n[ \t]{0,20}(?=[^\s<])")  # a line break between words
HAS_PARAGRAPHS = re.compile(r"(?i)<(?:p|br)\b")


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield each published post and page, as an export with only this item. Drafts, pictures and menus are left out."""
    from lxml import etree

    counted = Chained(b"", stream)
    context = etree.iterparse(io.BufferedReader(counted, HEAD), events=("end",), recover=True, **SAFE)
    head: list[_Element] = []
    authors: dict[str, _Element] = {}
    for number, element in _finished(context, limits, counted):
        tag = local(element)
        if tag == "author" and (login := text_in(child(element, "author_login"))):
            authors[login] = deepcopy(element)
        elif tag in CHANNEL_FIELDS and len(head) < len(CHANNEL_FIELDS):
            element.text = (element.text or "")[:LONGEST_HEAD]
            head.append(deepcopy(element))
        elif tag == "item" and _is_published(element):
            author = authors.get(text_in(child(element, "creator")) or "")
            yield Member(_alone(element, head, author), MEDIA_TYPE, str(number))


def _finished(context: object, limits: Limits, counted: Chained) -> Iterator[tuple[int, "_Element"]]:
    """Yield the children of the channel, each with the number of items so far, and forget them afterwards."""
    from lxml import etree

    number, is_first = 0, True
    try:
        for _, element in context:  # type: ignore[attr-defined]
            if is_first:
                is_first = False
                declared = element.getroottree().docinfo.internalDTD
                if declared is not None and any(True for _ in declared.iterentities()):
                    raise Refused(Reason.BOMB, ENTITIES)
            parent = element.getparent()
            if parent is None or local(parent) != "channel":
                continue
            number += local(element) == "item"
            yield number, element
            element.clear()
            while element.getprevious() is not None:
                del parent[0]
            if counted.tell() > limits.max_container_bytes:
                raise Refused(
                    Reason.TOO_LARGE, "The export is too large. Split it, or raise ONRECORD_MAX_CONTAINER_BYTES."
                )
    except etree.XMLSyntaxError as error:
        raise Refused(Reason.MALFORMED, f"The export breaks off or is damaged: {error}. Export it again.") from error


def _is_published(item: "_Element") -> bool:
    return _own(item, "status") in PUBLISHED and _own(item, "post_type") in KINDS


def _own(item: "_Element", name: str) -> str | None:
    """Return a field in the namespace of WordPress; other plugins have fields of the same name."""
    own = (each for each in children(item, name) if WORDPRESS.match(str(each.tag)))
    return next(filter(None, map(text_in, own)), None)


def _alone(item: "_Element", head: list["_Element"], author: "_Element | None") -> bytes:
    """Return an export with the fields of the channel, the author of the item, and the item."""
    from lxml import etree

    root = etree.Element("rss", nsmap=item.nsmap)  # type: ignore[arg-type]
    channel = etree.SubElement(root, "channel")
    for element in (*head, author, item):
        if element is not None:
            copy = deepcopy(element)
            copy.tail = None
            channel.append(copy)
    return etree.tostring(root, encoding="utf-8")


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article of an export with one item. Raise `Refused`: `no_article`, `malformed` or `bomb`."""
    found = tree(raw)
    channel = next((element for element in found.root.iter() if local(element) == "channel"), None)
    post = child(channel, "item")
    if post is None:
        raise Refused(Reason.NO_ARTICLE, "The export has no post.")
    created, changed = (_moment(post, name) for name in ("post_date_gmt", "post_modified_gmt"))
    item = Item(
        text=_text(post),
        title=text_in(child(post, "title")),
        by_lines=list(filter(None, [_author(channel, text_in(child(post, "creator")))])),
        outlet=text_in(child(channel, "title")),
        url=text_in(child(post, "link")),
        first_created=created or text_in(child(post, "pubDate")),
        version_created=changed,
        language=text_in(child(channel, "language")),
        section=_section(post),
        identifier=text_in(child(post, "guid")),
        warnings=found.warnings,
    )
    return article_of(item, hint, "wordpress")


def _moment(post: "_Element", name: str) -> str | None:
    """Return a date in UTC, or None if it is not set."""
    value = _own(post, name)
    return f"{value}Z" if value and not value.startswith(NEVER) else None


def _author(channel: "_Element | None", login: str | None) -> str | None:
    """Return the name that the site shows for a login; a login alone is no name."""
    for author in children(channel, "author"):
        if login and text_in(child(author, "author_login")) == login:
            shown = text_in(child(author, "author_display_name"))
            names = (text_in(child(author, f"author_{part}_name")) for part in ("first", "last"))
            return shown if shown and shown.lower() != login.lower() else " ".join(filter(None, names)) or None
    has_authors = any(True for _ in children(channel, "author"))
    return login if login and (" " in login or (login[0].isupper() and not has_authors)) else None


def _section(post: "_Element") -> str | None:
    categories = (each for each in children(post, "category") if attribute(each, "domain") == "category")
    return next((name for each in categories if (name := text_in(each)) and name != "Uncategorized"), None)


def _text(post: "_Element") -> str:
    """Return the text of the post. Without paragraphs in mark-up, empty lines are their bounds, as on the site.

    The site shows a line break inside a paragraph as one, too.
    """
    encoded = next((each for each in children(post, "encoded") if "content" in str(each.tag)), None)
    content = "".join(map(str, encoded.itertext())) if encoded is not None else ""
    content = _without_codes(content)
    if not HAS_PARAGRAPHS.search(content):
        content = re.sub(r"\n[ \t\r]*\n\s*", "</p><p>", content)
    content = BREAK.sub("<br>", content)
    return text_of_string(content, is_markup=True) if content.strip() else ""


def _without_codes(content: str) -> str:
    """Return the content without the codes that stand for something else."""
    content = ALONE.sub("", PAIRS.sub("", content))
    paired = CODES.union(CLOSING.findall(content))

    def replacement(match: "re.Match[str]") -> str:
        return "" if match[1] in paired or "=" in match[2] else match[0]

    return CODE.sub(replacement, content)


FORMAT = Format(
    name="WordPress export",
    extensions=(".wxr",),
    shared_extensions=(".xml",),
    media_types=(MEDIA_TYPE,),
    sniff=lambda head: ROOT.match(head) is not None and NAMESPACE.search(head) is not None,
    parse=parse,
    split=split,
    by_content=True,
    narrow=True,
)
