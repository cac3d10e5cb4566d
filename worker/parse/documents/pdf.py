"""Reading the text layer of PDF with PDFium: lines in reading order, paragraphs, and properties."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from worker.parse.documents.document import Document
from worker.parse.documents.pdf_layout import Line, in_reading_order
from worker.parse.documents.pdf_page import fragments
from worker.parse.documents.pdf_paragraphs import paragraphs
from worker.parse.format import Limits
from worker.reasons import Reason, Refused

PASSWORD = 4  # FPDF_ERR_PASSWORD
MOST_PAGES = 3000
LARGEST = 20  # a PDF may be a bundle with so many times the text of an article
UNREADABLE_SHARE = 0.3  # more letters without a meaning than this share: the fonts do not say what they show
MEANINGLESS = re.compile("[\x00-\x08\x0e-\x1f\ue000-\uf8ff\ufffd]")
DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-])(\d\d)'?(\d\d)?'?)?")
SCANNED = "The PDF holds pictures of pages and no text. Run text recognition (OCR) over it and drop it again."
NO_MEANING = (
    "The fonts of the PDF do not say which letters they show. Run text recognition (OCR) over it, or save its text."
)


def text_of_pdf(raw: bytes, limits: Limits) -> str:
    """Return the text of a PDF: its paragraphs with empty lines between them.

    Raise `Refused`: `no_text` for a scan, `unreadable` if it has a password, `malformed` or `too_large`.
    """
    return "\n\n".join(paragraph.text for paragraph in _document(raw, LARGEST * limits.max_text).paragraphs)


def lines_of_pdf(raw: bytes, limits: Limits) -> list[str]:
    """Return the lines of a PDF in reading order, with running heads and page numbers. Raise as `text_of_pdf` does."""
    with _opened(raw) as pdf:
        pages, _, _ = _pages(pdf, LARGEST * limits.max_text)
    return [line.text for page in pages for line in page]


def document_of_pdf(raw: bytes, limits: Limits) -> Document:
    """Return the paragraphs and properties of a PDF with one article. Raise `Refused` as `text_of_pdf` does."""
    return _document(raw, limits.max_text)


def _document(raw: bytes, most: int) -> Document:
    """Return the paragraphs and properties of a PDF with at most so many characters."""
    with _opened(raw) as pdf:
        pages, heights, scanned = _pages(pdf, most)
        document = Document(
            paragraphs(pages, heights),
            title=pdf.get_metadata_value("Title") or None,
            author=pdf.get_metadata_value("Author") or None,
            created=_date(pdf.get_metadata_value("CreationDate")),
        )
    if scanned:
        document.warnings.append(f"pages without text: {scanned} of {len(pages)} pages are pictures or empty")
    return document


@contextmanager
def _opened(raw: bytes) -> Iterator[Any]:
    """Give the open PDF, and close it afterwards."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        pdf = PdfDocument(raw)
    except PdfiumError as error:
        if getattr(error, "err_code", None) == PASSWORD:
            raise Refused(Reason.UNREADABLE, "The PDF has a password. Save it without the password.") from error
        raise Refused(Reason.MALFORMED, "The PDF is damaged or cut off. Download or save it again.") from error
    try:
        yield pdf
    finally:
        pdf.close()


def _pages(pdf: Any, most: int) -> tuple[list[list[Line]], list[float], int]:
    """Return the lines of each page, the heights of the pages, and the number of pages without text."""
    if len(pdf) > MOST_PAGES:
        raise Refused(Reason.TOO_LARGE, f"It has more than {MOST_PAGES:,} pages. Split it.")
    pages: list[list[Line]] = []
    heights: list[float] = []
    characters = 0
    for number in range(len(pdf)):
        lines, height = _page(pdf, number)
        pages.append(lines)
        heights.append(height)
        characters += sum(len(line.text) for line in lines)
        if characters > most:
            raise Refused(Reason.TOO_LARGE, f"Its text has more than {most:,} characters. Split it.")
    if not characters:
        raise Refused(Reason.NO_TEXT, SCANNED)
    meaningless = sum(len(MEANINGLESS.findall(line.text)) for page in pages for line in page)
    if meaningless > UNREADABLE_SHARE * characters:
        raise Refused(Reason.NO_TEXT, NO_MEANING)
    return pages, heights, sum(not page for page in pages)


def _page(pdf: Any, number: int) -> tuple[list[Line], float]:
    """Return the lines of a page in reading order, and its height. A damaged page has no lines."""
    from pypdfium2 import PdfiumError

    try:
        page = pdf[number]
    except PdfiumError:
        return [], 0.0
    try:
        text_page = page.get_textpage()
        try:
            return in_reading_order(fragments(text_page)), page.get_height()
        finally:
            text_page.close()
    except PdfiumError:
        return [], 0.0
    finally:
        page.close()


def _date(value: str | None) -> str | None:
    """Return a date of PDF ("D:20240305120000+01'00'") as ISO 8601."""
    match = DATE.match(value or "")
    if match is None:
        return None
    year, month, day, hour, minute, second, sign, zone_hour, zone_minute = match.groups()
    moment = f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}"
    if sign:
        return f"{moment}{sign}{zone_hour}:{zone_minute or '00'}"
    return f"{moment}Z" if match[0].endswith("Z") else moment
