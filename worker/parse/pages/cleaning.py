"""Cleaning a tree of HTML, in place: only what readers see as the text of an article stays in it.

This also mends what trafilatura does wrong with a tree (2.3.1): it cuts a paragraph off at a comment, it drops tables
and with them the text of pages that are laid out by tables, and it makes a paragraph of every `<q>`.
"""

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from worker.parse.pages.blocks import BLOCKS
from worker.parse.pages.boxes import LARGEST_SHARE, is_named_box, is_pull_quote
from worker.parse.pages.quotation_marks import mark_quotations

if TYPE_CHECKING:
    from lxml.html import HtmlElement

UNREAD = (
    *("script", "style", "template", "noscript", "svg", "iframe", "object", "embed", "applet", "audio", "video"),
    *("canvas", "map", "select", "datalist", "textarea", "input", "button", "annotation", "annotation-xml", "rt", "rp"),
    *("amp-ad", "amp-sidebar", "amp-consent", "amp-social-share", "amp-user-notification", "amp-sticky-ad", "link"),
    *(
        "amp-embed",
        "amp-iframe",
        "amp-analytics",
        "amp-lightbox",
        "amp-carousel",
        "figcaption",
        "caption",
        "meta",
        "head",
    ),
)
DROPPED = "dropped"  # what is to leave the tree gets this name, and all of it leaves at once, in linear time
ASIDE = frozenset(("nav", "aside", "footer", "menu", "dialog", "form"))
CONTENT_OF_FIGURES = ("table", "pre", "blockquote")
UNSEEN_STYLE = re.compile(
    r"(?i)(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|mso-hide\s{0,3}:\s{0,3}all)"
)
TABLE_BLOCKS = ("p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote", "br", "hr", "center")
LONG_TEXT = 60  # a text of so many characters between two tags is prose, in a paragraph or not
MOST_INLINE = 100  # a paragraph has fewer elements in it
LONG_CELL = 250  # a cell with more characters, in several paragraphs, holds prose: the table is there for the layout
LONGEST_CELL = 600  # and one with more characters in any case


def clean(root: "HtmlElement", language: str | None) -> None:
    """Take out comments, scripts, what is hidden, captions and boxes; write the marks of `<q>`.

    Tables that only lay out the page become blocks. `language` is that of the page, for the marks.
    """
    from lxml import etree

    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    for template in root.iter("template"):
        if template.get("shadowrootmode"):  # SingleFile saves what web components show in such templates
            template.tag = "div"
    etree.strip_elements(root, *UNREAD, with_tail=False)
    for time in list(root.iter("time")):
        if _is_alone(time):
            time.tag = DROPPED
    mark_quotations(root, language)
    _mark_boxes(root)
    etree.strip_elements(root, DROPPED, with_tail=False)
    for table in list(root.iter("table")):
        if _is_layout(table):
            _unfold(table)
    _mark_paragraphs(root)


def _mark_boxes(root: "HtmlElement") -> None:
    """Mark the boxes that are no part of the article, but none with most of the text or with the headline."""
    candidates = {element for element in root.iter() if _is_beside(element)}
    if not candidates:
        return
    weights = _weights(root, candidates)
    whole = weights.pop(root)
    for element in candidates:
        text, prose, has_headline = weights[element]
        share = prose / whole[1] if whole[1] else text / max(1, whole[0])
        if share < LARGEST_SHARE and (element.tag in ASIDE or not has_headline):
            element.tag = DROPPED
        elif element.tag in ASIDE:
            element.tag = "div"  # a form around the whole page, an article in an `aside`: trafilatura would drop it


def _mark_paragraphs(root: "HtmlElement") -> None:
    """Make paragraphs of sections, and of elements that the page names itself, if they hold nothing but a long text.

    All that stand alone and have the same name become paragraphs, the short ones, too. Trafilatura reads neither.
    """
    own = [element for element in root.iter() if element.tag == "section" or "-" in element.tag]
    single = [element for element in own if _stands_alone(element)]
    lengths: Counter[str] = Counter()
    for element in single:
        lengths[element.tag] = max(lengths[element.tag], len("".join(element.itertext()).strip()))
    for element in single:
        if lengths[element.tag] >= LONG_TEXT:
            element.tag = "p"


