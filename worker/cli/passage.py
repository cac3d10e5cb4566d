"""Prints paragraphs of an article with their quotations marked: `⟦…⟧`, and bold on a terminal."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

    from worker.web.marking import Paragraph, Piece

OPENING, CLOSING = "⟦", "⟧"
MORE = "…"


def write_paragraphs(
    paragraphs: "Iterable[Paragraph]", *, has_numbers: bool = False, begins: bool = False, goes_on: bool = False
) -> None:
    """Print paragraphs, with a blank line between two. `has_numbers`: each mark has the number of its quotation.

    `begins` and `goes_on`: the article has text before and after them.
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(file=sys.stdout, highlight=False)
    lines = [line_of(paragraph.pieces, has_numbers=has_numbers) for paragraph in paragraphs]
    for place, line in enumerate(lines):
        before = MORE if begins and place == 0 else ""
        after = MORE if goes_on and place == len(lines) - 1 else ""
        if place:
            console.print()
        console.print(Text.assemble(before, line, after), soft_wrap=not console.is_terminal)


def line_of(pieces: "Iterable[Piece]", *, has_numbers: bool) -> "Text":
    """Return a paragraph with a mark where each quotation begins and ends, the innermost inside the others."""
    from rich.text import Text

    from worker.report.printable import printable

    line = Text()
    opened: tuple[int, ...] = ()
    for piece in pieces:
        shared = 0
        while shared < min(len(opened), len(piece.quotes)) and opened[shared] == piece.quotes[shared]:
            shared += 1
        line.append(CLOSING * (len(opened) - shared))
        for quote in piece.quotes[shared:]:
            line.append(f"{OPENING}{quote}: " if has_numbers else OPENING, "dim" if has_numbers else "bold")
        styles = [
            style
            for style, applies in (("bold", piece.quotes), ("underline", piece.is_source or piece.is_cue))
            if applies
        ]
        line.append(printable(piece.text), " ".join(styles))
        opened = piece.quotes
    line.append(CLOSING * len(opened))
    return line
