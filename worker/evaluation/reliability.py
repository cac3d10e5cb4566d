"""Reliability: whether a confidence of nine in ten is right nine times in ten."""

from collections.abc import Iterable
from dataclasses import dataclass

from worker.evaluation.comparison import Comparison, View

FLOORS = (0.95, 0.9, 0.8, 0.7, 0.5, 0.0)
SURE = 0.9
"""Of what is stored at this confidence or above, readers may expect this share to be right."""


@dataclass(slots=True)
class Bin:
    """Stored quotations whose confidence is at least `floor` and below `ceiling` (None: no end).

    Right: a gold one matches (content alike by half, one to one, best first) and its source agrees, as in `who`.
    """

    floor: float
    ceiling: float | None = None
    stored: int = 0
    right: int = 0

    def holds(self, confidence: float) -> bool:
        """Whether a confidence belongs here."""
        return self.floor <= confidence and (self.ceiling is None or confidence < self.ceiling)

    @property
    def share(self) -> float | None:
        """Right of stored, rounded to four places; None where nothing is stored."""
        return round(self.right / self.stored, 4) if self.stored else None


def bins() -> list[Bin]:
    """The table's empty bins, the surest first, and last the summary of what is sure."""
    return [
        *(Bin(floor, ceiling) for floor, ceiling in zip(FLOORS, (None, *FLOORS[:-1]), strict=True)),
        Bin(SURE),
    ]


def table(views: Iterable[View]) -> list[Bin] | None:
    """The bins of one view over all articles; None where no stored quotation has a confidence."""
    counted = bins()
    for view in views:
        right = {id(pair.stored) for pair in view.pairs if pair.who}
        for each in view.stored:
            confidence = each.quote.confidence
            for one in counted:
                if confidence is not None and one.holds(confidence):
                    one.stored += 1
                    one.right += id(each) in right
    return counted if any(one.stored for one in counted) else None


def tables(comparisons: Iterable[Comparison]) -> dict[str, list[Bin]] | None:
    """The bins for all stored quotations and for the quoted ones; None without confidences."""
    held = list(comparisons)
    every = table(each.all for each in held)
    return None if every is None else {"all": every, "quoted": table(each.quoted for each in held) or bins()}
