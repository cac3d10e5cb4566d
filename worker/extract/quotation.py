"""What extraction yields: quotations with their parts, cue and source mention, by exact offsets."""

from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]
"""`[start, end)` in Unicode code points of the article's stored text."""


class Kind(StrEnum):
    """How a quotation is reported."""

    DIRECT = "direct"  # all of it between quotation marks
    MIXED = "mixed"  # a reported clause with quoted words in it
    INDIRECT = "indirect"  # reported without marks


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the text: a source ("the minister") or a cue ("said")."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation at one place.

    `text` is its parts joined by one space. Direct: what stands between the marks, final comma included, outer marks
    not. Mixed: the whole attributed clause, its marks kept. `confidence` lies in [0, 1].
    `inside` is the index of the outer quotation in the list that this one came in, where one is nested in another.
    """

    kind: Kind
    text: str
    parts: tuple[Span, ...]
    source: Mention | None
    cue: Mention | None
    confidence: float
    inside: int | None = None

    @property
    def start(self) -> int:
        """The first part's start."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """The last part's end."""
        return self.parts[-1][1]
