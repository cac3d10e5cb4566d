"""Parsing the XML of agencies into trees, without entities, networks and bombs."""

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.parse.decoding import decode
from worker.parse.formats.page import declared_charset
from worker.parse.safe_xml import SAFE
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.etree import _Element

ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}\?>")
# WordPress writes a dozen comments in front of its exports. A comment can be matched in one way only, so the time grows
# with the length of the comments and not faster. No group is possessive: Python 3.11.2, that of Debian 12, does not
# match possessive groups rightly.
PROLOG = rb"\s*+(?:(?:<\?[^>]{0,500}>|<!--(?:(?!-->).){0,2000}-->)\s*+){0,40}"
DOCTYPE = rb"<!DOCTYPE[^>\[]{0,1000}(?:\[[^\]]{0,4000}\])?\s{0,100}>"
ENTITIES = "It declares XML entities, as expansion bombs do. Remove its <!ENTITY lines and drop it again."


@dataclass(frozen=True, slots=True)
class Tree:
    """The root of a document, and what was wrong with its bytes."""

    root: "_Element"
    warnings: tuple[str, ...]


def begins_with(*names: str) -> "re.Pattern[bytes]":
    """Return a pattern for documents whose root has one of these names, in any namespace."""
    after_doctype = PROLOG + rb"(?:" + DOCTYPE + PROLOG + rb")?"
    alternatives = "|".join(map(re.escape, names)).encode()
    return re.compile(after_doctype + rb"<(?:[\w.-]{1,40}:)?(?:" + alternatives + rb")[\s>/]", re.DOTALL)


def tree(raw: bytes) -> Tree:
    """Return the tree of an XML document. Raise `Refused`: `bomb` for declared entities, `malformed` for no XML.

    The named entities of HTML, which belong to the DTD of NITF, become their characters.
    """
    from lxml import etree

    decoded = decode(raw, declared_charset(raw))
    text = DECLARATION.sub("", decoded.text, count=1).replace("\0", "")
    utf8 = NAMED.sub(_character, text).encode("utf-8", "replace")
    if ENTITY.search(utf8):
        raise Refused(Reason.BOMB, ENTITIES)
    parser = etree.XMLParser(encoding="utf-8", recover=True, **SAFE)
    try:
        root = etree.fromstring(utf8, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(Reason.MALFORMED, f"The XML is broken: {error}. Download or export it again.") from error
    if root is None:
        raise Refused(Reason.MALFORMED, "The XML is broken from its start. Download or export it again.")
    return Tree(root, decoded.warnings + _damage(parser.error_log))


def _damage(log: object) -> tuple[str, ...]:
    """Return a warning about the first place where the XML breaks its grammar; none for undeclared prefixes."""
    from lxml import etree

    assert isinstance(log, etree._ListErrorLog)
    fatal = next((entry for entry in log if entry.level_name == "FATAL"), None)
    if fatal is None:
        return ()
    return (f"damaged XML: line {fatal.line} breaks its grammar, and text after it may be missing",)


def _character(match: "re.Match[str]") -> str:
    """Return the character of a named entity of HTML, or the reference itself if HTML has no such name."""
    return html.unescape(match[0])
