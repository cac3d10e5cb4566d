"""NITF 2 and 3, the mark-up of agencies for one text: a head with facts, and a body with headline and paragraphs."""

import re
from typing import TYPE_CHECKING

from worker.parse.agencies.bodies import text_of
from worker.parse.agencies.by_lines import by_line_of
from worker.parse.agencies.item import Item, article_of, is_withdrawal
from worker.parse.agencies.trees import begins_with, tree
from worker.parse.article import Article
from worker.parse.documents.elements import attribute, child, children, local, text_in
from worker.parse.format import Format, Hint
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPE = "text/vnd.iptc.nitf"
ROOT = begins_with("nitf")
SHORTEST_SECTION = 4  # a shorter name of a section is a code
KILLED = re.compile(r"(?i)\W*(?:mandatory )?kill(?:ed)?\W*(?:\w+\W*){0,2}")


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article of a NITF document. Raise `Refused`: `no_article` if it has no text, `malformed`, `bomb`."""
    found = tree(raw)
    root = next((element for element in found.root.iter() if local(element) == "nitf"), None)
    if root is None:
        raise Refused(Reason.MALFORMED, "It is no NITF document. Download or export it again.")
    item = item_of(root)
    item.warnings = found.warnings
    return article_of(item, hint, "nitf")


def item_of(root: "_Element") -> Item:
    """Return the fields of a `nitf` element."""
    head, facts = child(root, "head"), child(root, "head", "docdata")
    body_head = child(root, "body", "body.head")
    item = Item(
        text=text_of(root),
        title=_headline(body_head) or text_in(child(head, "title")),
        by_lines=[line for by_line in children(body_head, "byline") if (line := by_line_of(by_line))],
        dateline=_dateline(child(body_head, "dateline")),
        outlet=text_in(child(body_head, "distributor")) or text_in(child(body_head, "rights", "rights.owner")),
        first_created=attribute(child(facts, "date.issue"), "norm")
        or attribute(child(head, "pubdata"), "date.publication"),
        language=attribute(root, "baselang") or attribute(root, "lang"),
        licence=text_in(child(body_head, "rights", "rights.limitations")) or _copyright(facts),
        section=_section(head),
        note=attribute(child(facts, "ed-msg"), "info"),
    )
    item.outlet = item.outlet or attribute(child(facts, "doc.copyright"), "holder")
    item.version_created = item.first_created
    _identify(item, head, facts)
    return item


def _identify(item: Item, head: "_Element | None", facts: "_Element | None") -> None:
    """Set the id and version of the item, and whether it is withdrawn; a notice may withdraw another document."""
    key, document = child(facts, "du-key"), child(facts, "doc-id")
    item.version = attribute(key, "version")
    identity = attribute(key, "key") if item.version else attribute(document, "id-string") or attribute(key, "key")
    owner = attribute(document, "regsrc") or item.outlet
    comments = [attribute(entry, "comment") or "" for entry in children(head, "revision-history")]
    item.is_withdrawn = is_withdrawal(
        attribute(facts, "management-status"), attribute(child(facts, "ed-msg"), "msg-type")
    ) or any(KILLED.fullmatch(comment[:200]) for comment in comments)
    if is_withdrawal(attribute(facts, "management-idref-status")) and attribute(facts, "management-doc-idref"):
        identity, item.is_withdrawn = attribute(facts, "management-doc-idref"), True
        item.version = None  # that of the notice: only its time tells that it came after the item
    if identity:
        item.identifier = identity if ":" in identity or not owner else f"{owner}:{identity}"


def _headline(body_head: "_Element | None") -> str | None:
    """Return the first headline; some agencies write `headline` for `hedline`."""
    for name in ("hedline", "headline"):
        lines = child(body_head, name)
        if found := text_in(child(lines, "hl1")) or text_in(lines):
            return found
    return None


def _dateline(dateline: "_Element | None") -> str | None:
    """Return the place of a dateline; a dateline with nothing but a date has none."""
    place = child(dateline, "location")
    if place is not None:
        return text_in(place)
    return (" ".join((dateline.text or "").split()) or None) if dateline is not None else None


def _section(head: "_Element | None") -> str | None:
    """Return the section in words, as far as the agency gives one."""
    kinds = (attribute(child(head, "tobject"), "tobject.type"), attribute(child(head, "pubdata"), "position.section"))
    return next((kind for kind in kinds if kind and len(kind) >= SHORTEST_SECTION and kind.lower() != "news"), None)


def _copyright(facts: "_Element | None") -> str | None:
    owner, year = (attribute(child(facts, "doc.copyright"), name) for name in ("holder", "year"))
    return " ".join(filter(None, ("©", year, owner))) if owner else None


FORMAT = Format(
    name="NITF document",
    extensions=(".nitf",),
    shared_extensions=(".xml",),
    media_types=(MEDIA_TYPE,),
    sniff=lambda head: ROOT.match(head) is not None,
    parse=parse,
    by_content=True,
)
