"""Europresse (Eureka) exports in HTML: an `article` for each article, or, in the older layout, a table for each."""

import re
from typing import TYPE_CHECKING

from worker.parse.bundles.bundle import Bundle, Documents, pieces
from worker.parse.bundles.entry import Entry, entry
from worker.parse.bundles.names import authors_of
from worker.parse.bundles.pages import blocks, line_of, tree_of, with_class
from worker.parse.bundles.written_dates import written_date
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.html import HtmlElement

DATABASE = "Europresse"
NAME = re.compile(r"<(?:span|div|td|p)\b[^<>]{0,200}\bclass=[\"'][^\"'<>]{0,60}\bDocPublicationName\b", re.I)
ARTICLE = re.compile(r"<article\b(?=[\s>])[^<>]{0,300}>", re.I)
IDENTIFIER = re.compile(r"(?:news|pub|web|bio)[·.]\d{8}[·.][A-Za-z0-9_-]{1,12}[·.][\w-]{3,60}")
COUNT = re.compile(
    r"(?i)(?:Nombre de documents?|Number of documents?|Documents? sauvegardés?)\s{0,4}:?\s{0,4}(?P<count>\d{1,6})"
)
RIGHTS = re.compile(r"(?:©|\(c\)|Copyright)\s?.{0,20}\d{4}.{0,200}", re.I)
ISSUE = re.compile(r"(?i),? (?:no|n°|nº|num|numéro|vol)\.? ?\d.{0,60}")
CERTIFICATE = re.compile(r"(?i)(?:ce certificat|this certificate|le présent document|date d['’]émission)")
PAGE = re.compile(r"(?:p\.|pp\.|page)\s?[\w-]{1,12}", re.I)
TITLES = ("titrearticlevisu", "rdp__articletitle", "titrearticle")
MOST_WORDS_IN_NAMES = 10


def looks_like(head: str) -> bool:
    """True if the beginning of a page is an export of Europresse."""
    if head.lstrip()[:1] != "<":
        return False
    return "DocPublicationName" in head and ("itreArticleVisu" in head or "DocHeader" in head)


def documents(source: str) -> Documents:
    """Return the articles of a page in either layout."""
    places = [match.start() for match in ARTICLE.finditer(source)]
    if not places:
        places = [match.start() for match in NAME.finditer(source)]
    texts = [text for text in pieces(source, places) if NAME.search(text)]
    told = COUNT.search(source[: places[0]]) if places else None
    return Documents(texts, int(told["count"]) if told else None)


def read(source: str) -> Entry:
    """Return the fields of one article."""
    root = tree_of(source)
    names = with_class(root, "DocPublicationName")
    title = next((found[0] for name in TITLES if (found := with_class(root, name))), None)
    if not names or title is None:
        raise Refused(
            Reason.MALFORMED, "It has no publication or no title, as articles of Europresse have. Export it again."
        )
    header = " ".join(filter(None, (line_of(part) for part in with_class(root, "DocHeader"))))
    if not header:
        header = next((text for text in blocks(names[0].getroottree().getroot()) if written_date(text)), "")
    section, date = _header(header)
    body, author, rights = _new(root, title) if root.find(".//section") is not None else _old(root, line_of(title))
    lines = blocks(root)
    identifier = next((match for line in lines if (match := IDENTIFIER.search(line))), None)
    rights = rights or next((line for line in reversed(lines) if RIGHTS.fullmatch(line)), None)
    return entry(
        DATABASE,
        "\n\n".join(body),
        title=line_of(title),
        outlet=ISSUE.sub("", line_of(names[0])).strip(" ,"),
        date=date,
        authors=authors_of(author),
        section=section,
        identifier=identifier[0] if identifier else None,
        licence=rights,
    )


def _header(header: str) -> tuple[str | None, str | None]:
    """Return section and date of the line "Economie, lundi 13 mars 2006, p. 6"."""
    parts = [part.strip() for part in re.split(r",\s*", header) if part.strip() and not PAGE.fullmatch(part.strip())]
    for place in range(len(parts)):
        if written_date(parts[place], with_day=True):
            return _section(parts[:place]), ", ".join(parts[place:])
        if written_date(" ".join(parts[place : place + 2]), with_day=True) and any(map(str.isdigit, parts[place])):
            return _section(parts[:place]), ", ".join(parts[place:])
    return None, header or None


def _section(parts: list[str]) -> str | None:
    """Return what stands before the date, without the day of the week."""
    if parts and parts[-1].lower().endswith(("day", "di")) and " " not in parts[-1]:
        parts = parts[:-1]
    return ", ".join(parts) or None


def _new(root: "HtmlElement", title: "HtmlElement") -> "tuple[list[str], str | None, str | None]":
    """Return text, author and rights of an article in the new layout."""
    containers = with_class(root, "docOcurrContainer") or with_class(root, "DocText") or list(root.iter("section"))
    body = [block for part in containers[:1] for block in blocks(part, breaks=" ")]
    named = with_class(root, "docAuthors") or with_class(root, "rdp__author")
    author = line_of(named[0]) if named else _author_behind(title)
    rights = next((line_of(part) for part in root.iter("small") if RIGHTS.match(line_of(part))), None)
    return body, author, rights


def _author_behind(title: "HtmlElement") -> str | None:
    """Return the line behind the title, if it may be the names of authors."""
    above = title.getparent()
    for part in (title, above) if above is not None else (title,):
        following = part.getnext()
        line = line_of(following) if following is not None and following.tag in ("div", "p", "span") else ""
        if line and _is_name(line):
            return line
    return None


def _old(root: "HtmlElement", title: str) -> tuple[list[str], str | None, str | None]:
    """Return text, author and rights of an article in the old layout: the lines behind the title."""
    lines = blocks(root, breaks="\v")
    place = next((place for place, line in enumerate(lines) if line.startswith(title)), None)
    if place is None:
        return [], None, None
    following = [line for line in (lines[place][len(title) :].strip(), *lines[place + 1 :]) if line]
    end = next((at for at, line in enumerate(following) if IDENTIFIER.search(line) or CERTIFICATE.match(line)), None)
    following = following[:end]
    rights = next((line for line in following[-4:] if RIGHTS.fullmatch(line) and len(line) < 200), None)
    body = following[: following.index(rights)] if rights else following
    author = body[0] if len(body) > 1 and _is_name(body[0]) else None
    return (body[1:] if author else body), author, rights


def _is_name(line: str) -> bool:
    """True if a line may be the names of authors: few words, most of them with a capital, and no sentence."""
    words = [word for word in line.split() if word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    return 1 <= len(words) <= MOST_WORDS_IN_NAMES and capitals >= 0.6 * len(words) and line[-1] not in ".?!:"


BUNDLE = Bundle(database=DATABASE, documents=documents, read=read)
