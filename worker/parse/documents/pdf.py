"""Reading the text layer of PDF."""

from worker.parse.format import Limits
from worker.reasons import Reason, Refused

PASSWORD = 4  # FPDF_ERR_PASSWORD
MOST_PAGES = 3000


def text_of_pdf(raw: bytes, limits: Limits) -> str:
    """Return the text of a PDF: its paragraphs with empty lines between them.

    Raise `Refused`: `no_text` for a scan, `unreadable` if it has a password, `malformed` or `too_large`.
    """
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        pdf = PdfDocument(raw)
    except PdfiumError as error:
        if error.err_code == PASSWORD:
            raise Refused(Reason.UNREADABLE, "The PDF has a password. Save it without the password.") from error
        raise Refused(Reason.MALFORMED, "The PDF is damaged or cut off. Download or save it again.") from error
    if len(pdf) > MOST_PAGES:
        raise Refused(Reason.TOO_LARGE, f"It has more than {MOST_PAGES:,} pages. Split it.")
    text = "\n\n".join(pdf[number].get_textpage().get_text_range() for number in range(len(pdf)))
    if not text.strip():
        raise Refused(Reason.NO_TEXT, "The PDF holds pictures of pages, no text. Run OCR over it and drop it again.")
    return text.replace("\r\n", "\n")
