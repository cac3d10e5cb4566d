"""LexisNexis exports in HTML: `<DOC NUMBER=1>` in a comment begins each document; and Nexis Uni text inside HTML."""

import re

from worker.parse.bundles import nexis_print, nexis_uni
from worker.parse.bundles.bundle import Bundle, Documents
from worker.parse.bundles.entry import Entry
from worker.parse.bundles.nexis_words import BODY_HEADING, END_HEADING
from worker.parse.bundles.pages import COMMENT, blocks, tree_of

DOC = re.compile(r"<DOC NUMBER=\d{1,7}>", re.I)
COUNT = re.compile(r"<META\s[^<>]{0,200}\bDOCUMENTS=\"?(?P<count>\d{1,7})", re.I)
BODY = re.compile(rf">\s{{0,20}}{BODY_HEADING}\s{{0,20}}<")
END = rf"<\w{{1,12}}(?:\s[^<>]{{0,300}})?>\s{{0,20}}{END_HEADING}\s{{0,20}}<"
ENDS = re.compile(rf"(?={END})")
UNI = re.compile(rf"\b(?:Length|Länge|Longueur|Lengte)\s{{0,3}}:|{END}")


def looks_like(head: str) -> bool:
    """True if the beginning of a page is an old LexisNexis export."""
    return DOC.search(head) is not None and ("DOCFULL" in head or nexis_print.MARK.search(head) is not None)


def looks_like_uni(head: str) -> bool:
    """True if the beginning of a page is text of Nexis Uni in HTML."""
    return head.lstrip()[:1] == "<" and BODY.search(head) is not None and UNI.search(head) is not None


def read(source: str) -> Entry:
    """Return the fields of one document."""
    return nexis_print.read("\n\n".join(blocks(tree_of(_from_mark(source)))))


def documents_of_uni(source: str) -> Documents:
    """Return the documents of a page of Nexis Uni as lines of text."""
    pieces = ENDS.split(COMMENT.sub("", source))
    return nexis_uni.documents("\n\n".join(block for piece in pieces for block in blocks(tree_of(piece))))


def _from_mark(source: str) -> str:
    """Return the source of a document without the rest of the comment that its mark is in."""
    return COMMENT.sub("", source.partition("-->")[2] or source)


BUNDLE = Bundle(
    database=nexis_print.DATABASE,
    beginning=DOC,
    count=COUNT,
    read=read,
    advice="Export it again as Word or text with full texts, and drop that.",
)
UNI_BUNDLE = Bundle(
    database=nexis_print.DATABASE,
    documents=documents_of_uni,
    read=nexis_uni.read,
    advice="Export it again as Word with full texts, and drop that.",
)
