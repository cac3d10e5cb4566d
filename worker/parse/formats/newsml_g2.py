"""NewsML-G2: news items of agencies, alone or in messages; each item with a text is one article."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from worker.parse.agencies.bodies import text_of, text_of_string
from worker.parse.agencies.by_lines import by_line_of
from worker.parse.agencies.item import Item, article_of, is_withdrawal
from worker.parse.agencies.members import first_item, split_items
from worker.parse.agencies.trees import begins_with
from worker.parse.article import Article, Member
from worker.parse.documents.elements import attribute, child, children, local, text_in
from worker.parse.format import Format, Hint, Limits

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPE = "application/vnd.iptc.g2.newsitem+xml"
ROOT = begins_with("newsItem", "newsMessage", "packageItem")
TEXTS = ("text", "composite")
MAIN_ROLES = ("", "main", "headline", "title")
SHORTEST_SECTION = 3  # a shorter name of a section is a code


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield the items of a message. If there is but one, the member has the bytes of the file."""
    return split_items(stream, limits, MEDIA_TYPE, "newsItem", _is_text)


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article of the first item. Raise `Refused`: `no_article` if it has no text, `malformed`, `bomb`."""
    root, warnings = first_item(raw, "newsItem", _is_text, "NewsML-G2")
    item = _item(root)
    item.warnings = warnings
    return article_of(item, hint, "newsml-g2")


def _is_text(item: "_Element") -> bool:
    """True if an item is a text, or says nothing about its kind."""
    kind = attribute(child(item, "itemMeta", "itemClass"), "qcode") or attribute(
        child(item, "itemMeta", "itemClass"), "uri"
    )
    return kind is None or kind.rpartition(":")[2].rpartition("/")[2].lower() in TEXTS


def _item(root: "_Element") -> Item:
    """Return the fields of a `newsItem`."""
    meta, content, rights = (child(root, name) for name in ("itemMeta", "contentMeta", "rightsInfo"))
    status = child(meta, "pubStatus")
    return Item(
        text=_text(child(root, "contentSet")),
        title=_headline(content) or text_in(child(meta, "title")) or _title_inside(child(root, "contentSet")),
        by_lines=_by_lines(content, child(root, "contentSet")),
        dateline=_dateline(content),
        outlet=text_in(child(content, "creditline"))
        or _name(child(meta, "provider"))
        or text_in(child(rights, "copyrightHolder", "name"))
        or _name(child(content, "infoSource")),
        first_created=text_in(child(meta, "firstCreated")) or text_in(child(content, "contentCreated")),
        version_created=text_in(child(meta, "versionCreated")),
        language=attribute(child(content, "language"), "tag") or attribute(root, "lang"),
        licence=_first_text(rights, "copyrightNotice") or _first_text(rights, "usageTerms"),
        section=_section(content),
        identifier=attribute(root, "guid"),
        version=attribute(root, "version"),
        note=_first_text(meta, "edNote"),
        is_withdrawn=is_withdrawal(*(attribute(status, name) for name in ("qcode", "uri", "literal"))),
    )


def _text(contents: "_Element | None") -> str:
    """Return the text of the content that has most of it: there may be several renditions of it."""
    texts = [""]
    for content in contents if contents is not None else ():
        if local(content) == "inlineXML":
            texts.append(text_of(content))
        elif local(content) == "inlineData" and not attribute(content, "encoding"):
            is_html = "html" in (attribute(content, "contenttype") or "")
            texts.append(text_of_string("".join(map(str, content.itertext())), is_markup=is_html))
    return max(texts, key=len)


def _by_lines(content: "_Element | None", contents: "_Element | None") -> list[str]:
    """Return the by-lines, or else those of the NITF in the content, or else the names of the creators."""
    own = [text_in(each) for each in children(content, "by")]
    inner = contents.iter() if contents is not None else ()
    inside = (by_line_of(each) for each in inner if local(each) == "byline")
    creators = (text_in(child(each, "name")) for each in children(content, "creator"))
    for lines in (own, inside, creators):
        if named := list(filter(None, lines)):
            return named
    return []


def _title_inside(contents: "_Element | None") -> str | None:
    """Return the headline, or else the title, of the NITF or XHTML in the content."""
    for name in ("hl1", "title"):
        inner = contents.iter() if contents is not None else ()
        if found := next(filter(None, (text_in(each) for each in inner if local(each) == name)), None):
            return found
    return None


def _headline(content: "_Element | None") -> str | None:
    """Return the headline that is none of another kind, such as a sub-headline or one for the Web."""
    headlines = children(content, "headline")
    roles = [(attribute(headline, "role") or "").rpartition(":")[2].lower() for headline in headlines]
    main = (text_in(each) for each, role in zip(headlines, roles, strict=True) if role in MAIN_ROLES)
    return next(filter(None, main), None) or next(filter(None, map(text_in, headlines)), None)


def _dateline(content: "_Element | None") -> str | None:
    """Return the dateline, or the place where the text was written; a dateline of digits alone is neither."""
    line = text_in(child(content, "dateline"))
    if line and line[0].isalpha():
        return line
    return _name(child(content, "located"))


def _name(party: "_Element | None") -> str | None:
    """Return the name of a party or place: in words, as a literal, or the last part of its code."""
    code = attribute(party, "qcode") or attribute(party, "uri")
    code = None if code and "//" in code else code  # an address is no name
    return text_in(child(party, "name")) or attribute(party, "literal") or (code.rpartition(":")[2] if code else None)


def _section(content: "_Element | None") -> str | None:
    """Return the name of the subject that is a category or department, in words."""
    for subject in children(content, "subject"):
        kind = f"{attribute(subject, 'type')} {attribute(subject, 'qcode')}".lower()
        if "categ" in kind or "department" in kind or "desk" in kind:
            name = text_in(child(subject, "name"))
            if name and len(name) >= SHORTEST_SECTION:
                return name
    return None


def _first_text(parent: "_Element | None", name: str) -> str | None:
    return next(filter(None, map(text_in, children(parent, name))), None)


FORMAT = Format(
    name="NewsML-G2 message",
    extensions=(),
    shared_extensions=(".xml",),
    media_types=(MEDIA_TYPE,),
    sniff=lambda head: ROOT.match(head) is not None,
    parse=parse,
    split=split,
    by_content=True,
)
