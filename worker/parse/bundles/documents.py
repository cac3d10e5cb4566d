"""Bundles in documents of office programs (Word, RTF, PDF): whether a document is one, and the articles in it."""

import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from worker.parse.article import Member
from worker.parse.bundles import factiva_text, nexis_print, nexis_uni, proquest
from worker.parse.bundles.bundle import Bundle, members, read_bundle
from worker.parse.bundles.printed import text_of_printed
from worker.parse.format import Limits
from worker.reasons import Reason, Refused

KINDS: tuple[tuple[Callable[[str], bool], Bundle], ...] = (
    (nexis_uni.looks_like, nexis_uni.BUNDLE),
    (nexis_print.looks_like, nexis_print.BUNDLE),
    (factiva_text.looks_like, factiva_text.BUNDLE),
    (proquest.looks_like, proquest.BUNDLE),
)

REACH = 1_000_000  # the list in front of a bundle may be long; the whole text is there


def bundle_in(text: str) -> Bundle | None:
    """Return the bundle that the text of a document is, or None."""
    head = text[:REACH]
    return next((bundle for looks_like, bundle in KINDS if looks_like(head)), None)


def text_of_word(raw: bytes, limits: Limits) -> str:
    """Return the text of a DOCX file, one line for each paragraph."""
    from worker.parse.documents.docx import paragraphs_of_docx

    return "\n".join(paragraphs_of_docx(io.BytesIO(raw), limits))


def text_of_rich_text(raw: bytes, limits: Limits) -> str:
    """Return the text of an RTF file, one line for each paragraph."""
    from worker.parse.documents.rtf import text_of_rtf

    return text_of_rtf(raw)


def text_of_print(raw: bytes, limits: Limits) -> str:
    """Return the text of a PDF, if it may be a bundle: lines in heads, and paragraphs in texts."""
    from worker.parse.documents.pdf import lines_of_pdf, text_of_pdf

    lines = [line.replace("\x02", "-") for line in lines_of_pdf(raw, limits)]
    if bundle_in("\n".join(lines[:2000])) is None:
        return ""
    return text_of_printed(lines, text_of_pdf(raw, limits).split("\n\n"))


def bundle_or_document(
    text_of: Callable[[bytes, Limits], str], media_type: str
) -> Callable[[BinaryIO, str, Limits], Iterator[Member]]:
    """Return `split` for a format of documents: the articles of a bundle, or the document itself as the only member."""

    def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
        raw = read_bundle(stream, limits)
        text = _text_or_nothing(text_of, raw, limits)
        if (bundle := bundle_in(text)) is not None:
            yield from members(bundle, text)
        elif len(raw) > limits.max_article_bytes:
            raise Refused(
                Reason.TOO_LARGE,
                f"It is larger than {limits.max_article_bytes:,} bytes. If it really is one article, raise"
                " ONRECORD_MAX_ARTICLE_BYTES.",
            )
        else:
            yield Member(raw, media_type)

    return split


def _text_or_nothing(text_of: Callable[[bytes, Limits], str], raw: bytes, limits: Limits) -> str:
    """Return the text of a document; nothing if it is refused, since its format then says so when it parses it."""
    try:
        return text_of(raw, limits).replace("\r\n", "\n")
    except Refused:
        return ""
