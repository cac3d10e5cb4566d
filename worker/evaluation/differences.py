"""What is wrong in an article: each difference between gold and stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from worker.evaluation.comparison import Comparison, Gold, Stored
from worker.evaluation.pairing import pairs

NEAR = 0.1
"""Least likeness of contents at which a missed and a spurious quotation are one with the wrong boundary."""


class What(StrEnum):
    """Kinds of differences."""

    SOURCE = "wrong source"
    BOUNDARY = "wrong boundary"
    MISSED = "missed"
    SPURIOUS = "spurious"


@dataclass(frozen=True, slots=True)
class Difference:
    """One quotation that `who` counts as wrong; missed has no `stored`, spurious no `gold`."""

    what: What
    gold: Gold | None
    stored: Stored | None

    @property
    def start(self) -> int:
        """Where in the text it begins."""
        return min(each.content[0][0] for each in (self.gold, self.stored) if each)

    @property
    def kind(self) -> str:
        """The gold's kind, or that of what was stored."""
        if self.gold:
            return self.gold.kind.value
        return (self.stored.quote.kind if self.stored else None) or "quotation"


def errors(comparison: Comparison) -> int:
    """What an article costs in the F1 of `who`, in both views."""
    return comparison.all.errors + comparison.quoted.errors


def worst(comparisons: Iterable[Comparison], most: int) -> list[Comparison]:
    """The articles with the most errors, worst first; among equals the gold's order. None without an error."""
    return sorted((each for each in comparisons if errors(each)), key=lambda each: -errors(each))[:most]


def differences(comparison: Comparison) -> list[Difference]:
    """Everything that is wrong among all of an article's quotations, in the order of the text."""
    view = comparison.all
    found = [Difference(What.SOURCE, pair.gold, pair.stored) for pair in view.pairs if not pair.who]
    matched = {id(each) for pair in view.pairs for each in (pair.gold, pair.stored)}
    missed = [each for each in view.gold if id(each) not in matched]
    spurious = [each for each in view.stored if id(each) not in matched]
    near = pairs([each.content for each in missed], [each.content for each in spurious], NEAR)
    found += [Difference(What.BOUNDARY, missed[number], spurious[place]) for number, place in near]
    numbers, places = {number for number, _ in near}, {place for _, place in near}
    found += [Difference(What.MISSED, each, None) for number, each in enumerate(missed) if number not in numbers]
    found += [Difference(What.SPURIOUS, None, each) for place, each in enumerate(spurious) if place not in places]
    return sorted(found, key=lambda each: each.start)
