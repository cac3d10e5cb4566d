"""What reading a document gives: its paragraphs with their parts in it, and what it says about itself."""

from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_CELL = 200
"""Put the cells of a row into one line if none has more characters."""


class Role(StrEnum):
    """The part that a paragraph plays in a document."""

    TITLE = "title"
    HEADING = "heading"
    ITEM = "item"  # of a list
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `is_prominent` is True if all of it is bold, or larger than most of the text.

    `size` is that of the letters in points, or 0 if it is not known.
    """

    text: str
    role: Role = Role.TEXT
    is_prominent: bool = False
    size: float = 0.0


@dataclass(slots=True)
class Document:
    """The paragraphs of a document, and its properties as they stand in it: they may be those of the program."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    title: str | None = None
    author: str | None = None
    created: str | None = None
    language: str | None = None
    warnings: list[str] = field(default_factory=list)

    def leave_out_boxes(self, count: int) -> None:
        """Warn of text boxes that were not read, if there were any."""
        if count:
            self.warnings.append(f"text boxes: {count} of the document left out")


def row_of_table(cells: list[list[Paragraph]]) -> list[Paragraph]:
    """Return a row of a table: one line if all its cells are short, or else the paragraphs of all cells."""
    full = [cell for cell in cells if cell]
    if len(full) > 1 and all(len(cell) == 1 and len(cell[0].text) <= LONGEST_CELL for cell in full):
        return [Paragraph(" | ".join(cell[0].text for cell in full))]
    return [paragraph for cell in full for paragraph in cell]
