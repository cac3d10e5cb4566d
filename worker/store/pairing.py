"""Pairs the quotations of two extractor versions by how much of their text they share. All functions are pure."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

Parts = Sequence[tuple[int, int]]
"""The disjoint parts of one quotation, in order: the start and the end of each part, in code points."""
Place = tuple[int, int, int]
"""The start and the end of one part, and the index of its quotation."""

LEAST_IOU = 0.5
"""At least this intersection over union makes two quotations the same."""


def overlap(one: Parts, other: Parts) -> int:
    """Return how many code points two lists of spans share."""
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)


def iou(one: Parts, other: Parts) -> float:
    """Return the intersection over union of two lists of disjoint spans, in code points."""
    shared = overlap(one, other)
    total = length(one) + length(other) - shared
    return shared / total if total else 0.0


def pair(old: Sequence[Parts], new: Sequence[Parts]) -> dict[int, int]:
    """Return the pairs of a new quotation and the old quotation that it continues: index of new → index of old.

    Each quotation is in at most one pair. The pairs with the highest intersection over union are chosen first. Only
    quotations that share text are compared, so the time grows with the number of quotations and not with its square.
    """
    old_lengths, new_lengths = [length(parts) for parts in old], [length(parts) for parts in new]
    scored: list[tuple[float, int, int]] = []
    for (o, n), shared in shared_text(old, new).items():
        score = shared / (old_lengths[o] + new_lengths[n] - shared)
        if score >= LEAST_IOU:
            scored.append((-score, o, n))
    pairs: dict[int, int] = {}
    paired_old: set[int] = set()
    for _, o, n in sorted(scored):
        if n not in pairs and o not in paired_old:
            pairs[n] = o
            paired_old.add(o)
    return pairs


def length(parts: Parts) -> int:
    """Return the number of code points in some parts."""
    return sum(end - start for start, end in parts)


def shared_text(old: Sequence[Parts], new: Sequence[Parts]) -> Counter[tuple[int, int]]:
    """Return for each two quotations that share text, (index of old, index of new), how many code points they share."""
    old_places, new_places = in_order(old), in_order(new)
    shared: Counter[tuple[int, int]] = Counter()
    for (_, end, o), (start, new_end, n) in begun_inside(old_places, new_places, bisect_left):
        shared[o, n] += min(end, new_end) - start
    for (_, end, n), (start, old_end, o) in begun_inside(new_places, old_places, bisect_right):
        shared[o, n] += min(end, old_end) - start
    return shared


def in_order(quotations: Sequence[Parts]) -> list[Place]:
    """Return the parts of all quotations by their start, without empty ones."""
    return sorted(
        (start, end, number) for number, parts in enumerate(quotations) for start, end in parts if start < end
    )


def begun_inside(
    outer: Sequence[Place], inner: Sequence[Place], first: Callable[[list[int], int], int]
) -> Iterator[tuple[Place, Place]]:
    """Yield each part of `outer` with each part of `inner` that begins inside it.

    `first` decides about parts that begin together: `bisect_left` yields them, `bisect_right` does not.
    """
    starts = [start for start, _, _ in inner]
    for place in outer:
        for number in range(first(starts, place[0]), bisect_left(starts, place[1])):
            yield place, inner[number]


def parts_of(flat: Sequence[int]) -> list[tuple[int, int]]:
    """Return the stored form of parts (`{s1, e1, s2, e2, …}`) as pairs of start and end."""
    return list(zip(flat[::2], flat[1::2], strict=True))
