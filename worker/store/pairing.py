"""Pairs the quotations of two extractor versions by how much of their text they share. All functions are pure."""

from collections.abc import Sequence

Parts = Sequence[tuple[int, int]]
"""The parts of one quotation, in order: the start and the end of each part, in code points."""

LEAST_IOU = 0.5
"""At least this intersection over union makes two quotations the same."""


def overlap(one: Parts, other: Parts) -> int:
    """Return how many code points two lists of spans share."""
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)


def iou(one: Parts, other: Parts) -> float:
    """Return the intersection over union of two lists of disjoint spans, in code points."""
    shared = overlap(one, other)
    total = sum(end - start for start, end in (*one, *other)) - shared
    return shared / total if total else 0.0


def pair(old: Sequence[Parts], new: Sequence[Parts]) -> dict[int, int]:
    """Return the pairs of a new quotation and the old quotation that it continues: index of new → index of old.

    Each quotation is in at most one pair. The pairs with the highest intersection over union are chosen first.
    """
    ordered = sorted(range(len(old)), key=lambda index: old[index][0][0])
    scored: list[tuple[float, int, int]] = []
    for n, parts in enumerate(new):
        for o in ordered:
            if old[o][0][0] >= parts[-1][1]:
                break
            if old[o][-1][1] > parts[0][0] and (score := iou(old[o], parts)) >= LEAST_IOU:
                scored.append((-score, o, n))
    pairs: dict[int, int] = {}
    paired_old: set[int] = set()
    for _, o, n in sorted(scored):
        if n not in pairs and o not in paired_old:
            pairs[n] = o
            paired_old.add(o)
    return pairs


def parts_of(flat: Sequence[int]) -> list[tuple[int, int]]:
    """Return the stored form of parts (`{s1, e1, s2, e2, …}`) as pairs of start and end."""
    return list(zip(flat[::2], flat[1::2], strict=True))
