"""Factiva exports in XML: `ppsArticleResponse` with an `article` for each article."""

import re
from typing import TYPE_CHECKING

from worker.parse.bundles.bundle import Bundle, Documents, pieces
from worker.parse.bundles.entry import Entry, entry
from worker.parse.bundles.factiva_words import DATABASE
from worker.parse.bundles.names import authors_of
from worker.parse.safe_xml import SAFE
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.etree import _Element

ROOT = re.compile(r"<(?:\w{1,20}:)?(?:ppsArticleResponse|ppsarticleResultSet)\b", re.I)
COUNT = re.compile(r"<(?:\w{1,20}:)?ppsarticleResultSet\b[^<>]{0,300}\bcount=[\"'](?P<count>\d{1,7})", re.I)
ENTITY = re.compile(r"<!ENTITY", re.I)


def looks_like(head: str) -> bool:
    """True if the beginning of a file is an export of Factiva in XML."""
    return ROOT.search(head[:20_000]) is not None


def documents(text: str) -> Documents:
    """Return the articles, each as the XML of its element. Raise `Refused(bomb)` if entities are declared."""
    if ENTITY.search(text):
        raise Refused(Reason.BOMB, "It declares XML entities, as expansion bombs do. Remove its <!ENTITY lines.")
    told = COUNT.search(text)
    return Documents(_elements(text), int(told["count"]) if told else None)


def _elements(text: str) -> list[str]:
    """Return the source of each `article`; one that is cut off is still one, up to the beginning of the next."""
    return pieces(text, [match.start() for match in re.finditer(r"<(?:\w{1,20}:)?article(?=[\s>])", text)])


def read(source: str) -> Entry:
    """Return the fields of one article."""
    from lxml import etree

    parser = etree.XMLParser(recover=True, **SAFE)
    root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    if root is None:
        raise Refused(Reason.MALFORMED, "The XML of this article is broken. Export it again.")
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2].rpartition(":")[2]
    body = [paragraph for name in ("leadParagraph", "tailParagraphs") for paragraph in _paragraphs(root, name)]
    return entry(
        DATABASE,
        "\n\n".join(body),
        title=" ".join(_paragraphs(root, "headline")),
        outlet=_text(root.find(".//sourceName")),
        date=_text(root.find(".//publicationDate")),
        authors=authors_of(_text(root.find(".//byline"))),
        section=_text(root.find(".//sectionName")),
        language=_text(root.find(".//baseLanguage")),
        identifier=_text(root.find(".//accessionNo")),
        licence=_text(root.find(".//copyright")),
    )


def _paragraphs(root: "_Element", name: str) -> list[str]:
    """Return the paragraphs in the elements of this name."""
    found = [part for element in root.iter(name) for part in (list(element.iter("paragraph")) or [element])]
    return [text for part in found if (text := _text(part))]


def _text(element: "_Element | None") -> str:
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())


BUNDLE = Bundle(database=DATABASE, documents=documents, read=read)
