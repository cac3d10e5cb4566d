"""RTF, which all word processors write: one article. Old programs also write it into files named .doc."""

from worker.parse.article import Article
from worker.parse.bundles.documents import bundle_or_document, text_of_rich_text
from worker.parse.documents.article import article_of
from worker.parse.documents.rtf import document_of_rtf
from worker.parse.format import Format, Hint

MEDIA_TYPE = "application/rtf"


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article of an RTF document. Raise `Refused`: `malformed`, `too_large` or `no_text`."""
    return article_of(document_of_rtf(raw), hint)


FORMAT = Format(
    name="RTF document",
    extensions=(".rtf",),
    media_types=(MEDIA_TYPE, "text/rtf"),
    sniff=lambda head: head[:20].lstrip().startswith(b"{\\rtf"),
    parse=parse,
    split=bundle_or_document(text_of_rich_text, MEDIA_TYPE),
    by_content=True,
    narrow=True,  # it is text, too: a file of text may be RTF under another name
)
