"""RTF, which all word processors write: one article. Old programs also write it into files named .doc."""

from worker.parse.article import Article
from worker.parse.documents.article import article_of
from worker.parse.documents.rtf import document_of_rtf
from worker.parse.format import Format, Hint


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article of an RTF document. Raise `Refused`: `malformed`, `too_large` or `no_text`."""
    return article_of(document_of_rtf(raw), hint)


FORMAT = Format(
    name="RTF document",
    extensions=(".rtf",),
    media_types=("application/rtf", "text/rtf"),
    sniff=lambda head: head[:20].lstrip().startswith(b"{\\rtf"),
    parse=parse,
    by_content=True,
    narrow=True,  # it is text, too: a file of text may be RTF under another name
)
