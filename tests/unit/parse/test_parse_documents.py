"""Word, OpenDocument, RTF and PDF files: what is text, what is a title, and what ends with a sentence instead."""

import io
import time
import zipfile

import pytest

from tests.unit.parse.making_documents import CORE, OPEN, Page, docx, odt, paragraph, pdf, zipped
from tests.unit.parse.reading_files import only_outcome, outcomes
from worker.parse import Article, Limits, parse, split
from worker.parse.documents.docx import paragraphs_of_docx
from worker.parse.documents.pdf import lines_of_pdf, text_of_pdf
from worker.parse.documents.rtf import text_of_rtf
from worker.reasons import Reason, Refused

LONG = "The harbour of Perrin will be dredged from May, the council said on Tuesday, after a winter of storms."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def article(raw: bytes, name: str) -> Article:
    """Return the one article of a file."""
    outcome = only_outcome(raw, name)
    assert isinstance(outcome, Article), outcome
    return outcome


def refusal(raw: bytes, name: str, limits: Limits | None = None) -> Refused:
    """Return the refusal of a file with one article."""
    limits = limits or Limits()
    with pytest.raises(Refused) as caught:
        for member in split(io.BytesIO(raw), name, limits):
            parse(member.raw, member.media_type, limits)
    return caught.value


