"""PDF with a text layer: one article."""

from worker.parse.article import Article
from worker.parse.bundles.documents import bundle_or_document, text_of_print
from worker.parse.documents.article import article_of
from worker.parse.documents.pdf import document_of_pdf
from worker.parse.format import Format, Hint

MEDIA_TYPE = "application/pdf"


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article of a PDF. Raise `Refused` as `document_of_pdf` does."""
    return article_of(document_of_pdf(raw, hint.limits), hint)


FORMAT = Format(
    name="PDF",
    extensions=(".pdf",),
    media_types=(MEDIA_TYPE,),
    sniff=lambda head: b"%PDF-" in head[:1024],
    parse=parse,
    split=bundle_or_document(text_of_print, MEDIA_TYPE),
    binary=True,
)
