"""Pairs of spans that may be linked, and the features of each pair.

A content (the words that are reported) may be linked to a cue and to a source, and a cue to a source.

The score of a pair is computed from the vectors of its two spans, which come from the network, and from the features
that are counted here. The features are the distance of the spans, the sentences, paragraphs and other spans between
them, and whether each span begins inside marks.
"""

import numpy as np
from numpy.typing import NDArray

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

Indexes = NDArray[np.intp]


def pairs(pieces: Pieces, lefts: list[Span], rights: list[Span]) -> tuple[Numbers, Numbers]:
    """Return all pairs whose spans are near enough, as [pairs, 2] numbers of spans and [pairs, COUNTED] features.

    Both lists of spans are sorted by start.
    """
    if not lefts or not rights:
        return np.zeros((0, 2), np.int32), np.zeros((0, COUNTED), np.int32)
    left, right = np.array(lefts, np.int32), np.array(rights, np.int32)
    first = np.searchsorted(right[:, 0], left[:, 0] - 2 * NEAR)
    counts = np.maximum(np.searchsorted(right[:, 0], left[:, 1] + NEAR + 1) - first, 0)
    numbers = np.repeat(np.arange(len(left)), counts)
    others = np.arange(len(numbers)) + np.repeat(first - np.cumsum(counts) + counts, counts)
    near, rows = features(pieces, (left, right), numbers, others)
    return np.stack([numbers[near], others[near]], 1).astype(np.int32), rows


def features(
    pieces: Pieces, spans: tuple[Numbers, Numbers], numbers: Indexes, others: Indexes
) -> tuple[Indexes, Numbers]:
    """Return which pairs are near enough, and for each of these the row of each feature in the feature table.

    `spans` holds the left and the right spans [spans, 2]; a pair consists of the left span `numbers[n]` and the right
    span `others[n]`.
    """
    after = spans[1][others, 0] >= spans[0][numbers, 0]
    before = np.where(after[:, None], spans[0][numbers], spans[1][others])
    behind = np.where(after[:, None], spans[1][others], spans[0][numbers])
    ended = pieces.sentences[behind[:, 0]] - pieces.sentences[before[:, 1] - 1]
    near = np.flatnonzero((behind[:, 0] - before[:, 1] <= NEAR) & (ended <= SENTENCES))
    low, high = before[near, 1], behind[near, 0]
    gap = np.maximum(high - low, 0)
    broken = pieces.paragraphs[high] > pieces.paragraphs[low - 1]
    quoted = 2 * inside(pieces, spans[0][numbers[near], 0]) + inside(pieces, spans[1][others[near], 0])
    between = [
        np.clip(np.searchsorted(starts[:, 0], high) - np.searchsorted(starts[:, 0], low), 0, 3) for starts in spans
    ]
    base = 2 * BANDS
    columns = (
        np.searchsorted(DISTANCES, gap) + BANDS * after[near],
        base + np.clip(ended[near], 0, 3),
        base + 4 + broken,
        base + 6 + quoted,
        base + 10 + between[0],
        base + 14 + between[1],
    )
    return near, np.stack(columns, 1).astype(np.int32)


def inside(pieces: Pieces, starts: Numbers) -> Numbers:
    """Return 1 for each span that begins inside quotation marks or with a quotation mark, else 0."""
    return (pieces.kinds[starts] >= INSIDE * SHAPES).astype(np.int32)
