"""Makes small DOCX, ODT and PDF files for tests, with nothing but what their formats ask for."""

import io
import textwrap
import zipfile
from dataclasses import dataclass, field

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
STYLES = (
    '<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>'
)
OPEN = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def zipped(parts: dict[str, str]) -> bytes:
    """Return a zip file of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def paragraph(text: str, style: str = "", run: str = "") -> str:
    """Return a paragraph of Word, perhaps with a style, and with properties of its run ("<w:b/>")."""
    style = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{style}<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def docx(body: str, properties: str = "", prolog: str = "", extra: dict[str, str] | None = None) -> bytes:
    """Return a Word document with this body, and these core properties."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<?xml version='1.0'?>{prolog}<w:document {WORD}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {WORD}>{STYLES}</w:styles>",
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{CORE}" xmlns:dc="d">{properties}</cp:coreProperties>',
    }
    return zipped(parts | (extra or {}))


def odt(body: str, styles: str = "", properties: str = "", extra: dict[str, str] | None = None) -> bytes:
    """Return an OpenDocument text with this body, these automatic styles and these properties."""
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {OPEN}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        "meta.xml": f"<office:document-meta {OPEN}><office:meta>{properties}</office:meta></office:document-meta>",
    }
    return zipped(parts | (extra or {}))


@dataclass
class Page:
    """The page of a PDF: pieces of text with their places from the lower left, their sizes, and whether bold."""

    pieces: list[tuple[float, float, float, bool, str]] = field(default_factory=list)

    def write(self, x: float, y: float, text: str, size: float = 10, *, bold: bool = False) -> None:
        """Write one line at a place."""
        self.pieces.append((x, y, size, bold, text))

    def column(
        self, x: float, y: float, paragraphs: list[str], letters: int, *, indent: float = 0, gap: float = 0
    ) -> None:
        """Write paragraphs in lines of so many letters, from a place downwards."""
        for text in paragraphs:
            for number, line in enumerate(textwrap.wrap(text, letters, break_on_hyphens=False)):
                self.write(x + (indent if number == 0 else 0), y, line)
                y -= 12
            y -= gap


def pdf(pages: list[Page], properties: bytes = b"", encryption: bytes = b"") -> bytes:
    """Return a PDF of these pages in the two Times fonts that every reader has."""
    fonts = [
        b"<</Type/Font/Subtype/Type1/BaseFont/Times-%s/Encoding/WinAnsiEncoding>>" % name
        for name in (b"Roman", b"Bold")
    ]
    objects, kids = [b"", b"", *fonts], []
    for page in pages:
        drawn = b"".join(
            b"BT /F%d %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n" % (1 + bold, size, x, y, _escaped(text))
            for x, y, size, bold, text in page.pieces
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R" % len(objects)
            + b"/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>"
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    return _file([*objects, properties or b"<<>>"], encryption)


def _escaped(text: str) -> bytes:
    raw = text.encode("cp1252")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(objects: list[bytes], encryption: bytes) -> bytes:
    """Return the file of these objects, of which the first is the catalogue, and the last the properties."""
    raw, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(raw))
        raw += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<</Size %d/Root 1 0 R/Info %d 0 R%s>>" % (len(objects) + 1, len(objects), encryption)
    return raw + b"xref\n0 %d\n0000000000 65535 f \n%strailer%s\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
        trailer,
        len(raw),
    )
