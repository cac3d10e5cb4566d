"""Pairs of spans that may be linked, and the features of each pair.

A content (the words that are reported) may be linked to a cue and to a source, and a cue to a source.

The score of a pair is computed from the vectors of its two spans, which come from the network, and from the features
that are counted here. The features are the distance of the spans, the sentences, paragraphs and other spans between
them, and whether each span begins inside marks.
"""

from bisect import bisect_left

import numpy as np

from worker.extract.model.pieces import INSIDE, SHAPES, Numbers, Pieces
from worker.extract.quotation import Span

NEAR = 120
"""At most this many pieces are between two linked spans."""
SENTENCES = 3
"""At most this many sentence ends are between two linked spans."""
DISTANCES = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
BANDS = len(DISTANCES) + 1
FEATURES = 2 * BANDS + 4 + 2 + 4 + 4 + 4
"""The number of rows in the feature table.

The summands are: distances in both directions, sentences, paragraphs, marks, other left spans, other right spans."""
COUNTED = 6
"""The number of features of one pair."""


def pairs(pieces: Pieces, lefts: list[Span], rights: list[Span]) -> tuple[Numbers, Numbers]:
    """Return all pairs whose spans are near enough, as [pairs, 2] numbers of spans and [pairs, COUNTED] features.

    Both lists of spans are sorted by start.
    """
    left_starts = [start for start, _ in lefts]
    right_starts = [start for start, _ in rights]
    near: list[tuple[int, int]] = []
    rows: list[list[int]] = []
    for number, left in enumerate(lefts):
        first = bisect_left(right_starts, left[0] - 2 * NEAR)
        last = bisect_left(right_starts, left[1] + NEAR + 1)
        for other in range(first, last):
            row = features(pieces, left, rights[other], left_starts, right_starts)
            if row is not None:
                near.append((number, other))
                rows.append(row)
    return np.array(near, np.int32).reshape(-1, 2), np.array(rows, np.int32).reshape(-1, COUNTED)


def features(
    pieces: Pieces, left: Span, right: Span, left_starts: list[int], right_starts: list[int]
) -> list[int] | None:
    """Return the row number of each feature of a pair in the feature table; None if the spans are too far apart."""
    after = right[0] >= left[0]
    low, high = (left[1], right[0]) if after else (right[1], left[0])
    gap = max(0, high - low)
    before, behind = (left, right) if after else (right, left)
    ended = int(pieces.sentences[behind[0]]) - int(pieces.sentences[before[1] - 1])
    if gap > NEAR or ended > SENTENCES:
        return None
    broken = int(pieces.paragraphs[behind[0]]) - int(pieces.paragraphs[before[1] - 1])
    band = bisect_left(DISTANCES, gap)
    quoted = 2 * inside(pieces, left) + inside(pieces, right)
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


def inside(pieces: Pieces, span: Span) -> bool:
    """True if a span begins inside quotation marks or with a quotation mark."""
    return int(pieces.kinds[span[0]]) >= INSIDE * SHAPES
