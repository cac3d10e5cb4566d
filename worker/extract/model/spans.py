"""Turns the scores of tags into spans: chooses the likeliest sequence in which every span starts with a begin tag."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from worker.extract.quotation import Span

Scores = NDArray[np.float32]


def log_probabilities(scores: Scores) -> Scores:
    """Return the log-probabilities of each row of scores; float32 [pieces, tags]."""
    shifted = scores - scores.max(-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(-1, keepdims=True)), np.float32)


def best_tags(scores: Scores) -> list[int]:
    """Return the best sequence of tags: 0 is outside; 2k+1 begins a span of kind k, 2k+2 continues it.

    A tag that continues a span must follow a tag of the same kind; every other tag may follow any tag. Where the best
    tag of each piece obeys this, it is the answer. Where it does not, only the stretch around it is searched.
    """
    if not len(scores):
        return []
    tags = scores.argmax(1)
    kinds = (tags + 1) // 2
    goes_on = (tags > 0) & (tags % 2 == 0)
    wrong = np.flatnonzero(goes_on & (np.append(0, kinds[:-1]) != kinds))
    found: list[int] = tags.tolist()
    if len(wrong):
        cuts = borders(scores)
        edges = [0, *cuts.tolist(), len(found)]
        for stretch in np.unique(np.searchsorted(cuts, wrong, side="right")).tolist():
            first, last = edges[stretch], edges[stretch + 1]
            found[first:last] = searched(scores[first:last])
    return found


def borders(scores: Scores) -> NDArray[np.intp]:
    """Return the pieces that surely continue no span, so that what is before them has no influence on their tags.

    Let a sequence continue a span of some kind at such a piece. It could have the best other tag there, and begin the
    span anew at the next piece if it goes on. That is always allowed, and here it scores higher.
    """
    exact = scores.astype(np.float64)
    begins, continues = exact[:, 1::2], exact[:, 2::2]
    other = np.maximum(exact[:, 0], begins.max(1))
    anew = np.zeros_like(continues)
    anew[:-1] = np.maximum(continues[1:] - begins[1:], 0)
    return np.flatnonzero((other[:, None] - continues > anew).all(1))


def searched(scores: Scores) -> list[int]:
    """Return the best sequence of tags of a stretch, by Viterbi's algorithm; its first tag continues no span.

    The time is linear in the number of pieces. The tables are lists, because arrays are not faster for such short rows.
    """
    rows = scores.tolist()
    begins = range(1, len(rows[0]), 2)
    before = list(rows[0])
    for begin in begins:
        before[begin + 1] = -1e9
    trail: list[tuple[int, list[bool]]] = []
    for row in rows[1:]:
        top = max(before)
        best = before.index(top)
        now = [top + score for score in row]
        begun = []
        for begin in begins:
            fresh = before[begin] > before[begin + 1]
            begun.append(fresh)
            now[begin + 1] = row[begin + 1] + (before[begin] if fresh else before[begin + 1])
        trail.append((best, begun))
        before = now
    tag = before.index(max(before))
    tags = [tag]
    for best, begun in reversed(trail):
        goes_on = tag > 0 and tag % 2 == 0
        tag = tag - begun[tag // 2 - 1] if goes_on else best
        tags.append(tag)
    return tags[::-1]


def spans(tags: Sequence[int], kinds: int) -> list[list[Span]]:
    """Return for each kind of tag its spans `[first, last)` in pieces, in order."""
    by_kind: list[list[Span]] = [[] for _ in range(kinds)]
    first, kind = 0, -1
    for number, tag in enumerate([*tags, 0]):
        if kind >= 0 and tag != 2 * kind + 2:
            by_kind[kind].append((first, number))
            kind = -1
        if tag % 2 == 1:
            first, kind = number, tag // 2
        elif tag and kind < 0:
            first, kind = number, tag // 2 - 1  # continues a span without a begin tag: treat it as a begin tag
    return by_kind
