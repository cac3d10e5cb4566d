"""What reading a document gives: its paragraphs with their parts in it, and what it says about itself."""

from dataclasses import dataclass, field
from enum import StrEnum


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
