"""Reading DOCX, the format of Word: paragraphs, headings, lists and tables, without notes, headers and deletions."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from worker.parse.documents.document import Document, Paragraph, Role, row_of_table
from worker.parse.documents.elements import attribute, child, local, release, text_in
from worker.parse.documents.package import Package
from worker.parse.format import Limits
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.etree import _Element

WORD = (  # the two namespaces of ECMA-376: "transitional", which Word writes, and "strict"
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
MAIN = "word/document.xml"
RELATIONS = "_rels/.rels"
PROPERTIES = "docProps/core.xml"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_CORE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
# Elements whose content is not read: deletions, text that was moved away, the older form of a drawing, properties.
UNREAD = frozenset(("del", "moveFrom", "Fallback", "rPr", "pPr", "sdtPr", "instrText", "delText", "object"))
CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\N{NON-BREAKING HYPHEN}", "ptab": "\t"}
OFF = frozenset(("0", "false", "off", "none"))


def paragraphs_of_docx(stream: BinaryIO, limits: Limits) -> list[str]:
    """Return the text of each paragraph that is not empty. Line breaks and tabs in it are kept.

    Raise `Refused`: `malformed`, `bomb`, `too_large` or `unreadable`.
    """
    return [paragraph.text for paragraph in document_of_docx(stream, limits).paragraphs]


def document_of_docx(stream: BinaryIO, limits: Limits) -> Document:
    """Return the paragraphs and properties of a DOCX file. Raise `Refused` as `paragraphs_of_docx` does."""
    package = Package(stream, limits)
    document = Document()
    main = _main(package)
    reader = _Reader(_roles(package, f"{main.rpartition('/')[0]}/styles.xml"))
    for body_part in package.elements(main, tuple(name + tag for name in WORD for tag in ("p", "tbl", "sdt"))):
        parent = body_part.getparent()
        if parent is not None and local(parent) == "body":
            document.paragraphs += reader.blocks(body_part)
            release(body_part)
    document.leave_out_boxes(reader.boxes)
    _read_properties(package, document)
    return document


class _Reader:
    """Turns elements into paragraphs, and counts the text boxes that it leaves out."""

    def __init__(self, roles: dict[str, Role | None]) -> None:
        self._roles = roles
        self.boxes = 0

    def blocks(self, element: "_Element") -> Iterator[Paragraph]:
        """Yield the paragraphs of a paragraph, table or container that have text."""
        tag = local(element)
        if tag == "p":
            if (paragraph := self._paragraph(element)) is not None:
                yield paragraph
        elif tag == "tr":
            yield from self._row(element)
        elif tag not in UNREAD and not _is_contents_list(element):
            for inner in element:
                yield from self.blocks(inner)

    def _row(self, row: "_Element") -> Iterator[Paragraph]:
        """Yield a row of a table."""
        yield from row_of_table([list(self.blocks(cell)) for cell in row if local(cell) not in UNREAD])

    def _paragraph(self, element: "_Element") -> Paragraph | None:
        """Return a paragraph; None if it has no text or belongs to a table of contents."""
        properties = child(element, "pPr")
        style = attribute(child(properties, "pStyle"), "val")
        role = self._roles.get(style, Role.TEXT) if style else Role.TEXT
        if role is None:
            return None
        pieces: list[str] = []
        is_bold = self._runs(element, pieces)
        text = "".join(pieces).strip()
        if not text:
            return None
        if role is Role.TEXT and (level := attribute(child(properties, "outlineLvl"), "val")) and level < "9":
            role = Role.HEADING
        if role is Role.TEXT and (attribute(child(properties, "numPr", "numId"), "val") or "0") != "0":
            role = Role.ITEM
        return Paragraph(text, role, is_bold)

    def _runs(self, element: "_Element", pieces: list[str]) -> bool:
        """Add the text of an element to `pieces`. Return True if all its visible characters are bold."""
        is_bold = True
        for inner in element:
            tag = local(inner)
            if tag == "r":
                properties = child(inner, "rPr")
                if _is_on(properties, "vanish"):
                    continue
                before = len(pieces)
                is_bold &= self._runs(inner, pieces)
                is_bold &= _is_on(properties, "b") or not "".join(pieces[before:]).strip()
            elif tag == "t":
                pieces.append(inner.text or "")
            elif tag in CHARACTERS:
                pieces.append(CHARACTERS[tag])
            elif tag == "txbxContent":
                self.boxes += any((part.text or "").strip() for part in inner.iter() if local(part) == "t")
            elif tag not in UNREAD:
                is_bold &= self._runs(inner, pieces)
        return is_bold


def _main(package: Package) -> str:
    """Return the name of the part with the text: some programs give it another name than Word does."""
    if MAIN in package:
        return MAIN
    if RELATIONS in package:
        for relation in package.elements(RELATIONS, (_RELATIONS + "Relationship",)):
            if (attribute(relation, "Type") or "").endswith("/officeDocument"):
                return (attribute(relation, "Target") or "").lstrip("/")
    raise Refused(Reason.MALFORMED, "It is named .docx but holds no Word document. Save it again as .docx.")


def _roles(package: Package, styles: str) -> dict[str, Role | None]:
    """Return the role of each style that is a title or heading; None for those of tables of contents.

    A style has one name in all languages ("heading 1"); only its id is translated.
    """
    roles: dict[str, Role | None] = {}
    if styles not in package:
        return roles
    for style in package.elements(styles, tuple(name + "style" for name in WORD)):
        name = (attribute(child(style, "name"), "val") or "").lower()
        identity = attribute(style, "styleId") or ""
        if name == "title":
            roles[identity] = Role.TITLE
        elif name.startswith("heading "):
            roles[identity] = Role.HEADING
        elif name.startswith("list "):
            roles[identity] = Role.ITEM
        elif name.startswith(("toc ", "table of figures", "footer", "header", "footnote text", "endnote text")):
            roles[identity] = None
    return roles


def _read_properties(package: Package, document: Document) -> None:
    """Add what the document says about itself."""
    if PROPERTIES not in package:
        return
    for properties in package.elements(PROPERTIES, (_CORE + "coreProperties",)):
        fields = {local(field): text_in(field) for field in properties}
        document.title, document.author = fields.get("title"), fields.get("creator")
        document.created, document.language = fields.get("created"), fields.get("language")


def _is_on(properties: "_Element | None", tag: str) -> bool:
    """True if a property of a run is set, and not set to off."""
    element = child(properties, tag)
    return element is not None and (attribute(element, "val") or "1") not in OFF


def _is_contents_list(element: "_Element") -> bool:
    """True for the container of a table of contents that Word has made."""
    if local(element) != "sdt":
        return False
    gallery = child(element, "sdtPr", "docPartObj", "docPartGallery")
    return (attribute(gallery, "val") or "").lower() == "table of contents"
