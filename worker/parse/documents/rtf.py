"""Reading RTF in one pass over its marks: paragraphs, headings, lists and tables, without notes and pictures."""

import re

from worker.parse.documents.document import Document
from worker.parse.documents.rtf_reader import Reader
from worker.reasons import Reason, Refused

TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|[\r\n\0]{1,1000}|([^\\{}\r\n\0]+)"
)
MOST_MARKS = 4_000_000  # refuse a document with more marks: an article has thousands, a bundle of 500 about a million


def text_of_rtf(raw: bytes) -> str:
    """Return the text of an RTF file, with one line for each paragraph, also for an empty one.

    Raise `Refused`: `malformed` or `too_large`.
    """
    return "\n".join(paragraph.text for paragraph in _read(raw).paragraphs)


def document_of_rtf(raw: bytes) -> Document:
    """Return the paragraphs and properties of an RTF file. Raise `Refused` as `text_of_rtf` does."""
    document = _read(raw)
    document.paragraphs = [paragraph for paragraph in document.paragraphs if paragraph.text]
    return document


def _read(raw: bytes) -> Document:
    reader = Reader()
    place = raw.find(b"{\\rtf")
    if place < 0:
        raise Refused(Reason.MALFORMED, "It is no RTF file. Save it again as RTF.")
    for _ in range(MOST_MARKS):
        match = TOKEN.match(raw, place)
        if match is None:
            return reader.finish()
        place = match.end() + reader.take(match)
        if reader.is_at_end:
            return reader.finish()
    raise Refused(Reason.TOO_LARGE, f"It has more than {MOST_MARKS:,} marks, which no article has. Save its text.")
