"""Reading the HTML of bundles. A bundle is cut into its documents before any of them becomes a tree.

So a bundle may have any number of documents, and a damaged one does not reach into the next.
"""

import re
from typing import TYPE_CHECKING

from worker.parse.decoding import decode
from worker.parse.formats.page import declared_charset
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_TAGS = 50_000  # refuse a document with more; an article has hundreds
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre", "section", "table",
    "td", "th", "tr", "ul",
))  # fmt: skip
UNREAD = frozenset(("script", "style", "head", "title", "template", "noscript", "svg", "iframe", "img", "button"))
COMMENT = re.compile(r"<!--.{0,20000}?-->", re.S)


def text_of_page(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the source text of a page, and the warnings of its decoding."""
    decoded = decode(raw, declared_charset(raw))
    return decoded.text, decoded.warnings


def tree_of(source: str) -> "HtmlElement":
    """Return the tree of one document of a bundle. Raise `Refused` if it has too many tags, or none."""
    from lxml import etree, html

    if source.count("<") > MOST_TAGS:
        raise Refused(Reason.TOO_LARGE, f"It has more than {MOST_TAGS:,} tags, which no article has. Save its text.")
    try:
        return html.fromstring(f"<div>{source}</div>".replace("\0", ""))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Refused(Reason.MALFORMED, "This document of the bundle is empty. Export it again.") from error


def blocks(element: "HtmlElement", *, breaks: str = "\n") -> list[str]:
    """Return the blocks of text in an element, in order. `<br>` becomes `breaks`; other white space is folded."""
    from lxml import etree

    pieces: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, part in walk:
        tag = part.tag if isinstance(part.tag, str) else None
        if event == "start" and tag is not None:
            if tag in UNREAD:
                walk.skip_subtree()
                continue
            pieces += ["\v"] if tag in BLOCKS else ["\f"] if tag == "br" else []
            pieces.append(part.text or "")
            continue
        if tag in BLOCKS:
            pieces.append("\v")
        if part is not element:
            pieces.append(part.tail or "")
    folded = re.sub(r"[ \t\r\n\xa0]+", " ", "".join(pieces))
    folded = re.sub(r" ?\f ?", breaks, folded)
    return [block for piece in folded.split("\v") if (block := piece.strip())]


def line_of(element: "HtmlElement | None") -> str:
    """Return the text of an element as one line; nothing if there is no element."""
    return "" if element is None else " ".join(" ".join(blocks(element, breaks=" ")).split())


def without_classes(element: "HtmlElement", names: frozenset[str]) -> "HtmlElement":
    """Remove the elements inside that have one of these classes, and return the element."""
    for part in [part for part in element.iter() if names.intersection(_classes(part))]:
        if part is not element and part.getparent() is not None:
            part.drop_tree()
    return element


def with_class(element: "HtmlElement", name: str) -> "list[HtmlElement]":
    """Return the elements inside that have this class, in any case."""
    wanted = name.lower()
    return [part for part in element.iter() if wanted in _classes(part)]


def _classes(part: "HtmlElement") -> list[str]:
    return (part.get("class") or "").lower().split() if isinstance(part.tag, str) else []
