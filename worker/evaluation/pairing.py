"""Which stored quotation is which gold one."""

from collections.abc import Sequence

from worker.evaluation.spans import Span, likeness

MATCH = 0.5
"""Least intersection over union of the contents, in characters, at which two quotations are taken for the same."""


def pairs(
    gold: Sequence[tuple[Span, ...]], stored: Sequence[tuple[Span, ...]], least: float = MATCH
) -> list[tuple[int, int]]:
    """Indexes of gold and stored contents that belong together: one to one, the likest first, then in order.

    Contents are sorted, disjoint spans. `least` must be above 0.
    """
    likest = sorted(
        (-alike, number, place)
        for number, one in enumerate(gold)
        for place, other in enumerate(stored)
        if one and other and one[0][0] < other[-1][1] and other[0][0] < one[-1][1]
        if (alike := likeness(one, other)) >= least
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, number, place in likest:
        if number not in found and place not in taken:
            found[number] = place
            taken.add(place)
    return list(found.items())
