"""DOCX, the format of Word since 2007: one article."""

import io

from worker.parse.article import Article
from worker.parse.bundles.documents import bundle_or_document, text_of_word
from worker.parse.documents.article import article_of
from worker.parse.documents.docx import document_of_docx
from worker.parse.documents.ole import BEGINNING as OLE
from worker.parse.documents.ole import refused
from worker.parse.format import Format, Hint

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article of a Word document.

    Raise `Refused`: `unreadable` if it has a password, `unsupported_type` for the old format of Word under a new name,
    `malformed`, `bomb`, `too_large` or `no_text`.
    """
    if raw.startswith(OLE):
        raise refused(raw)
    return article_of(document_of_docx(io.BytesIO(raw), hint.limits), hint)


FORMAT = Format(
    name="Word document",
    extensions=(".docx", ".docm"),
    media_types=(MEDIA_TYPE,),
    sniff=lambda head: head.startswith((b"PK\x03\x04", OLE)),
    parse=parse,
    split=bundle_or_document(text_of_word, MEDIA_TYPE),
    binary=True,
)
