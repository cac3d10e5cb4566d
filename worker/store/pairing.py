"""Pairing the quotations of two extractor versions by how much of their text they share; pure."""

from collections.abc import Sequence

Parts = Sequence[tuple[int, int]]

LEAST = 0.5
"""Intersection over union from which two quotations count as one (design page, §6)."""


def overlap(one: Parts, other: Parts) -> int:
    """Code points that two lists of spans share."""
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)


def iou(one: Parts, other: Parts) -> float:
    """Intersection over union of two lists of disjoint spans, in code points."""
    shared = overlap(one, other)
    total = sum(end - start for start, end in (*one, *other)) - shared
    return shared / total if total else 0.0


def pair(old: Sequence[Parts], new: Sequence[Parts]) -> dict[int, int]:
    """Which new quotation continues which old one: index of new → index of old, one to one, best first."""
    ordered = sorted(range(len(old)), key=lambda index: old[index][0][0])
    scored: list[tuple[float, int, int]] = []
    for n, spans in enumerate(new):
        for o in ordered:
            if old[o][0][0] >= spans[-1][1]:
                break
            if old[o][-1][1] > spans[0][0] and (score := iou(old[o], spans)) >= LEAST:
                scored.append((-score, o, n))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, o, n in sorted(scored):
        if n not in pairs and o not in taken:
            pairs[n] = o
            taken.add(o)
    return pairs
