"""Windows: the stretches of pieces that the network reads at once.

A window contains as many whole paragraphs as fit. A paragraph that does not fit is cut between sentences. Each further
window of the paragraph begins with the last sentences of the previous window, as context.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worker.extract.model.chunks import SIGN
from worker.extract.model.pieces import Numbers, Pieces

LONGEST = 158
"""At most this many pieces make a window, paragraph breaks included. Two edge pieces are added to these."""
STRETCH = 10_000
"""At most this many pieces are read before their links are scored: 15 MB of state, some 45,000 characters."""
BEGIN, BREAK = 101, 102
"""The encoder's special pieces for the beginning of a window and the end of a paragraph."""
CONTEXT = 48
"""At most this many pieces of context begin a window that continues a paragraph."""

Indexes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """The network reads pieces `[first, last)`. Only its output for `[own, last)`, the window's own pieces, is used."""

    first: int
    own: int
    last: int


def windows(pieces: Pieces, longest: int = LONGEST) -> list[Window]:
    """Return the windows of the pieces. Each piece is an own piece of exactly one window."""
    packed: list[Window] = []
    first = last = breaks = 0
    for start, end in runs(pieces.paragraphs):
        if last > first and end - first + breaks + 1 > longest:
            packed.append(Window(first, first, last))
            first, breaks = start, 0
        elif last > first:
            breaks += 1
        last = end
        if last - first > longest:
            packed += cut(pieces, first, last, longest)
            first = last
            breaks = 0
    if last > first:
        packed.append(Window(first, first, last))
    return packed


def cut(pieces: Pieces, first: int, last: int, longest: int) -> list[Window]:
    """Return the windows of one paragraph that is longer than a window."""
    ends = [first + end for _, end in runs(pieces.sentences[first:last])]
    cuts: list[Window] = []
    own = first
    while own < last:
        before = head(ends, first, own)
        fitting = ends[bisect_right(ends, before + longest) - 1]
        until = fitting if own < fitting <= before + longest else min(before + longest, last)
        cuts.append(Window(before, own, until))
        own = until
    return cuts


def head(ends: list[int], first: int, own: int) -> int:
    """Return where a window begins, given that its own pieces begin at `own`.

    It begins with a sentence if a sentence begins at most `CONTEXT` pieces before `own`.
    """
    if own == first:
        return own
    begin = ends[bisect_left(ends, own - CONTEXT)]
    return begin if own - CONTEXT <= begin < own else max(first, own - CONTEXT // 2)


def runs(numbers: Numbers) -> list[tuple[int, int]]:
    """Return the `[first, last)` of each run of equal numbers."""
    if not len(numbers):
        return []
    changes = (np.flatnonzero(np.diff(numbers)) + 1).tolist()
    return list(zip([0, *changes], [*changes, len(numbers)], strict=True))


def framed(pieces: Pieces, window: Window) -> tuple[Indexes, Indexes, Indexes]:
    """Return a window's pieces and kinds, with edge pieces and breaks added, and the index of each piece in them."""
    inside = slice(window.first, window.last)
    at = np.arange(1, window.last - window.first + 1)
    at[1:] += np.cumsum(np.diff(pieces.paragraphs[inside]) != 0)
    ids = np.full(at[-1] + 2, BREAK)
    kinds = np.full(at[-1] + 2, SIGN)
    ids[0] = BEGIN
    ids[at] = pieces.ids[inside]
    kinds[at] = pieces.kinds[inside]
    return ids, kinds, at


def stretches(pieces: Pieces, most: int = STRETCH) -> list[tuple[int, int]]:
    """Return the pieces in stretches of at most `most` pieces, so that a long text needs no more memory.

    A stretch ends with a sentence, unless the sentence is longer than `most`.
    """
    cuts = [0]
    for start, end in runs(pieces.sentences):
        if end - cuts[-1] > most and start > cuts[-1]:
            cuts.append(start)
        while end - cuts[-1] > most:
            cuts.append(cuts[-1] + most)
    return list(zip(cuts, [*cuts[1:], len(pieces)], strict=True)) if len(pieces) else []
