"""From tags and link scores to attributions, with numbers made by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from worker.extract.model.attributed import (
    CONTENT_CUE,
    CONTENT_SOURCE,
    CUE_SOURCE,
    WIDTH,
    Likelihood,
    LinkedSpans,
    Linker,
    LinkWeights,
    attributions,
    share,
)
from worker.extract.model.links import BANDS, FEATURES
from worker.extract.model.pieces import Pieces
from worker.extract.quotation import Span

STATE = 384
LETTERS = {".": (0, 0), "s": (1, 2), "c": (3, 4), "q": (5, 6)}


def tagged(letters: str) -> NDArray[np.float32]:
    """Scores of tags as written: source, cue, content (q), `.` outside; a capital begins a further span."""
    scores = np.full((len(letters), 7), -10.0, np.float32)
    for at, letter in enumerate(letters):
        begins, goes_on = LETTERS[letter.lower()]
        scores[at, begins if letter.isupper() or letters[at - 1 : at].lower() != letter else goes_on] = 10.0
    return scores


def made(count: int) -> Pieces:
    at = np.arange(count, dtype=np.int32)
    zero = np.zeros(count, np.int32)
    return Pieces(at, zero, at * 2, at * 2 + 1, zero, zero)


def weights() -> LinkWeights:
    """All zero."""
    return LinkWeights(
        np.zeros((STATE, 6 * WIDTH), np.float32),
        np.zeros(6 * WIDTH, np.float32),
        np.zeros((3, FEATURES, WIDTH), np.float32),
        np.zeros((3, WIDTH), np.float32),
        np.zeros(3, np.float32),
    )


class Given(Linker):
    """Scores as a test gives them: by link, numbers of the left and of the right span."""

    def __init__(self, given: dict[int, dict[tuple[int, int], float]]) -> None:
        super().__init__(made(0), np.zeros((0, STATE), np.float32), weights())
        self.given = given

    def scores(self, number: int, lefts: list[Span], rights: list[Span]) -> list[dict[int, float]]:
        result: list[dict[int, float]] = [{} for _ in lefts]
        for (left, right), score in self.given.get(number, {}).items():
            assert right < len(rights)
            result[left][right] = score
        return result


def read(letters: str, given: dict[int, dict[tuple[int, int], float]]) -> list[LinkedSpans]:
    return attributions(tagged(letters), Given(given))


def test_a_content_goes_to_its_best_cue_and_that_to_its_best_source() -> None:
    found = read(
        "qq.ss.c..cc.s",
        {CONTENT_CUE: {(0, 0): 1.0, (0, 1): 3.0}, CUE_SOURCE: {(0, 0): 9.0, (1, 0): 1.0, (1, 1): 4.0}},
    )
    assert [(each.contents, each.cue, each.source) for each in found] == [(((0, 2),), (9, 11), (12, 13))]


def test_of_two_equal_cues_the_first_is_taken() -> None:
    (found,) = read("qcc.c", {CONTENT_CUE: {(0, 0): 2.0, (0, 1): 2.0}})
    assert found.cue == (1, 3)


def test_a_content_without_a_cue_above_none_is_dropped() -> None:
    assert read("q.c", {CONTENT_CUE: {(0, 0): 0.0}}) == []
    assert read("q.c", {CONTENT_CUE: {(0, 0): -1.0}}) == []
    assert read("q.c", {}) == []
    assert read("q..", {}) == []
    assert len(read("q.c", {CONTENT_CUE: {(0, 0): 1.0}})) == 1


def test_a_cue_without_a_content_is_nothing() -> None:
    assert read("s.c", {CUE_SOURCE: {(0, 0): 5.0}}) == []


def test_no_source_below_none() -> None:
    given = {CONTENT_CUE: {(0, 0): 2.0}, CUE_SOURCE: {(0, 0): -1.0}}
    assert [each.source for each in read("q.c.s", given)] == [None]
    given[CUE_SOURCE] = {(0, 0): 0.5}
    assert [each.source for each in read("q.c.s", given)] == [(4, 5)]


def test_two_cues_may_share_a_source() -> None:
    found = read(
        "s.c.q.c.q",
        {CONTENT_CUE: {(0, 0): 2.0, (1, 1): 2.0}, CUE_SOURCE: {(0, 0): 2.0, (1, 0): 2.0}},
    )
    assert [(each.contents, each.source) for each in found] == [(((4, 5),), (0, 1)), (((8, 9),), (0, 1))]


def test_several_contents_of_one_cue_are_one_attribution() -> None:
    (found,) = read("qq.s.c.qqq", {CONTENT_CUE: {(0, 0): 2.0, (1, 0): 1.0}, CUE_SOURCE: {(0, 0): 1.0}})
    assert found.contents == ((0, 2), (7, 10))
    assert found.source == (3, 4)
    assert found.evidence[:2] == pytest.approx((share({0: 1.0}, 0), share({0: 1.0}, 0)))  # the weaker content's link


def test_what_contents_say_of_the_source_is_averaged() -> None:
    given = {
        CONTENT_CUE: {(0, 0): 2.0, (1, 0): 2.0},
        CUE_SOURCE: {(0, 0): 1.0, (0, 1): 0.9},
        CONTENT_SOURCE: {(0, 0): 0.0, (0, 1): 1.0, (1, 1): 1.0},
    }
    (found,) = read("q.q.c.s.s", given)
    assert found.source == (8, 9)
    given[CONTENT_SOURCE] = {(0, 1): 0.1}  # half of it is not enough
    (found,) = read("q.q.c.s.s", given)
    assert found.source == (6, 7)


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=6))
def test_shares_and_none_are_a_whole(scores: list[float]) -> None:
    options = dict(enumerate(scores))
    none = share({**options, -1: 0.0}, -1)
    shares = [share(options, each) for each in options]
    total = 1 + sum(math.exp(score) for score in scores)
    assert sum(shares) + 1 / total == pytest.approx(1.0)
    assert all(0 <= each <= 1 for each in [*shares, none])
    assert max(options, key=lambda each: shares[each]) in [at for at in options if scores[at] == max(scores)] or (
        max(shares) == pytest.approx(shares[scores.index(max(scores))])
    )


def test_without_a_source_the_evidence_is_that_there_is_none() -> None:
    (found,) = read("q.c.s", {CONTENT_CUE: {(0, 0): 2.0}, CUE_SOURCE: {(0, 0): -1.0}})
    assert found.evidence[1] == pytest.approx(1 - share({0: -1.0}, 0))
    (found,) = read("q.c", {CONTENT_CUE: {(0, 0): 2.0}})
    assert found.evidence[1] == 1.0


@given(st.lists(st.lists(st.floats(-20, 20, width=32), min_size=7, max_size=7), min_size=6, max_size=6))
def test_likelihoods_are_probabilities(rows: list[list[float]]) -> None:
    likely = Likelihood(np.array(rows, np.float32))
    figures = [*likely.content(((0, 2), (4, 6))), likely.cue((2, 4))]
    assert all(-1e-4 <= each <= 1 + 1e-4 for each in figures)


def test_the_likelihood_of_spans_as_they_were_tagged() -> None:
    likely = Likelihood(tagged("qqq.cc.qq"))
    assert likely.content(((0, 3), (7, 9))) == pytest.approx((1, 1, 1), abs=1e-6)
    assert likely.cue((4, 6)) == pytest.approx(1, abs=1e-6)
    assert likely.content(((0, 2),))[2] == pytest.approx(0, abs=1e-6)  # it would go on
    assert likely.content(((1, 3),))[1] == pytest.approx(0, abs=1e-6)  # it began before
    assert likely.content(((0, 6),))[0] == pytest.approx(0.5, abs=1e-6)
    assert likely.content(((0, 3), (4, 6)))[0] == pytest.approx(0, abs=1e-6)  # the least likely part


def test_a_part_at_the_texts_end_ends_for_certain() -> None:
    assert Likelihood(tagged("c.qq")).content(((2, 4),))[2] == 1


def test_the_linker_adds_vectors_and_features() -> None:
    hand = weights()
    left, right = 2 * CUE_SOURCE, 2 * CUE_SOURCE + 1
    hand.matrix[0, left * WIDTH] = 1.0  # the first span's state counts for the first number
    hand.bias[right * WIDTH] = 0.5
    hand.features[CUE_SOURCE, BANDS, 0] = 2.0  # right after it
    hand.features[CUE_SOURCE, 0, 0] = -9.0  # right before it
    hand.scores[CUE_SOURCE, 0] = 10.0
    hand.score_biases[CUE_SOURCE] = -1.0
    state = np.zeros((10, STATE), np.float32)
    state[4, 0], state[5, 0] = 1.0, 3.0
    link = Linker(made(10), state, hand)
    (scores,) = link.scores(CUE_SOURCE, [(4, 6)], [(2, 4), (6, 7)])
    # the middle of 1 and 3, the bias 0.5, the feature; nothing below zero passes
    assert scores == {0: pytest.approx(-1.0), 1: pytest.approx(10 * (2 + 0.5 + 2) - 1)}
    assert link.scores(CONTENT_CUE, [(4, 6)], [(6, 7)]) == [{0: 0.0}]
    assert link.scores(CONTENT_CUE, [(4, 6)], []) == [{}]
    assert link.scores(CONTENT_CUE, [], [(4, 6)]) == []
