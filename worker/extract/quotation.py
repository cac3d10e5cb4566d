"""Quotations, with the exact offsets of their parts, cue and source."""

from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]
"""`[start, end)` in Unicode code points of the article's stored text."""


class Kind(StrEnum):
    """How a quotation is reported."""

    DIRECT = "direct"  # all of its words are between quotation marks
    MIXED = "mixed"  # a reported clause with quoted words in it
    INDIRECT = "indirect"  # reported without marks


@dataclass(frozen=True, slots=True)
class Mention:
    """The words of a source ("the minister") or a cue ("said"), and their offsets in the text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation at one position of a text.

    `text` is the text of the parts, joined by one space, or by ` […] ` where other words than the attribution, or the
    end of a sentence, stand between them. In a direct quotation the outer marks are left out, and a
    comma before the closing mark is kept. A mixed quotation is the whole attributed clause, with its marks.
    `confidence` is between 0 and 1. `inside` is the index of the outer quotation in the list that `extract` returns;
    None if the quotation is not inside another quotation. `denied`: the cue, or a negation of it, turns the sense.
    `context` goes from the start of the sentence before the quotation to the end of the sentence after it.
    """

    kind: Kind
    text: str
    parts: tuple[Span, ...]
    source: Mention | None
    cue: Mention | None
    confidence: float
    inside: int | None = None
    denied: bool = False
    context: Span | None = None

    @property
    def start(self) -> int:
        """The start of the first part."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """The end of the last part."""
        return self.parts[-1][1]

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """The source and the cue, as far as there are any."""
        return tuple(mention for mention in (self.source, self.cue) if mention is not None)
