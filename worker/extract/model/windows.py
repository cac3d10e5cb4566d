"""Windows: the stretches of pieces that the network reads at once.

Whole paragraphs are packed into a window while they fit. A paragraph that does not fit is cut between sentences, and
each further window begins with the sentences before its own, so that what is said there is still in sight.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np

from worker.extract.model.pieces import SIGN, Numbers, Pieces

LONGEST = 158
"""Pieces in a window, breaks included; the network's two edge pieces come to it."""
STRETCH = 10_000
"""Pieces that are read before their links are scored: 15 MB of the network's state, some 45,000 characters."""
BEGIN, BREAK = 101, 102
"""The encoder's own pieces for a window's begin and for a paragraph's end."""
CONTEXT = 48
"""Pieces at most of what went before, at the head of a window that continues a paragraph."""


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces `[first, last)` are read; only those from `own` on are taken from this window."""

    first: int
    own: int
    last: int


def windows(found: Pieces, longest: int = LONGEST) -> list[Window]:
    """Cut the pieces into windows; together their own pieces are all pieces, each once."""
    made: list[Window] = []
    first = last = breaks = 0
    for start, end in runs(found.paragraphs):
        if last > first and end - first + breaks + 1 > longest:
            made.append(Window(first, first, last))
            first, breaks = start, 0
        elif last > first:
            breaks += 1
        last = end
        if last - first > longest:
            made += cut(found, first, last, longest)
            first = last
            breaks = 0
    if last > first:
        made.append(Window(first, first, last))
    return made


def cut(found: Pieces, first: int, last: int, longest: int) -> list[Window]:
    """The windows of one paragraph that is longer than a window."""
    ends = [first + end for _, end in runs(found.sentences[first:last])]
    made: list[Window] = []
    own = first
    while own < last:
        before = head(ends, first, own)
        fitting = ends[bisect_right(ends, before + longest) - 1]
        until = fitting if own < fitting <= before + longest else min(before + longest, last)
        made.append(Window(before, own, until))
        own = until
    return made


def head(ends: list[int], first: int, own: int) -> int:
    """Where a window begins whose own pieces begin at `own`: with a sentence, if one begins near enough."""
    if own == first:
        return own
    begin = ends[bisect_left(ends, own - CONTEXT)]
    return begin if own - CONTEXT <= begin < own else max(first, own - CONTEXT // 2)


def runs(numbers: Numbers) -> list[tuple[int, int]]:
    """The `[first, last)` of each run of one number."""
    if not len(numbers):
        return []
    changes = (np.flatnonzero(np.diff(numbers)) + 1).tolist()
    return list(zip([0, *changes], [*changes, len(numbers)], strict=True))


def framed(found: Pieces, window: Window) -> tuple[list[int], list[int], list[int]]:
    """A window's pieces and kinds with edges and breaks, and the place of each piece in them."""
    inside = slice(window.first, window.last)
    ids, kinds, at = [BEGIN], [SIGN], []
    before = int(found.paragraphs[window.first])
    columns = (found.ids[inside].tolist(), found.kinds[inside].tolist(), found.paragraphs[inside].tolist())
    for piece, kind, paragraph in zip(*columns, strict=True):
        if paragraph != before:
            ids.append(BREAK)
            kinds.append(SIGN)
            before = paragraph
        at.append(len(ids))
        ids.append(piece)
        kinds.append(kind)
    return [*ids, BREAK], [*kinds, SIGN], at


def stretches(found: Pieces, most: int = STRETCH) -> list[tuple[int, int]]:
    """The pieces in stretches of whole sentences, so that what is kept of a long text does not grow with it."""
    cuts = [0]
    for start, end in runs(found.sentences):
        if end - cuts[-1] > most and start > cuts[-1]:
            cuts.append(start)
        while end - cuts[-1] > most:
            cuts.append(cuts[-1] + most)
    return list(zip(cuts, [*cuts[1:], len(found)], strict=True)) if len(found) else []
