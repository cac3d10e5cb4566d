"""The blocks of text in a cleaned tree: paragraphs, headings, items of lists, rows of tables, in their order."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from worker.parse.pages.overlap import bare

if TYPE_CHECKING:
    from lxml.html import HtmlElement

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Blocks that stand inside a part of the page. The element around them is the block's home.
SMALL = frozenset((
    "p", "li", "ul", "ol", "dl", "dd", "dt", "blockquote", "pre", "table", "tbody", "thead", "tfoot", "tr", "td", "th",
    "hr", "center", "address", "hgroup", "figure", "details", "summary", "menu", "dir", *HEADINGS,
))  # fmt: skip
BLOCKS = SMALL | frozenset((
    "article", "aside", "body", "div", "fieldset", "footer", "form", "header", "html", "main", "nav", "section",
    "figcaption", "amp-accordion", "amp-story", "option", "legend", "head", "title",
))  # fmt: skip
BREAK, CELL, BLANK_LINE, LINE_END = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"  # Unicode has no characters there
# Behind a line break, it begins a paragraph: two hard blanks, or one as wide as a letter of Chinese or Japanese.
INDENT = r"[ \t\r\n]{0,40}(?:\u3000|[\xa0\u2002\u2003]\s{0,3}[\xa0\u2002\u2003])"
PARAGRAPH_BREAK = re.compile(rf"(?:{BREAK}\s*){{2,}}|{BLANK_LINE}|{BREAK}{INDENT}")
LONG_BLOCK = 60  # characters: a shorter block outside of the article's paragraphs may be anything
LONG_LINE = 80  # lines of this mean length, which end as sentences do, are paragraphs even without a line between them
PRE_STYLE = re.compile(r"(?i)white-space\s{0,3}:\s{0,3}(?:pre|break-spaces)")
LONGEST_STYLE = 1000
WRAPPED_LINE = 45  # a shorter line of preformatted text was not wrapped by a program: its end stays
SENTENCE_END = re.compile(r"[.!?…:;。！？][\"'”’»“‘)\]」』]{0,3}\s*$")


@dataclass(slots=True)
class Block:
    """One paragraph of a page. `links` is the number of its characters inside links, `tag` its nearest block."""

    text: str
    tag: str
    home: "HtmlElement"  # the nearest part of the page around it: a div, a section, …
    links: int = 0
    linked: int = 0  # the number of links
    quoted: bool = False  # in a `blockquote`
    leaning: bool = False  # all in italics
    names: str = ""  # the classes of its nearest block
    bare: str = ""  # its text without white space, for comparisons

    @property
    def link_share(self) -> float:
        """The share of the block's characters that are in links."""
        return min(1.0, self.links / max(1, len(self.text)))


@dataclass(slots=True)
class _Reader:
    """The state of the walk: what has been read of the current block."""

    blocks: list[Block] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    links: int = 0
    linked: int = 0
    in_link: int = 0
    leaning: int = 0
    upright: bool = False
    rows: int = 0
    pre: int = 0

    def add(self, text: str | None) -> None:
        """Add text to the current block."""
        if not text:
            return
        self.pieces.append(text.replace("\n", LINE_END) if self.pre else text)
        if not text.isspace():
            self.links += len(text.strip()) if self.in_link else 0
            self.upright = self.upright or not self.leaning

    def end(self, element: "HtmlElement") -> None:
        """End the current block, which stands in `element`."""
        if self.pieces:
            texts = _paragraphs("".join(self.pieces))
            if texts:
                self._append(texts, element)
            self.pieces = []
        self.links = self.linked = 0
        self.upright = False

    def _append(self, texts: list[str], element: "HtmlElement") -> None:
        home, quoted = element, False
        while home.tag in SMALL and (parent := home.getparent()) is not None:
            quoted = quoted or home.tag == "blockquote"
            home = parent
        share = self.links / max(1, sum(map(len, texts)))
        leaning, names = not self.upright, element.get("class") or ""
        for text in texts:
            links = self.links if len(texts) == 1 else int(share * len(text))
            self.blocks.append(
                Block(text, str(element.tag), home, links, self.linked, quoted, leaning, names, bare(text))
            )


def is_prose(block: Block) -> bool:
    """True if the block is long enough for a sentence, and ends as one."""
    return len(block.text) >= LONG_BLOCK and SENTENCE_END.search(block.text[-5:]) is not None


def blocks(root: "HtmlElement") -> list[Block]:
    """Return the blocks of the tree. The row of a table is one block, with " | " between its cells."""
    from lxml import etree

    reader = _Reader()
    stack: list[HtmlElement] = [root]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag in BLOCKS:
                _start_block(reader, element, stack)
                stack.append(element)
            elif tag == "br":
                reader.pieces.append(BREAK)
            elif tag == "a":
                reader.in_link += 1
                reader.linked += 1
            elif tag in ("em", "i"):
                reader.leaning += 1
            reader.add(element.text)
            continue
        if tag in BLOCKS:
            _end_block(reader, element, stack)
        elif tag == "a":
            reader.in_link -= 1
        elif tag in ("em", "i"):
            reader.leaning -= 1
        if element is not root:
            reader.add(element.tail)
    reader.end(root)
    return reader.blocks


def _is_preformatted(element: "HtmlElement") -> bool:
    """True if browsers keep the line ends of an element."""
    return element.tag == "pre" or PRE_STYLE.search((element.get("style") or "")[:LONGEST_STYLE]) is not None


def _start_block(reader: _Reader, element: "HtmlElement", stack: list["HtmlElement"]) -> None:
    tag = element.tag
    if reader.rows == 0:
        reader.end(stack[-1])
    elif tag not in ("td", "th"):
        reader.pieces.append(" ")
    reader.rows += tag == "tr"
    reader.pre += _is_preformatted(element)


def _end_block(reader: _Reader, element: "HtmlElement", stack: list["HtmlElement"]) -> None:
    tag = element.tag
    reader.rows -= tag == "tr"
    if reader.rows == 0:
        reader.end(stack[-1])
    else:
        reader.pieces.append(CELL if tag in ("td", "th") else " ")
    reader.pre -= _is_preformatted(element)
    stack.pop()


def _preformatted(text: str) -> str:
    """Return preformatted text with marks for its empty lines and for the line ends that no program made."""
    paragraphs = []
    for paragraph in re.split(r"\n[ \t\r]*\n\s*", text):
        lines = paragraph.split("\n")
        wrapped = len(lines) > 1 and all(len(line.strip()) >= WRAPPED_LINE for line in lines[:-1] if line.strip())
        paragraphs.append((" " if wrapped else BREAK).join(lines))
    return BLANK_LINE.join(paragraphs)


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of what stands in one block: two line breaks part them."""
    if LINE_END in text:
        text = _preformatted(text.replace(LINE_END, "\n").strip("\n"))
    if CELL in text:
        cells = (" ".join(cell.replace(BREAK, " ").split()) for cell in text.split(CELL))
        row = " | ".join(cell for cell in cells if cell)
        return [row] if row else []
    if BREAK not in text and BLANK_LINE not in text:
        line = " ".join(text.split())
        return [line] if line else []
    found: list[str] = []
    for paragraph in PARAGRAPH_BREAK.split(text):
        lines = [line for line in (" ".join(line.split()) for line in paragraph.split(BREAK)) if line]
        is_prose = len(lines) > 1 and sum(map(len, lines)) >= LONG_LINE * len(lines)
        if is_prose and all(SENTENCE_END.search(line[-5:]) for line in lines):
            found += lines
        elif lines:
            found.append("\n".join(lines))
    return found
