"""The state of reading an RTF file: its open groups, and the paragraphs so far."""

import codecs
import re
from dataclasses import dataclass, field, replace

from worker.parse.documents.document import Document, Paragraph, Role
from worker.parse.documents.rtf_words import (
    BULLETS,
    CHARACTERS,
    CODECS_OF_CHARSETS,
    DOCUMENT_CODECS,
    PARAGRAPH_ENDS,
    SYMBOLS,
    UNREAD,
)
from worker.reasons import Reason, Refused

DEEPEST = 1000  # refuse groups that are nested more deeply
LONGEST_CELL = 200  # cells with at most this many characters stand in one line with the others of their row
DATE = ("yr", "mo", "dy", "hr", "min")


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds for the text in a group, and ends with it."""

    target: str = "text"  # where the text of the group goes; "" if it is not read
    codec: str = ""
    skipped_after_unicode: int = 1
    is_bold: bool = False
    is_hidden: bool = False


@dataclass(slots=True)
class _Style:
    """What holds for a paragraph."""

    style: int = 0
    level: int = 9
    is_item: bool = False


@dataclass(slots=True)
class Reader:
    """The state of reading: the open groups, and what has been read."""

    document: Document = field(default_factory=Document)
    groups: list[_Group] = field(default_factory=list)
    group: _Group = field(default_factory=_Group)
    style: _Style = field(default_factory=_Style)
    pieces: list[str] = field(default_factory=list)  # of the paragraph
    row: list[str] = field(default_factory=list)  # the cells of a table's row
    pending: bytearray = field(default_factory=bytearray)  # bytes of the group's codec
    roles: dict[int, Role] = field(default_factory=dict)
    fonts: dict[int, str] = field(default_factory=dict)
    date: dict[str, int] = field(default_factory=dict)
    is_bold: bool = True  # all of the paragraph so far
    is_at_end: bool = False
    codec: str = "cp1252"
    number: int = 0  # of the font or style that is being declared
    to_skip: int = 0  # characters that stand for the Unicode character before them
    boxes: int = 0
    unreadable: int = 0

    def take(self, match: re.Match[bytes]) -> int:
        """Take one mark or text. Return the count of bytes after it that are no text."""
        word, number, code, symbol, brace, text = match.groups()
        if text is not None or code is not None:
            self._bytes(text if code is None else bytes.fromhex(code.decode()))
        elif brace is not None:
            self._brace(brace)
        elif symbol is not None:
            self._symbol(symbol)
        elif word is not None:
            return self._word(word.decode(), None if number is None else int(number))
        return 0

    def finish(self) -> Document:
        """Return the document when all of it has been read."""
        self._end_of_paragraph()
        if len(self.date) >= 3:
            year, month, day, hour, minute = (self.date.get(name, 0) for name in DATE)
            self.document.created = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00"
        if self.boxes:
            self.document.warnings.append(f"text boxes: {self.boxes} of the document left out")
        if self.unreadable:
            self.document.warnings.append(f"unreadable: {self.unreadable} characters do not fit their encoding")
        return self.document

    def _bytes(self, raw: bytes) -> None:
        """Take characters of the group's codec."""
        if self.to_skip:
            skipped = min(self.to_skip, len(raw))
            self.to_skip -= skipped
            raw = raw[skipped:]
        if raw and self.group.target and not self.group.is_hidden:
            self.pending += raw

    def _flush(self) -> None:
        """Decode the bytes that are pending."""
        if self.pending:
            raw, self.pending = bytes(self.pending), bytearray()
            text = raw.decode(self.group.codec or self.codec, "replace")
            self.unreadable += text.count("\ufffd")
            self._text(text)

    def _text(self, text: str) -> None:
        """Add text to where the text of the group goes."""
        target = self.group.target
        if target == "text" and not self.group.is_hidden:
            self.pieces.append(text)
            self.is_bold &= self.group.is_bold or text.isspace()
        elif target == "title":
            self.document.title = (self.document.title or "") + text
        elif target == "author":
            self.document.author = (self.document.author or "") + text
        elif target == "stylesheet" and (name := text.strip().rstrip(";").lower()):
            if name.startswith("heading "):
                self.roles[self.number] = Role.HEADING
            elif name == "title":
                self.roles[self.number] = Role.TITLE

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.to_skip = 0
        if brace == b"{":
            if len(self.groups) >= DEEPEST:
                raise Refused(Reason.MALFORMED, "Its groups are nested too deeply for a document. Save its text.")
            self.groups.append(self.group)
        elif self.groups:
            self.group = self.groups.pop()
        self.is_at_end = not self.groups

    def _symbol(self, symbol: bytes) -> None:
        """Take a backslash with a character that is no letter."""
        if symbol in (b"\r", b"\n"):
            self._end_of_paragraph()
        elif symbol == b"*":
            self._destination("")
        elif symbol in SYMBOLS:
            self._flush()
            self.to_skip = 0
            self._text(SYMBOLS[symbol])

    def _word(self, word: str, number: int | None) -> int:
        """Take a control word. Return the count of bytes after it that are no text."""
        if word == "bin":
            return max(0, number or 0)
        self._flush()
        self.to_skip = 0
        if word == "u" and number is not None:
            if self.group.target:
                self._text(chr(number % 0x10000))
            self.to_skip = self.group.skipped_after_unicode
        elif word in UNREAD:
            self.boxes += word == "shptxt"
            self._destination("")
        elif word in BULLETS:
            self.style.is_item = True
            self._destination("")
        elif not self.group.target:
            return 0
        elif word in PARAGRAPH_ENDS:
            self._end_of_paragraph()
        elif word in CHARACTERS:
            self._text(CHARACTERS[word])
        elif word in ("cell", "nestcell", "row", "nestrow"):
            self._cell(is_last=word.endswith("row"))
        elif word in ("fonttbl", "stylesheet", "info", "title", "author", "creatim"):
            self._destination(word)
        else:
            self._property(word, number)
        return 0

    def _destination(self, word: str) -> None:
        """Let the text of the group go to `word`; "" if it is not read. Of two equal properties the last counts."""
        if word in ("title", "author"):
            if self.group.target != "info":
                return
            setattr(self.document, word, None)
        self.group = replace(self.group, target=word)

    def _property(self, word: str, number: int | None) -> None:
        """Take a word that changes how the following text is read."""
        value = 1 if number is None else number
        if word == "f":
            self._font(value)
        elif word == "fcharset" and self.group.target == "fonttbl":
            self.fonts[self.number] = CODECS_OF_CHARSETS.get(value, "")
        elif word == "cpg" and self.group.target == "fonttbl":
            self.fonts[self.number] = _codec(value)
        elif word == "ansicpg":
            self.codec = _codec(value) or self.codec
        elif word in DOCUMENT_CODECS and number is None:
            self.codec = DOCUMENT_CODECS[word]
        elif word in DATE and self.group.target == "creatim":
            self.date[word] = value
        elif word == "uc":
            self.group = replace(self.group, skipped_after_unicode=min(max(0, value), 100))
        elif word == "b":
            self.group = replace(self.group, is_bold=value != 0)
        elif word in ("v", "deleted"):
            self.group = replace(self.group, is_hidden=value != 0)
        elif word == "plain":
            self.group = replace(self.group, is_bold=False, is_hidden=False)
        elif word == "s" and self.group.target == "stylesheet":
            self.number = value
        else:
            self._property_of_paragraph(word, value)

    def _property_of_paragraph(self, word: str, value: int) -> None:
        if word == "pard":
            self.style = _Style()
        elif word == "s":
            self.style.style = value
        elif word == "outlinelevel":
            self.style.level = value
        elif word == "ls":
            self.style.is_item = value != 0

    def _font(self, number: int) -> None:
        if self.group.target == "fonttbl":
            self.number = number
        else:
            self.group = replace(self.group, codec=self.fonts.get(number, ""))

    def _paragraph(self) -> str:
        """Return the text of the paragraph that ends here, and begin a new one."""
        self._flush()
        text = "".join(self.pieces).strip()
        self.pieces = []
        if any("\ud800" <= character <= "\udfff" for character in text):  # halves of a character beyond U+FFFF
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return text

    def _end_of_paragraph(self) -> None:
        text = self._paragraph()
        role = self.roles.get(self.style.style, Role.TEXT)
        if role is Role.TEXT and self.style.level < 9:
            role = Role.HEADING
        if role is Role.TEXT and self.style.is_item:
            role = Role.ITEM
        self.document.paragraphs.append(Paragraph(text, role, self.is_bold and bool(text)))
        self.is_bold = True

    def _cell(self, *, is_last: bool) -> None:
        """End a cell, or the row after its last cell: short cells stand in one line."""
        if not is_last:
            self.row.append(self._paragraph())
            return
        cells = [cell for cell in self.row if cell]
        self.row = []
        if all(len(cell) <= LONGEST_CELL for cell in cells):
            cells = [" | ".join(cells)]
        self.document.paragraphs += [Paragraph(cell) for cell in cells]
        self.is_bold = True


def _codec(number: int) -> str:
    """Return the codec of a code page of Windows; "" if Python has none."""
    name = "utf-8" if number == 65001 else f"cp{number}"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""