def test_paragraphs_keep_their_breaks_and_leave_out_what_is_deleted() -> None:
    body = (
        "<w:p><w:r><w:t>One</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>"
        "<w:p><w:hyperlink><w:r><w:t>a link</w:t></w:r></w:hyperlink><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
        "<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>in a field</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert paragraphs_of_docx(io.BytesIO(docx(body)), Limits()) == ["One\ttwo\nthree", "a link", "in a field"]


@pytest.mark.parametrize(
    ("title", "creator", "shown", "named"),
    [
        ("Microsoft Word - Document1", "python-docx", None, ()),
        ("release_final_v2.docx", "Windows User", None, ()),
        ("Untitled", "jroe", None, ()),
        ("Harbour to be dredged", "Jane Roe; Ivo van Tarn", "Harbour to be dredged", ("Jane Roe", "Ivo van Tarn")),
    ],
)
def test_properties_count_if_no_program_wrote_them(
    title: str, creator: str, shown: str | None, named: tuple[str, ...]
) -> None:
    properties = f"<dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator>"
    found = article(docx(paragraph(LONG) + paragraph(LONG), properties), "a.docx")
    assert (found.title, found.authors) == (shown, named)


def test_a_title_that_the_document_shows_comes_before_its_properties() -> None:
    body = paragraph("A heading", "berschrift1") + paragraph(LONG)
    found = article(docx(body, "<dc:title>Template of the ministry</dc:title>"), "a.docx")
    assert (found.title, found.text) == ("A heading", LONG)


def test_a_bold_line_is_a_title_only_if_the_text_is_not_bold() -> None:
    bold = paragraph("Harbour to be dredged in May", run="<w:b/>")
    assert article(docx(bold + paragraph(LONG)), "a.docx").title == "Harbour to be dredged in May"
    assert article(docx(paragraph(LONG, run="<w:b/>") * 2), "a.docx").title is None


def test_a_document_in_a_zip_is_no_archive() -> None:
    ((name, outcome),) = outcomes(_zip({"press/a.docx": docx(paragraph(LONG))}), "a.zip")
    assert name == "press/a.docx"
    assert isinstance(outcome, Article)


def _zip(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return stream.getvalue()


ENTITY = '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]>'
BOMBS = {
    "packed, Word": (docx(paragraph("a" * 30_000_000)), "a.docx"),
    "packed, OpenDocument": (odt(f"<text:p>{'a' * 30_000_000}</text:p>"), "a.odt"),
    "entities, Word": (docx(paragraph("&c;"), prolog=ENTITY), "a.docx"),
    "entities, OpenDocument": (
        zipped(
            {"content.xml": f"{ENTITY}<office:document-content {OPEN}><text:p>&c;</text:p></office:document-content>"}
        ),
        "a.odt",
    ),
    "entities, properties": (
        docx(
            paragraph(LONG),
            extra={"docProps/core.xml": f'{ENTITY}<c:coreProperties xmlns:c="{CORE}">&c;</c:coreProperties>'},
        ),
        "a.docx",
    ),
    "many files": (docx("", extra={f"{number}": "" for number in range(10_001)}), "a.docx"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", BOMBS)
def test_bombs_in_documents_end_as_bombs(case: str) -> None:
    start = time.process_time()
    found = refusal(*BOMBS[case])
    assert found.reason is Reason.BOMB
    assert time.process_time() - start < 5


SENTENCES = {
    "Word with a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", Reason.UNREADABLE, "password"),
    "old Word": (OLE, "a.doc", Reason.UNSUPPORTED_TYPE, "save it as .docx and drop it again"),
    "old Word under a new name": (OLE, "a.docx", Reason.UNSUPPORTED_TYPE, "save it as .docx and drop it again"),
    "OpenDocument with a password": (
        odt(
            "",
            extra={
                "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
                "<m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
            },
        ),
        "a.odt",
        Reason.UNREADABLE,
        "password",
    ),
    "a zip named .docx": (zipped({"a.txt": LONG}), "a.docx", Reason.MALFORMED, "Save it again as .docx"),
    "a scan": (pdf([Page()]), "a.pdf", Reason.NO_TEXT, "OCR"),
    "PDF that is cut off": (b"%PDF-1.4\n1 0 obj", "a.pdf", Reason.MALFORMED, "again"),
    "PDF with a password": (
        pdf(
            [Page()],
            encryption=b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(%s)/U(%s)>>/ID[(a)(a)]" % (b"x" * 32, b"y" * 32),
        ),
        "a.pdf",
        Reason.UNREADABLE,
        "password",
    ),
    "no PDF": (b"text " * 300, "a.pdf", Reason.MALFORMED, "again"),
    "no RTF": (b"[Zone]", "a.rtf", Reason.MALFORMED, "again"),
    "a spreadsheet": (zipped({"xl/workbook.xml": "x"}), "a.xlsx", Reason.UNSUPPORTED_TYPE, "Save it as .csv"),
    "slides": (zipped({"ppt/a.xml": "x"}), "a.pptx", Reason.UNSUPPORTED_TYPE, "Save it as .pdf"),
    "an unknown XML": (b"<invoice><sum/></invoice>", "a.xml", Reason.UNSUPPORTED_TYPE, "<invoice>"),
    "a PDF without a name": (pdf([Page()]), "a", Reason.UNSUPPORTED_TYPE, "Name it .pdf"),
    "anything": (b"\0\1\2", "a.xyz", Reason.UNSUPPORTED_TYPE, "drop it again"),
}


@pytest.mark.parametrize("case", SENTENCES)
def test_a_refusal_says_what_to_do(case: str) -> None:
    raw, name, reason, words = SENTENCES[case]
    found = refusal(raw, name)
    assert found.reason is reason
    assert words in found.message
    assert len(found.message) < 200


def test_too_many_marks_of_word_are_bounded() -> None:
    nested = "<w:tbl><w:tr><w:tc>" * 400
    assert refusal(docx(nested), "a.docx").reason is Reason.MALFORMED


@pytest.mark.parametrize(
    "raw",
    [
        rb"{\rtf1 " + b"{" * 1_000_000,
        rb"{\rtf1 " + b"{}" * 2_500_000,
        rb"{\rtf1 " + rb"{\field{\*\fldinst{ HYPERLINK " * 100_000,
        rb"{\rtf1 \pict\bin99999999999 x",
        rb"{\rtf1 {\fonttbl{\f0\fcharset99999;}}\f0\uc99999 \u70000?\u-1?\'ff}",
        rb"{\rtf1 \ansicpg99999 \u55357?\u99999999?",
    ],
    ids=["deep", "many", "fields", "binary", "codes", "surrogates"],
)
def test_rtf_is_read_or_refused_in_time(raw: bytes) -> None:
    start = time.process_time()
    try:
        text_of_rtf(raw).encode()
    except Refused as refused:
        assert refused.reason in (Reason.MALFORMED, Reason.TOO_LARGE)
    assert time.process_time() - start < 8


def test_rtf_decodes_its_code_pages_and_unicode() -> None:
    fonts = rb"{\rtf1\ansi\ansicpg1250{\fonttbl{\f1\fcharset128 M;}}"
    raw = fonts + rb"\'e8\'f8 {\f1 \'8a\'bf\'8e\'9a}\uc2\u269 ??\u-10179 ??\u-8704 ??\par\emdash}"
    assert text_of_rtf(raw) == "čř 漢字č😀\n—"


@pytest.mark.parametrize("name", ["a.doc", "a.txt", "a.json", "a"])
def test_rtf_is_known_under_any_name(name: str) -> None:
    found = article(rb"{\rtf1\ansi The harbour of Perrin will be dredged.\par \b Soon.\par}", name)
    assert found.text == "The harbour of Perrin will be dredged.\n\nSoon."


def test_columns_are_read_one_after_the_other() -> None:
    page, columns = Page(), Page()
    page.write(60, 760, "A headline over both columns of it", 20, bold=True)
    columns.column(60, 720, [LONG, "The left column ends here, after its second paragraph."], 40, indent=10)
    columns.column(
        320, 722, ["The right column begins here and has some lines as well, so that it counts.", LONG], 40, indent=10
    )
    page.pieces += sorted(columns.pieces, key=lambda piece: -piece[1])
    lines = text_of_pdf(pdf([page]), Limits()).split("\n\n")
    assert lines == [
        "A headline over both columns of it",
        LONG,
        "The left column ends here, after its second paragraph.",
        "The right column begins here and has some lines as well, so that it counts.",
        LONG,
    ]


def test_a_table_is_read_row_by_row() -> None:
    page = Page()
    for row in range(6):
        for column in range(3):
            page.write(70 + 150 * column, 600 - 14 * row, f"cell {row} {column}")
    assert lines_of_pdf(pdf([page]), Limits()) == [f"cell {row} 0 cell {row} 1 cell {row} 2" for row in range(6)]


def test_running_heads_and_page_numbers_are_left_out_and_sentences_go_on() -> None:
    pages = []
    for number, text in enumerate(
        ["A sentence begins on the first page and goes on", "until it ends on the second."], 1
    ):
        page = Page()
        page.write(60, 810, f"The Observer, 5 March 2024, No. {number}", 8)
        page.write(290, 30, f"{number}/2", 8)
        page.column(60, 700, [text], 90)
        pages.append(page)
    assert text_of_pdf(pdf(pages), Limits()) == (
        "A sentence begins on the first page and goes on until it ends on the second."
    )


def test_hyphens_at_line_ends_are_joined_unless_they_are_real() -> None:
    page = Page()
    for number, line in enumerate(
        [
            "The well-known har-",
            "bour was the well-",
            "known one of Baden-",
            "Baden, as the COVID-",
            "year ended for all.",
        ]
    ):
        page.write(60, 700 - 12 * number, line)
    assert text_of_pdf(pdf([page]), Limits()) == (
        "The well-known harbour was the well-known one of Baden-Baden, as the COVID-year ended for all."
    )


def test_footnotes_and_their_numbers_are_left_out_of_a_pdf() -> None:
    page = Page()
    page.write(60, 700, "The quay")
    page.write(98, 704, "1", 6)
    page.write(104, 700, "of Perrin is 40 m long, and")
    page.write(60, 688, "it weighs 900 tonnes.")
    page.write(60, 60, "1 Built in 1911.", 8)
    page.write(60, 50, "2 Repaired twice.", 8)
    text = text_of_pdf(pdf([page]), Limits())
    assert text == "The quay of Perrin is 40 m long, and it weighs 900 tonnes."


def test_a_bullet_beside_a_long_line_stays_with_it() -> None:
    page = Page()
    page.write(60, 759, "•", 10)
    page.write(78, 760, "A long item of a list that reaches over both of the columns that are below of it, to the end.")
    for x in (60, 320):
        page.column(x, 700, ["These are the words of a column of the page. " * 8], 45)
    assert text_of_pdf(pdf([page]), Limits()).startswith("A long item of a list")


def test_paragraphs_are_told_apart_by_their_baselines() -> None:
    page = Page()
    for y, line in [
        (700, "The mayor of Perrin gave no answer to the questions,"),
        (688, "although a lot of people were waiting for a long day."),
        (671, "NONE OF THEM HAD AN APPOINTMENT WITH THE MAYOR"),
        (659, "AND NOBODY CAME."),
    ]:
        page.write(60, y, line)
    assert len(text_of_pdf(pdf([page]), Limits()).split("\n\n")) == 2


def test_a_property_that_rtf_has_twice_counts_once() -> None:
    info = rb"{\info{\author Ilse Brandt}{\creatim\yr2024\mo3\dy5}{\author Ilse Brandt}}"
    assert article(rb"{\rtf1" + info + rb" The quay of Perrin closes.\par}", "a.rtf").authors == ("Ilse Brandt",)


def test_a_pdf_with_some_scanned_pages_says_so() -> None:
    page = Page()
    page.column(60, 700, [LONG], 60)
    found = article(pdf([page, Page()]), "a.pdf")
    assert found.text == LONG
    assert found.warnings == ("pages without text: 1 of 2 pages are pictures or empty",)


def test_a_long_pdf_takes_time_in_proportion() -> None:
    page = Page()
    page.column(60, 700, [LONG] * 20, 90)
    start = time.process_time()
    assert len(text_of_pdf(pdf([page] * 200), Limits())) > 200 * 2_000
    assert time.process_time() - start < 10


def test_text_in_word_boxes_is_counted() -> None:
    box = "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    found = article(docx(paragraph(LONG) + box), "a.docx")
    assert found.warnings == ("text boxes: 1 of the document left out",)
