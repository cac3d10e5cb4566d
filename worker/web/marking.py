"""Cuts an article's text into paragraphs and pieces, each with the quotations, source or cue that it belongs to.

Offsets are code points of the stored text, as everywhere. The time grows with the length of the text and the number of
marks, and not with their product: the marks that cover a place are kept while the text is passed through once.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

LINE = re.compile(r"[^\r\n]+")


class Role(IntEnum):
    """What a stretch of text is to a quotation."""

    WORDS = 0
    SOURCE = 1
    CUE = 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch `[start, end)` of the text that belongs to a quotation."""

    start: int
    end: int
    role: Role
    quote: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text over which nothing changes: `quotes` from the outermost to the innermost.

    `begins` are the quotations whose first words these are.
    """

    text: str
    quotes: tuple[int, ...] = ()
    is_source: bool = False
    is_cue: bool = False
    begins: tuple[int, ...] = ()


@dataclass(slots=True)
class Paragraph:
    """A paragraph: where it starts, its pieces, the quotations that begin in it, and whether it is in the body."""

    start: int = 0

    pieces: list[Piece] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    is_body: bool = True


def paragraphs(text: str, stretches: Sequence[Stretch], body_start: int, body_end: int) -> Iterator[Paragraph]:
    """Yield the paragraphs of a text; a paragraph is a line that is not blank."""
    changes = sorted(
        [(stretch.start, 1, stretch) for stretch in stretches] + [(stretch.end, 0, stretch) for stretch in stretches],
        key=lambda change: (change[0], change[1], change[2].start, -change[2].end),
    )
    edges = sorted({body_start, body_end})
    opened: dict[Stretch, None] = {}
    begun: set[int] = set()
    next_change = 0
    for line in LINE.finditer(text):
        if not line[0].strip():
            continue
        at, end = line.span()
        paragraph = Paragraph(at, is_body=at < body_end and end > body_start)
        while at < end:
            while next_change < len(changes) and changes[next_change][0] <= at:
                _, is_start, stretch = changes[next_change]
                if is_start:
                    opened[stretch] = None
                else:
                    opened.pop(stretch, None)
                next_change += 1
            stop = min(end, changes[next_change][0] if next_change < len(changes) else end)
            stop = min([stop, *(edge for edge in edges if at < edge < stop)])
            quotes = tuple(dict.fromkeys(stretch.quote for stretch in opened if stretch.role is Role.WORDS))
            begins = tuple(quote for quote in quotes if quote not in begun)
            begun.update(begins)
            paragraph.begins.extend(begins)
            roles = {stretch.role for stretch in opened}
            paragraph.pieces.append(
                Piece(text[at:stop], quotes, is_source=Role.SOURCE in roles, is_cue=Role.CUE in roles, begins=begins)
            )
            at = stop
        yield paragraph
