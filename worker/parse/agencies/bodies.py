"""The text of an agency's article, whichever mark-up is in it: NITF, XHTML, HTML in a string, or plain text."""

import re
from typing import TYPE_CHECKING

from worker.parse.documents.elements import local
from worker.parse.pages import markup

if TYPE_CHECKING:
    from lxml.etree import _Element

BLOCKS = frozenset((
    "address", "article", "block", "blockquote", "body", "body.content", "bq", "credit", "datasource", "dd", "div",
    "dl", "dt", "fieldset", "h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2", "hl3", "hl4", "hr", "html", "li", "main",
    "ol", "p", "pre", "section", "table", "tr", "ul",
))  # fmt: skip
CELLS = frozenset(("td", "th"))
# Pictures with captions, heads that repeat the headline, notes to editors, footnotes and taglines are no text.
LEFT_OUT = frozenset((
    "script", "style", "template", "noscript", "svg", "head", "iframe",
    "media", "media-caption", "figure", "figcaption", "img", "video", "audio", "object", "picture", "header", "footer",
    "aside", "nav", "fn", "note", "body.head", "body.end", "nitf-table-metadata", "button", "form", "meta", "title",
    "ednote", "notepad",
))  # fmt: skip
CONTENTS = ("body.content", "body")
INDENT = re.compile(r"\n(?=[ \t\u00a0]{2,}\S)")
ONLY_TAGS = re.compile(r"(?:<[/!a-zA-Z][^<>]{0,500}>\s{0,20})+")  # mark-up that was escaped, as that of embedded posts
FULL_LINE = 100  # lines with more characters than this on average are paragraphs, not lines of a typewriter


def text_of(element: "_Element") -> str:
    """Return the text of an element, with empty lines between its paragraphs, cells of a row joined by bars.

    If it holds a whole document, the text is that of its body; if it holds nothing but text, that may be HTML.
    """
    for name in CONTENTS:
        found = next((inner for inner in element.iter() if local(inner) == name), None)
        if found is not None and (text := blocks(found)):
            return text
    if len(element) == 0 and element.text:
        return text_of_string(element.text)
    return blocks(element)


def text_of_string(value: str, *, is_markup: bool = False) -> str:
    """Return the text of a string that is HTML, or plain text with lines of any length."""
    if is_markup or markup.looks_like_markup(value):
        without_paragraphs = re.sub(r"(?i)</?p\b[^<>]{0,200}>", "\n\n", value)
        if is_markup or markup.looks_like_markup(without_paragraphs) or not INDENT.search(value):
            return blocks(markup.tree(f"<div>{value}</div>"))
        value = without_paragraphs
    return plain(value)


def plain(value: str) -> str:
    """Return plain text with empty lines between its paragraphs, whichever way they were told apart."""
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if re.search(r"\n[ \t\u00a0]*\n", text) or INDENT.search(text):
        pieces = [piece for part in re.split(r"\n(?:[ \t\u00a0]*\n)+", text) for piece in INDENT.split(part)]
    else:
        lines = [line for line in text.split("\n") if line.strip()]
        is_wrapped = len(lines) > 1 and sum(map(len, lines)) / len(lines) < FULL_LINE and not _all_end(lines)
        pieces = [text] if is_wrapped else lines
    return "\n\n".join(folded for piece in pieces if (folded := " ".join(piece.split())))


def _all_end(lines: list[str]) -> bool:
    """True if most lines end as sentences or headings do, so that each is a paragraph."""
    return sum(line.rstrip().endswith((".", "!", "?", ":", "”", '"', "»", "“")) for line in lines) > len(lines) // 2


def blocks(root: "_Element") -> str:
    """Return the text of a tree of NITF, XHTML or HTML."""
    from lxml import etree

    pieces: list[str] = []
    verbatim = cells = 0
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = local(element).lower()
        if tag in LEFT_OUT and element is not root:
            if event == "start":
                walk.skip_subtree()
            else:
                pieces.append(_white_space(element.tail, verbatim))
            continue
        step = {"start": 1, "end": -1}.get(event, 0)
        verbatim += step * (tag == "pre")
        if tag in CELLS:
            cells += step
            pieces.append("\x1f")
        elif tag in BLOCKS:
            pieces.append("\f" if cells else "\v")
        elif tag == "br" and step == 1:
            pieces.append("\f")
        if step == 1:
            pieces.append(_white_space(element.text, verbatim))
        elif element is not root:
            pieces.append(_white_space(element.tail, verbatim))
    folded = re.sub(r"[ \t\r\n\xa0]+", " ", "".join(pieces))
    folded = re.sub(r" ?\f ?", "\n", folded)
    rows = (_row(block) for block in folded.split("\v"))
    return "\n\n".join(row for row in rows if row and not ONLY_TAGS.fullmatch(row))


def _white_space(text: object, verbatim: int) -> str:
    """Return the text of an element without our own marks; in preformatted text, its lines are kept."""
    clean = re.sub("[\v\f\x1f]", " ", str(text or ""))
    return clean.replace("\n", "\f") if verbatim else clean


def _row(block: str) -> str:
    """Return a block; the cells of a row in it are joined by bars."""
    if "\x1f" not in block:
        return block.strip()
    return " | ".join(re.sub(r"\n{2,}", "\n", cell) for part in block.split("\x1f") if (cell := part.strip()))
