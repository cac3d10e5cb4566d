"""Pairing stored quotations with gold ones."""

from collections.abc import Sequence

from worker.evaluation.spans import Span, likeness

MATCH = 0.5
"""At least this intersection over union of the contents, in characters, makes two quotations the same."""


def pairs(
    gold: Sequence[tuple[Span, ...]], stored: Sequence[tuple[Span, ...]], least: float = MATCH
) -> list[tuple[int, int]]:
    """Return pairs of indexes into gold and stored: one to one, the most alike first, equal ones in order.

    A content is a sequence of sorted, disjoint spans. `least` is the least likeness of a pair, and must be above 0.
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
