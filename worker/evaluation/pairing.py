"""Pairs stored quotations with gold quotations."""

from collections.abc import Sequence

from worker.evaluation.spans import Span, likeness

MATCH = 0.5
"""At least this intersection over union of the contents, in characters, makes two quotations a pair."""
NEAR = 0.1
"""At least this likeness makes two quotations one with a wrong boundary."""


def pairs(
    gold: Sequence[tuple[Span, ...]], stored: Sequence[tuple[Span, ...]], least: float = MATCH
) -> list[tuple[int, int]]:
    """Return pairs of indexes into `gold` and `stored`. Each quotation is in at most one pair.

    The pairs with the highest likeness are made first; with equal likeness, the order of `gold` and `stored` decides. A
    content is a sequence of sorted spans that do not overlap. `least` is the lowest likeness of a pair, and must be
    above 0.
    """
    candidates = sorted(
        (-alike, number, place)
        for number, ours in enumerate(gold)
        for place, theirs in enumerate(stored)
        if ours and theirs and ours[0][0] < theirs[-1][1] and theirs[0][0] < ours[-1][1]
        if (alike := likeness(ours, theirs)) >= least
    )
    paired: dict[int, int] = {}
    taken: set[int] = set()
    for _, number, place in candidates:
        if number not in paired and place not in taken:
            paired[number] = place
            taken.add(place)
    return list(paired.items())
