"""NewsML 1: messages of agencies with news items; each item with a text is one article."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from worker.parse.agencies.bodies import text_of
from worker.parse.agencies.item import Item, article_of, is_withdrawal
from worker.parse.agencies.members import first_item, split_items
from worker.parse.agencies.trees import begins_with
from worker.parse.article import Article, Member
from worker.parse.documents.elements import attribute, child, children, local, text_in
from worker.parse.format import Format, Hint, Limits

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPE = "text/vnd.iptc.newsml"
ROOT = begins_with("NewsML", "NewsItem")
MAIN = frozenset(("main", "body"))
"""Roles of components with the text of the article; if an item has one, no other text counts."""
BESIDE = frozenset((
    "caption", "picture", "photo", "graphic", "video", "audio", "summary", "preview", "thumbnail", "logo", "contact",
    "stylesheet", "headline", "subheadline",
))  # fmt: skip
"""Roles of components whose text is not that of the article."""


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield the items of a message. If there is but one, the member has the bytes of the file."""
    return split_items(stream, limits, MEDIA_TYPE, "NewsItem", _is_text)


def _is_text(item: "_Element") -> bool:
    """True if an item has a text, or is withdrawn; others are pictures, films and lists."""
    return bool(_contents(item)) or _is_withdrawn(item)


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article of the first item. Raise `Refused`: `no_article` if it has no text, `malformed`, `bomb`."""
    root, warnings = first_item(raw, "NewsItem", _is_text, "NewsML")
    item = _item(root)
    item.warnings = warnings
    return article_of(item, hint, "newsml")


def _item(root: "_Element") -> Item:
    """Return the fields of a `NewsItem`."""
    texts = {content: text_of(content) for content in _contents(root)}
    content = max(texts, key=lambda each: len(texts[each]), default=None)
    management = child(root, "NewsManagement")

    def line(name: str) -> str | None:
        return text_in(_nearest(content, root, "NewsLines", name))

    item = Item(
        text=texts[content] if content is not None else "",
        title=line("HeadLine"),
        by_lines=[found for by_line in _all(content, root, "ByLine") if (found := text_in(by_line))],
        dateline=line("DateLine"),
        outlet=line("CreditLine") or _party(content, root, "Provider") or _party(content, root, "Source"),
        first_created=text_in(child(management, "FirstCreated")),
        version_created=text_in(child(management, "ThisRevisionCreated")),
        language=attribute(_nearest(content, root, "DescriptiveMetadata", "Language"), "FormalName"),
        licence=line("CopyrightLine") or text_in(_nearest(content, root, "RightsMetadata", "UsageRights")),
        note=text_in(child(management, "Instruction", "Comment")) or line("SubHeadLine"),
        is_withdrawn=_is_withdrawn(root),
    )
    if item.dateline and not any(map(str.isalpha, item.dateline)):
        item.dateline = None
    _identify(item, child(root, "Identification", "NewsIdentifier"))
    return item


def _identify(item: Item, identity: "_Element | None") -> None:
    """Set the id of the item without its version, and the version."""
    parts = [text_in(child(identity, name)) for name in ("ProviderId", "DateId", "NewsItemId")]
    item.version = text_in(child(identity, "RevisionId"))
    if all(parts):
        item.identifier = ":".join(("urn:newsml", *filter(None, parts)))
    else:
        item.identifier = text_in(child(identity, "PublicIdentifier")) or parts[2]


def _contents(item: "_Element") -> list["_Element"]:
    """Return the `DataContent` elements of an item with a text of the article."""
    contents = [each for each in item.iter() if local(each) == "DataContent" and _is_text_content(each.getparent())]
    roles = {each: {(_role(above) or "").lower() for above in each.iterancestors()} for each in contents}
    return [each for each in contents if roles[each] & MAIN] or [each for each in contents if not roles[each] & BESIDE]


def _is_text_content(parent: "_Element | None") -> bool:
    """True if the parent of the content is no encoding (base64), and says text or nothing about its medium."""
    if parent is None or local(parent) != "ContentItem":
        return False
    if "css" in (attribute(child(parent, "MimeType"), "FormalName") or ""):
        return False
    return (attribute(child(parent, "MediaType"), "FormalName") or "text").lower().startswith(("text", "complex"))


def _role(component: "_Element") -> str | None:
    return attribute(child(component, "Role"), "FormalName") if local(component) == "NewsComponent" else None


def _is_withdrawn(item: "_Element") -> bool:
    management = child(item, "NewsManagement")
    instructions = [attribute(each, "FormalName") for each in children(management, "Instruction")]
    return is_withdrawal(attribute(child(management, "Status"), "FormalName"), *instructions)


def _levels(content: "_Element | None", item: "_Element") -> Iterator["_Element"]:
    """Yield the components around the content, from the inside, and then all others of the item."""
    if content is not None:
        yield from (above for above in content.iterancestors() if local(above) == "NewsComponent")
    yield from (each for each in item.iter() if local(each) == "NewsComponent")


def _nearest(content: "_Element | None", item: "_Element", *names: str) -> "_Element | None":
    """Return the element at this path in the component nearest to the content that has one with text or a name."""
    for level in _levels(content, item):
        found = child(level, *names)
        if found is not None and (text_in(found) or attribute(found, "FormalName")):
            return found
    return None


def _all(content: "_Element | None", item: "_Element", name: str) -> list["_Element"]:
    """Return all lines with this name in the nearest component that has one."""
    for level in _levels(content, item):
        if found := children(child(level, "NewsLines"), name):
            return found
    return []


def _party(content: "_Element | None", item: "_Element", role: str) -> str | None:
    return attribute(child(_nearest_role(content, item, role), "Party"), "FormalName")


def _nearest_role(content: "_Element | None", item: "_Element", role: str) -> "_Element | None":
    for level in _levels(content, item):
        if (found := child(level, "AdministrativeMetadata", role)) is not None:
            return found
    return None


FORMAT = Format(
    name="NewsML message",
    extensions=(".newsml",),
    shared_extensions=(".xml",),
    media_types=(MEDIA_TYPE,),
    sniff=lambda head: ROOT.match(head) is not None,
    parse=parse,
    split=split,
    by_content=True,
)
