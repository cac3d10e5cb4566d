"""Reading ODT, the format of LibreOffice: paragraphs, headings, lists and tables, without notes and changes."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from worker.parse.documents.document import Document, Paragraph, Role, row_of_table
from worker.parse.documents.elements import attribute, child, local, release, text_in
from worker.parse.documents.package import Package
from worker.parse.format import Limits
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}%s"
PARTS = (*(NAMESPACE % ("text", name) for name in ("p", "h", "list", "section")), NAMESPACE % ("table", "table"))
BODY, PROPERTIES = NAMESPACE % ("office", "text"), NAMESPACE % ("office", "meta")
STYLE = NAMESPACE % ("style", "style")
MANIFEST = "META-INF/manifest.xml"
ENCRYPTION = NAMESPACE % ("manifest", "encryption-data")
WHITE_SPACE = re.compile(r"[ \t\r\n]+")
UNREAD = frozenset((
    "tracked-changes", "table-of-content", "alphabetical-index", "illustration-index", "table-index", "bibliography",
    "note", "annotation", "annotation-end", "frame", "forms", "sequence-decls", "change", "ruby-text", "title", "desc",
))  # fmt: skip
MOST_SPACES = 100  # one element stands for at most this many spaces


def document_of_odt(stream: BinaryIO, limits: Limits) -> Document:
    """Return the paragraphs and properties of an ODT file.

    Raise `Refused`: `unreadable` if it has a password, `malformed`, `bomb` or `too_large`.
    """
    package = Package(stream, limits)
    if MANIFEST in package and any(True for _ in package.elements(MANIFEST, (ENCRYPTION,))):
        raise Refused(Reason.UNREADABLE, "The document has a password. Save it without the password.")
    document = Document()
    reader = _Reader()
    reader.take_styles(package, "styles.xml")
    for element in package.elements("content.xml", (*PARTS, STYLE)):
        parent = element.getparent()
        if element.tag == STYLE:
            reader.take_style(element)
        elif parent is not None and parent.tag == BODY:
            document.paragraphs += reader.blocks(element)
            release(element)
    document.leave_out_boxes(reader.boxes)
    _read_properties(package, document)
    return document


class _Reader:
    """Turns elements into paragraphs; knows which styles are titles and which are bold."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}
        self._bold: set[str] = set()
        self.boxes = 0

    def take_styles(self, package: Package, part: str) -> None:
        """Take the styles of a part, if the document has it."""
        if part in package:
            for style in package.elements(part, (STYLE,)):
                self.take_style(style)

    def take_style(self, style: "_Element") -> None:
        """Remember the parent of a style, and whether it is bold."""
        name = attribute(style, "name") or ""
        self._parents[name] = attribute(style, "parent-style-name") or ""
        if attribute(child(style, "text-properties"), "font-weight") == "bold":
            self._bold.add(name)

    def blocks(self, element: "_Element", role: Role = Role.TEXT) -> Iterator[Paragraph]:
        """Yield the paragraphs of an element that have text."""
        tag = local(element)
        if tag in ("p", "h"):
            pieces: list[str] = []
            is_bold = self._pieces(element, pieces, self._is_bold(attribute(element, "style-name")))
            if text := "".join(pieces).strip():
                yield Paragraph(text, self._role(element, role), is_bold)
        elif tag == "table-row":
            yield from row_of_table([list(self.blocks(cell)) for cell in element])
        elif tag not in UNREAD:
            for inner in element:
                yield from self.blocks(inner, Role.ITEM if tag == "list" else role)

    def _role(self, element: "_Element", role: Role) -> Role:
        ancestors = set(self._ancestors(attribute(element, "style-name")))
        if "Title" in ancestors:
            return Role.TITLE
        return Role.HEADING if local(element) == "h" or "Heading" in ancestors else role

    def _ancestors(self, style: str | None) -> Iterator[str]:
        """Yield a style and the styles that it is made after."""
        for _ in range(10):
            if not style:
                return
            yield style
            style = self._parents.get(style)

    def _is_bold(self, style: str | None) -> bool:
        return any(each in self._bold for each in self._ancestors(style))

    def _pieces(self, element: "_Element", pieces: list[str], is_bold: bool) -> bool:
        """Add the text of an element to `pieces`. Return True if all its visible characters are bold."""
        all_bold = self._add(element.text, pieces, is_bold)
        for inner in element:
            tag = local(inner)
            if tag == "s":
                count = attribute(inner, "c") or "1"
                pieces.append(" " * (min(int(count), MOST_SPACES) if count.isdigit() and len(count) < 9 else 1))
            elif tag in ("tab", "line-break"):
                pieces.append("\t" if tag == "tab" else "\n")
            elif tag == "frame":
                self.boxes += any(local(box) == "text-box" and text_in(box) is not None for box in inner)
            elif tag not in UNREAD:
                all_bold &= self._pieces(inner, pieces, is_bold or self._is_bold(attribute(inner, "style-name")))
            all_bold &= self._add(inner.tail, pieces, is_bold)
        return all_bold

    def _add(self, text: object, pieces: list[str], is_bold: bool) -> bool:
        """Add text, its white space folded as the format demands. Return False for visible text that is not bold."""
        folded = WHITE_SPACE.sub(" ", str(text or ""))
        if folded:
            pieces.append(folded)
        return is_bold or not folded.strip()


def _read_properties(package: Package, document: Document) -> None:
    """Add what the document says about itself."""
    if "meta.xml" not in package:
        return
    for properties in package.elements("meta.xml", (PROPERTIES,)):
        fields = {local(field): text_in(field) for field in properties}
        document.title = fields.get("title")
        document.author = fields.get("initial-creator") or fields.get("creator")
        document.created, document.language = fields.get("creation-date"), fields.get("language")
