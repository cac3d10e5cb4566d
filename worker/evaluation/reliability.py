"""Reliability: of the quotations with a confidence of 0.9, nine in ten should be right."""

from collections.abc import Iterable
from dataclasses import dataclass

from worker.evaluation.comparison import Comparison, View

FLOORS = (0.95, 0.9, 0.8, 0.7, 0.5, 0.0)
SURE = 0.9
"""At least this confidence counts as sure: users may expect that at least this share of such quotations is right."""


@dataclass(slots=True)
class Bin:
    """Stored quotations with a confidence of at least `floor` and below `ceiling` (None: no upper end).

    A quotation is right if it is in a pair with a gold quotation and their sources agree, as in `who`. In a pair, the
    contents overlap by half or more; each quotation is in at most one pair, and the best pairs are made first.
    """

    floor: float
    ceiling: float | None = None
    stored: int = 0
    right: int = 0

    def holds(self, confidence: float) -> bool:
        """True if a confidence belongs in this bin."""
        return self.floor <= confidence and (self.ceiling is None or confidence < self.ceiling)

    @property
    def share(self) -> float | None:
        """The share of right quotations, rounded to four digits; None for an empty bin."""
        return round(self.right / self.stored, 4) if self.stored else None


def bins() -> list[Bin]:
    """Return the empty bins of a table, highest confidence first. The last bin is the summary from `SURE` upwards."""
    return [
        *(Bin(floor, ceiling) for floor, ceiling in zip(FLOORS, (None, *FLOORS[:-1]), strict=True)),
        Bin(SURE),
    ]


def table(views: Iterable[View]) -> list[Bin] | None:
    """Return the bins of one view over all articles; None if no stored quotation has a confidence."""
    table_bins = bins()
    for view in views:
        right = {id(pair.stored) for pair in view.pairs if pair.who}
        for quotation in view.stored:
            confidence = quotation.quote.confidence
            for each_bin in table_bins:
                if confidence is not None and each_bin.holds(confidence):
                    each_bin.stored += 1
                    each_bin.right += id(quotation) in right
    return table_bins if any(each_bin.stored for each_bin in table_bins) else None


def tables(comparisons: Iterable[Comparison]) -> dict[str, list[Bin]] | None:
    """Return the bins for all stored quotations and for quoted quotations; None if no quotation has a confidence."""
    articles = list(comparisons)
    of_all = table(article.all for article in articles)
    if of_all is None:
        return None
    return {"all": of_all, "quoted": table(article.quoted for article in articles) or bins()}
