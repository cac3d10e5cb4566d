"""Documents are read in the child, within its memory; a PDF that unpacks to a gigabyte harms nobody."""

import io
import zlib
from collections.abc import Iterator

import pytest

from tests.unit.parse.making_documents import Page, docx, odt, paragraph, pdf
from worker.bounded import BoundedParser
from worker.parse import Limits
from worker.reasons import Reason, Refused

TEXT = "The harbour of Perrin will be dredged from May, the council said on Tuesday."


@pytest.fixture(scope="module")
def parser() -> Iterator[BoundedParser]:
    with BoundedParser(Limits(), 1_500_000_000, 20.0) as bounded_parser:
        yield bounded_parser


def _page() -> Page:
    page = Page()
    page.write(60, 700, TEXT)
    return page


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.docx", docx(paragraph(TEXT))),
        ("a.odt", odt(f"<text:p>{TEXT}</text:p>")),
        ("a.pdf", pdf([_page()])),
        ("a.rtf", rb"{\rtf1 " + TEXT.encode() + b"}"),
    ],
)
def test_a_document_is_read_in_the_child(parser: BoundedParser, name: str, raw: bytes) -> None:
    (member,) = parser.split(io.BytesIO(raw), name)
    assert parser.parse(member.raw, member.media_type).text == TEXT


@pytest.mark.slow
def test_a_pdf_that_unpacks_to_a_gigabyte_ends_within_the_bounds(parser: BoundedParser) -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(1000)) + packer.flush()
    stream = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)
    plain = pdf([Page()])
    raw = plain.replace(b"<</Length 0>>stream\n\nendstream", stream)
    assert len(raw) > len(plain)
    with pytest.raises(Refused) as caught:  # it is read once to see whether it is a bundle, and then as a document
        for member in parser.split(io.BytesIO(raw), "a.pdf"):
            parser.parse(member.raw, member.media_type)
    assert caught.value.reason in (Reason.CRASHED, Reason.MEMORY, Reason.TIMEOUT, Reason.NO_TEXT)
    (member,) = parser.split(io.BytesIO(pdf([_page()])), "a.pdf")
    assert parser.parse(member.raw, member.media_type).text == TEXT
