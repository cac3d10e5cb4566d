"""The differences between the gold and the stored quotations of an article."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from worker.evaluation.comparison import Comparison, Gold, Stored
from worker.evaluation.pairing import NEAR, pairs


class What(StrEnum):
    """Kinds of differences."""

    SOURCE = "wrong source"
    BOUNDARY = "wrong boundary"
    MISSED = "missed"
    SPURIOUS = "spurious"


@dataclass(frozen=True, slots=True)
class Difference:
    """One quotation that `who` counts as wrong.

    `stored` is None if the extractor missed the quotation. `gold` is None if no person marked the quotation.
    """

    what: What
    gold: Gold | None
    stored: Stored | None

    @property
    def start(self) -> int:
        """The offset in the text at which the quotation begins."""
        return min(quote.content[0][0] for quote in (self.gold, self.stored) if quote)

    @property
    def kind(self) -> str:
        """The kind of the gold quotation; without it the kind of the stored quotation; without both "quotation"."""
        if self.gold:
            return self.gold.kind.value
        return (self.stored.quote.kind if self.stored else None) or "quotation"


def errors(comparison: Comparison) -> int:
    """Return the number of errors in `who` of an article, the sum of both views."""
    return comparison.all.errors + comparison.quoted.errors


def worst(comparisons: Iterable[Comparison], most: int) -> list[Comparison]:
    """Return at most `most` articles with errors, most errors first; with equally many, in the order of the gold."""
    return sorted((article for article in comparisons if errors(article)), key=lambda article: -errors(article))[:most]


def differences(comparison: Comparison) -> list[Difference]:
    """Return all differences of an article, in the order of the text."""
    view = comparison.all
    wrong = [Difference(What.SOURCE, pair.gold, pair.stored) for pair in view.pairs if not pair.who]
    matched = {id(quote) for pair in view.pairs for quote in (pair.gold, pair.stored)}
    missed = [quote for quote in view.gold if id(quote) not in matched]
    spurious = [quote for quote in view.stored if id(quote) not in matched]
    near = pairs([quote.content for quote in missed], [quote.content for quote in spurious], NEAR)
    wrong += [Difference(What.BOUNDARY, missed[number], spurious[place]) for number, place in near]
    numbers, places = {number for number, _ in near}, {place for _, place in near}
    wrong += [Difference(What.MISSED, quote, None) for number, quote in enumerate(missed) if number not in numbers]
    wrong += [Difference(What.SPURIOUS, None, quote) for place, quote in enumerate(spurious) if place not in places]
    return sorted(wrong, key=lambda difference: difference.start)
