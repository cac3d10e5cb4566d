"""Pairs of spans: only near spans make a pair, features are inside the table, and the time is linear in the text."""

import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.extract.model.links import BANDS, COUNTED, FEATURES, NEAR, SENTENCES, inside, pairs
from worker.extract.model.pieces import INSIDE, ON_MARK, SHAPES, Pieces
from worker.extract.quotation import Span


def evenly_spaced(count: int, sentence: int = 25, paragraph: int = 60, quoted: Span = (0, 0)) -> Pieces:
    """Return pieces in sentences and paragraphs of equal length; the pieces in `quoted` are inside marks."""
    at = np.arange(count, dtype=np.int32)
    kinds = np.where((at >= quoted[0]) & (at < quoted[1]), INSIDE * SHAPES, 0).astype(np.int32)
    return Pieces(at, kinds, at * 2, at * 2 + 1, (at // sentence).astype(np.int32), (at // paragraph).astype(np.int32))


def spans(count: int) -> st.SearchStrategy[list[Span]]:
    """Spans in order without overlap, like those of a sequence of tags."""
    edges = st.lists(st.integers(0, count), unique=True, max_size=30).map(sorted)
    return edges.map(lambda row: list(zip(row[::2], row[1::2], strict=False)))


@settings(deadline=None)
@given(spans(500), spans(500), st.integers(1, 200), st.integers(1, 200))
def test_pairs_are_near_and_their_features_in_the_table(
    lefts: list[Span], rights: list[Span], sentence: int, paragraph: int
) -> None:
    pieces = evenly_spaced(500, sentence, paragraph, (100, 300))
    near, rows = pairs(pieces, lefts, rights)
    assert near.shape == (len(near), 2)
    assert rows.shape == (len(near), COUNTED)
    assert ((rows >= 0) & (rows < FEATURES)).all()
    assert (np.diff(rows, axis=1) > 0).all()  # each feature has rows of the table that no other feature uses
    assert len({tuple(pair) for pair in near.tolist()}) == len(near)
    for left, right in near.tolist():
        before, after = sorted([lefts[left], rights[right]])
        assert after[0] - before[1] <= NEAR
        assert pieces.sentences[after[0]] - pieces.sentences[before[1] - 1] <= SENTENCES


@settings(deadline=None)
@given(spans(300), spans(300))
def test_no_near_pair_is_missed(lefts: list[Span], rights: list[Span]) -> None:
    pieces = evenly_spaced(300)
    near, _ = pairs(pieces, lefts, rights)
    expected = {
        (left_number, right_number)
        for left_number, left in enumerate(lefts)
        for right_number, right in enumerate(rights)
        if right[0] >= left[0] - 2 * NEAR  # a longer content to the left begins too far away
        and is_near(pieces, *sorted([left, right]))
    }
    assert {(left_number, right_number) for left_number, right_number in near.tolist()} == expected


def is_near(pieces: Pieces, before: Span, behind: Span) -> bool:
    """True if not too many pieces, nor too many ends of sentences, stand between two spans."""
    ended = pieces.sentences[behind[0]] - pieces.sentences[before[1] - 1]
    return bool(behind[0] - before[1] <= NEAR and ended <= SENTENCES)


def test_no_spans_no_pairs() -> None:
    near, rows = pairs(evenly_spaced(10), [], [(0, 2)])
    assert near.shape == (0, 2)
    assert rows.shape == (0, COUNTED)


def test_what_is_counted_of_a_pair() -> None:
    pieces = evenly_spaced(200, quoted=(10, 20))
    base = 2 * BANDS
    assert counted(pieces, [(10, 20)], [(20, 21)]) == [BANDS, base, base + 4, base + 6 + 2, base + 10, base + 14]
    assert counted(pieces, [(20, 21)], [(10, 20)]) == [0, base, base + 4, base + 6 + 1, base + 10, base + 14]
    far = counted(pieces, [(0, 5), (30, 31), (40, 41)], [(60, 61), (70, 72)], (0, 1))
    assert far == [BANDS + 10, base + 2, base + 5, base + 6, base + 10 + 2, base + 14 + 1]


def counted(pieces: Pieces, lefts: list[Span], rights: list[Span], pair: Span = (0, 0)) -> list[int] | None:
    """Return the features of one pair, given by the numbers of its spans; None if it is no pair."""
    near, rows = pairs(pieces, lefts, rights)
    found: dict[tuple[int, ...], list[int]] = dict(zip(map(tuple, near.tolist()), rows.tolist(), strict=True))
    return found.get(pair)


def test_what_is_too_far_apart_is_no_pair() -> None:
    one_sentence = evenly_spaced(400, sentence=400)
    assert counted(one_sentence, [(0, 5)], [(5 + NEAR, 126)]) is not None
    assert counted(one_sentence, [(0, 5)], [(6 + NEAR, 127)]) is None
    short = evenly_spaced(400, sentence=10)
    assert counted(short, [(0, 5)], [(35, 36)]) is not None
    assert counted(short, [(0, 5)], [(40, 41)]) is None


def test_a_span_is_inside_from_its_first_piece() -> None:
    pieces = evenly_spaced(30, quoted=(10, 20))
    pieces.kinds[9] = ON_MARK * SHAPES
    starts = np.array([8, 9, 10, 19, 20], np.int32)
    assert inside(pieces, starts).tolist() == [0, 1, 1, 1, 0]


def test_the_work_is_in_proportion_to_the_spans() -> None:
    def seconds(times: int) -> tuple[float, int]:
        pieces = evenly_spaced(20 * times)
        lefts = [(20 * at, 20 * at + 8) for at in range(times)]
        rights = [(20 * at + 9, 20 * at + 10) for at in range(times)]
        begun = time.process_time()
        near, _ = pairs(pieces, lefts, rights)
        return time.process_time() - begun, len(near)

    (small, few), (large, many) = seconds(100), seconds(1000)
    assert many < 11 * few
    assert large < 30 * max(small, 0.03)
