"""ODT, the format of LibreOffice: one article."""

import io

from worker.parse.article import Article
from worker.parse.documents.article import article_of
from worker.parse.documents.odt import document_of_odt
from worker.parse.format import Format, Hint


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article of a document. Raise `Refused` as `document_of_odt` does, or `no_text`."""
    return article_of(document_of_odt(io.BytesIO(raw), hint.limits), hint)


FORMAT = Format(
    name="OpenDocument text",
    extensions=(".odt", ".ott"),
    media_types=("application/vnd.oasis.opendocument.text",),
    sniff=lambda head: head.startswith(b"PK\x03\x04"),
    parse=parse,
    binary=True,
)
