"""Spans: trimming, and the likeness of two contents."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.evaluation.pairing import pairs
from worker.evaluation.spans import LOOSE, likeness, shared, trimmed

TEXT = st.text(alphabet='ab .,"“”’\n', max_size=40)
SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (min(pair), max(pair))), max_size=5)


@pytest.mark.parametrize(
    ("text", "spans", "left"),
    [
        ("“Go on,” he said", [(0, 8)], ((1, 6),)),
        ("“Go,” he said, “on.”", [(0, 5), (15, 20)], ((1, 3), (16, 18))),
        ("“Go.” “On.”", [(6, 11), (0, 5)], ((1, 9),)),  # only marks between them: they become one
        ("a b c", [(0, 3), (2, 5)], ((0, 5),)),  # overlapping spans become one
        ("abcdef", [(0, 6), (2, 3)], ((0, 6),)),  # one inside the other
        ("so “,” it", [(3, 6)], ()),
        ("so it", [(2, 2)], ()),
        ("Don’t", [(0, 5)], ((0, 5),)),  # a mark inside stays
    ],
)
def test_trimming(text: str, spans: list[tuple[int, int]], left: tuple[tuple[int, int], ...]) -> None:
    assert trimmed(text, spans) == left


@settings(deadline=None)
@given(TEXT, SPANS)
def test_trimmed_spans_are_sorted_disjoint_and_begin_with_words(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [(min(start, len(text)), min(end, len(text))) for start, end in spans]
    left = trimmed(text, inside)
    assert all(one[1] < other[0] for one, other in pairwise(left))
    for start, end in left:
        assert text[start] not in LOOSE and text[end - 1] not in LOOSE
    assert trimmed(text, left) == left
    # a character that is neither mark nor space is in the result exactly if it was in the spans
    counts = {place for place, character in enumerate(text) if character not in LOOSE}
    assert counts & offsets(left) == counts & offsets(inside)


def offsets(spans: object) -> set[int]:
    return {place for start, end in spans for place in range(start, end)}  # type: ignore[attr-defined]


def disjoint(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return trimmed("a" * 40, spans)


@settings(deadline=None)
@given(SPANS.map(disjoint), SPANS.map(disjoint))
def test_likeness_is_shared_characters_over_all(
    one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]
) -> None:
    both, either = offsets(one) & offsets(other), offsets(one) | offsets(other)
    assert shared(one, other) == shared(other, one) == len(both)
    assert likeness(one, other) == (len(both) / len(either) if both else 0.0)


def test_half_is_enough_and_less_is_not() -> None:
    assert pairs([((0, 10),)], [((0, 5),)]) == [(0, 0)]
    assert pairs([((0, 11),)], [((0, 5),)]) == []


def test_the_likest_are_paired_first() -> None:
    # the second stored content is more like the first gold; if the order decided, the first stored would be its pair
    gold = [((0, 10),), ((12, 20),)]
    stored = [((0, 8),), ((0, 10),), ((12, 16),)]
    assert pairs(gold, stored) == [(0, 1), (1, 2)]


def test_one_gold_is_found_once() -> None:
    assert pairs([((0, 10),)], [((0, 10),), ((0, 10),)]) == [(0, 0)]


CONTENTS = st.lists(SPANS.map(disjoint).filter(bool), max_size=5)


@settings(deadline=None)
@given(CONTENTS, CONTENTS)
def test_pairs_are_one_to_one_and_nothing_likely_is_left(
    gold: list[tuple[tuple[int, int], ...]], stored: list[tuple[tuple[int, int], ...]]
) -> None:
    paired = pairs(gold, stored)
    assert len({number for number, _ in paired}) == len({place for _, place in paired}) == len(paired)
    place_of = dict(paired)
    for number, one in enumerate(gold):
        for place, other in enumerate(stored):
            alike = likeness(one, other)
            if place_of.get(number) == place:
                assert alike >= 0.5
            elif alike >= 0.5:  # another pair is at least as alike
                rivals = [likeness(one, stored[place_of[number]])] if number in place_of else []
                rivals += [likeness(gold[other_gold], other) for other_gold, taken in paired if taken == place]
                assert max(rivals) >= alike
