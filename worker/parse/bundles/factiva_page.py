"""Factiva exports in HTML: `div.article` for each article, with codes (HD, BY, PD, …) in a table, or without codes."""

import re
from typing import TYPE_CHECKING

from worker.parse.bundles.bundle import Bundle
from worker.parse.bundles.entry import Entry, entry
from worker.parse.bundles.factiva_words import DATABASE, DOCUMENT, WORDS, from_codes, from_lines
from worker.parse.bundles.names import authors_of
from worker.parse.bundles.pages import blocks, line_of, tree_of, with_class
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.html import HtmlElement

ARTICLE = re.compile(r"<div\b[^<>]{0,200}\bclass=[\"'](?:article|[a-z]{2}Article)(?:\s[\w -]{0,60})?[\"'][^<>]{0,200}>")
TITLE = re.compile(r"<title>\s{0,20}(?:Dow Jones )?Factiva\s{0,20}</title>", re.I)
MOST_WORDS_IN_SECTION = 6
CODE = re.compile(r"[A-Z]{2,4}")
PARAGRAPHS = re.compile(r"<p\b[^<>]{0,200}\bclass=[\"'][^\"'<>]{0,60}articleParagraph", re.I)
FOOTER = re.compile(r"<(?:table|div)\b[^<>]{0,400}\bid=[\"'](?:oddEvenPreview|pageFooter|bottomHeadlineNav)[\"']")


def looks_like(head: str) -> bool:
    """True if a page is an export of Factiva. Its style sheets may be longer than the part that is looked at."""
    if head.lstrip()[:1] != "<" or "activa" not in head:
        return False
    return TITLE.search(head) is not None or (ARTICLE.search(head) is not None and PARAGRAPHS.search(head) is not None)


def read(source: str) -> Entry:
    """Return the fields of one article, in either layout."""
    root = tree_of(FOOTER.split(source, maxsplit=1)[0])
    codes = _codes(root)
    if {"HD", "AN"} & codes.keys() and len(codes) >= 3:
        return from_codes(codes)
    return _without_codes(root)


def _codes(root: "HtmlElement") -> dict[str, list[str]]:
    """Return the paragraphs of each code in the table of an article."""
    codes: dict[str, list[str]] = {}
    for row in root.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        code = line_of(cells[0]) if len(cells) >= 2 else ""
        if CODE.fullmatch(code):
            codes.setdefault(code, blocks(cells[1], breaks=" "))
    return codes


def _without_codes(root: "HtmlElement") -> Entry:
    """Return the fields of an article whose head is a row of lines: title, author, length, date, outlet, …"""
    title = next((part for part in root.iter() if (part.get("class") or "").endswith("Headline")), None)
    if title is None:
        title = next(iter(root.xpath(".//*[@id='hd']")), None)
    body = [part for part in root.iter("p") if "articleparagraph" in (part.get("class") or "").lower()]
    if title is None and not body:
        raise Refused(Reason.MALFORMED, "It has neither a headline nor paragraphs as articles of Factiva have.")
    paragraphs = [block for part in body for block in blocks(part, breaks=" ")]
    headline, author = line_of(title), line_of(next(iter(with_class(root, "author")), None))
    in_body = set(paragraphs)
    lines = [line for line in blocks(root, breaks=" ") if line not in in_body]
    fields = from_lines(_behind(lines, headline, author))
    if headline in lines[1:3] and len(lines[lines.index(headline) - 1].split()) <= MOST_WORDS_IN_SECTION:
        fields["section"] = lines[lines.index(headline) - 1]
    rest = fields.pop("body", None)
    if not body and isinstance(rest, list):
        paragraphs = [line for line in rest if not DOCUMENT.fullmatch(line)]
    identifier = next((match["id"] for line in reversed(lines) if (match := DOCUMENT.fullmatch(line))), None)
    return entry(
        DATABASE,
        "\n\n".join(paragraphs),
        **{**fields, "title": headline, "identifier": identifier, "authors": authors_of(author)},
    )


def _behind(lines: list[str], headline: str, author: str) -> list[str]:
    """Return the lines from the length of the article on."""
    known = {headline, author}
    lines = [line for line in lines if line not in known]
    start = next((place for place, line in enumerate(lines) if WORDS.fullmatch(line)), 0)
    return lines[start:]


BUNDLE = Bundle(database=DATABASE, beginning=ARTICLE, read=read)
