"""Which content belongs to which cue and which cue to which source: pairs of spans and what is known of a pair.

A pair's score comes from the two spans' vectors, which the network gives, and from what is counted here: how far apart
they stand, how many sentences, paragraphs and other spans lie between, and on which side of quotation marks each is.
"""

from bisect import bisect_left

import numpy as np

from worker.extract.model.pieces import INSIDE, SHAPES, Numbers, Pieces
from worker.extract.quotation import Span

NEAR = 120
"""Pieces between two spans at most; what is farther apart is never linked."""
SENTENCES = 3
"""Sentence ends between two spans at most."""
DISTANCES = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
BANDS = len(DISTANCES) + 1
FEATURES = 2 * BANDS + 4 + 2 + 4 + 4 + 4
"""Numbers in the feature table: distance by side, sentences, paragraphs, marks, others of both kinds between."""
COUNTED = 6
"""Features of a pair."""


def pairs(found: Pieces, lefts: list[Span], rights: list[Span]) -> tuple[Numbers, Numbers]:
    """Every pair near enough, as [pairs, 2] numbers of spans and [pairs, COUNTED] features; both lists by start."""
    left_starts = [start for start, _ in lefts]
    right_starts = [start for start, _ in rights]
    kept: list[tuple[int, int]] = []
    rows: list[list[int]] = []
    for number, left in enumerate(lefts):
        first = bisect_left(right_starts, left[0] - 2 * NEAR)
        last = bisect_left(right_starts, left[1] + NEAR + 1)
        for other in range(first, last):
            row = features(found, left, rights[other], left_starts, right_starts)
            if row is not None:
                kept.append((number, other))
                rows.append(row)
    return np.array(kept, np.int32).reshape(-1, 2), np.array(rows, np.int32).reshape(-1, COUNTED)


def features(
    found: Pieces, left: Span, right: Span, left_starts: list[int], right_starts: list[int]
) -> list[int] | None:
    """The numbers of a pair's features in the table; None where the two stand too far apart."""
    after = right[0] >= left[0]
    low, high = (left[1], right[0]) if after else (right[1], left[0])
    gap = max(0, high - low)
    before, behind = (left, right) if after else (right, left)
    ended = int(found.sentences[behind[0]]) - int(found.sentences[before[1] - 1])
    if gap > NEAR or ended > SENTENCES:
        return None
    broken = int(found.paragraphs[behind[0]]) - int(found.paragraphs[before[1] - 1])
    band = bisect_left(DISTANCES, gap)
    quoted = 2 * inside(found, left) + inside(found, right)
    between_left = bisect_left(left_starts, high) - bisect_left(left_starts, low) if high > low else 0
    between_right = bisect_left(right_starts, high) - bisect_left(right_starts, low) if high > low else 0
    base = 2 * BANDS
    return [
        band + BANDS * after,
        base + min(max(ended, 0), 3),
        base + 4 + (broken > 0),
        base + 6 + quoted,
        base + 10 + min(between_left, 3),
        base + 14 + min(between_right, 3),
    ]


def inside(found: Pieces, span: Span) -> bool:
    """Whether a span begins inside quotation marks (or with one)."""
    return int(found.kinds[span[0]]) >= INSIDE * SHAPES