def _stands_alone(element: "HtmlElement") -> bool:
    """True if an element holds no blocks, and no text stands beside it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None or parent.tag in ("p", "span", "a") or (element.tail or "").strip():
        return False
    if ((parent.text if before is None else before.tail) or "").strip():
        return False
    inside = list(islice(element.iterdescendants(), MOST_INLINE))
    return len(inside) < MOST_INLINE and not any(part.tag in BLOCKS or "-" in part.tag for part in inside)


def _weights(root: "HtmlElement", elements: set["HtmlElement"]) -> dict["HtmlElement", tuple[int, int, bool]]:
    """Return for each element, and for the root, how long its text and its prose are, and if it has an `h1`.

    Prose is what stands in paragraphs, and each long text: many pages part an article by `<br>` or `<div>` alone.
    """
    from lxml import etree

    weights: dict[HtmlElement, tuple[int, int, bool]] = {}
    opened: list[tuple[int, int, int]] = []
    text = prose = headlines = depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_prose = element.tag == "p"
        if event == "start":
            if element in elements or element is root:
                opened.append((text, prose, headlines))
            depth += is_prose
            piece = element.text
            headlines += element.tag == "h1" or "articleBody" in (element.get("itemprop") or "").split()
        else:
            if element in elements or element is root:
                text_before, prose_before, headlines_before = opened.pop()
                weights[element] = (text - text_before, prose - prose_before, headlines > headlines_before)
            depth -= is_prose
            piece = element.tail
        length = sum(map(len, piece.split())) if piece else 0
        text += length
        prose += length if depth > 0 or length >= LONG_TEXT else 0
    return weights


def _is_beside(element: "HtmlElement") -> bool:
    """True if the element is hidden, or its tag or its names say that it stands beside the article."""
    tag = element.tag
    if tag in ASIDE:
        parent = element.getparent()
        return not (tag == "footer" and parent is not None and parent.tag == "blockquote")
    if tag == "figure":
        return all(element.find(f".//{content}") is None for content in CONTENT_OF_FIGURES)
    if not element.attrib:
        return False
    style = element.get("style")
    if (style and UNSEEN_STYLE.search(style)) or element.get("hidden") is not None:
        return True
    return element.get("aria-hidden") == "true" or (is_named_box(element) and not is_pull_quote(element))


def _is_alone(time: "HtmlElement") -> bool:
    """True if a time stands as a block of its own: it is the date of the article, and not of its text."""
    parent, before, behind = time.getparent(), time.getprevious(), time.getnext()
    if parent is None or (time.tail or "").strip():
        return False
    text = parent.text if before is None else before.tail
    beside = [element for element in (before, behind) if element is not None]
    return not (text or "").strip() and all(element.tag in BLOCKS or element.tag == "time" for element in beside)


def _is_layout(table: "HtmlElement") -> bool:
    """True if the table lays out the page: its cells hold prose or tables, and no figures and names in rows."""
    if table.get("role") in ("presentation", "none") or table.find(".//table") is not None:
        return True
    cells = [*table.iter("td", "th")]
    if len(cells) <= 1:
        return True
    for cell in cells:
        length = sum(map(len, cell.itertext()))
        if length > LONGEST_CELL:
            return True
        if length > LONG_CELL and sum(1 for _ in cell.iter(*TABLE_BLOCKS)) > 1:
            return True
    return False


def _unfold(table: "HtmlElement") -> None:
    """Make blocks of a table and its cells. Tables inside it are looked at by themselves."""
    table.tag = "div"
    stack = list(table)
    while stack:
        element = stack.pop()
        if element.tag in ("tbody", "thead", "tfoot", "tr", "td", "th"):
            element.tag = "div"
            stack.extend(element)
