"""Attributions from tags and link scores; the test's numbers are made by hand."""

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
    """Return tag scores for letters: source, cue, content (q), `.` outside. A capital begins a new span."""
    scores = np.full((len(letters), 7), -10.0, np.float32)
    for at, letter in enumerate(letters):
        begins, goes_on = LETTERS[letter.lower()]
        scores[at, begins if letter.isupper() or letters[at - 1 : at].lower() != letter else goes_on] = 10.0
    return scores


def evenly_spaced(count: int) -> Pieces:
    """Return pieces of one sentence. Each piece is one character, and a space follows it."""
    at = np.arange(count, dtype=np.int32)
    zero = np.zeros(count, np.int32)
    return Pieces(at, zero, at * 2, at * 2 + 1, zero, zero)


def weights() -> LinkWeights:
    """Return link weights that are all zero."""
    return LinkWeights(
        np.zeros((STATE, 6 * WIDTH), np.float32),
        np.zeros(6 * WIDTH, np.float32),
        np.zeros((3, FEATURES, WIDTH), np.float32),
        np.zeros((3, WIDTH), np.float32),
        np.zeros(3, np.float32),
    )


class HandMadeLinker(Linker):
    """Returns the scores that a test has set, by kind of link and by the numbers of the left and right span."""

    def __init__(self, link_scores: dict[int, dict[tuple[int, int], float]]) -> None:
        super().__init__(evenly_spaced(0), np.zeros((0, STATE), np.float32), weights())
        self.link_scores = link_scores

    def scores(self, number: int, lefts: list[Span], rights: list[Span]) -> list[dict[int, float]]:
        result: list[dict[int, float]] = [{} for _ in lefts]
        for (left, right), score in self.link_scores.get(number, {}).items():
            assert right < len(rights)
            result[left][right] = score
        return result


def read(letters: str, link_scores: dict[int, dict[tuple[int, int], float]]) -> list[LinkedSpans]:
    return attributions(tagged(letters), HandMadeLinker(link_scores))


def test_a_content_goes_to_its_best_cue_and_that_to_its_best_source() -> None:
    linked = read(
        "qq.ss.c..cc.s",
        {CONTENT_CUE: {(0, 0): 1.0, (0, 1): 3.0}, CUE_SOURCE: {(0, 0): 9.0, (1, 0): 1.0, (1, 1): 4.0}},
    )
    assert [(attribution.contents, attribution.cue, attribution.source) for attribution in linked] == [
        (((0, 2),), (9, 11), (12, 13))
    ]


def test_of_two_equal_cues_the_first_is_taken() -> None:
    (linked,) = read("qcc.c", {CONTENT_CUE: {(0, 0): 2.0, (0, 1): 2.0}})
    assert linked.cue == (1, 3)


def test_a_content_without_a_cue_above_none_is_dropped() -> None:
    assert read("q.c", {CONTENT_CUE: {(0, 0): 0.0}}) == []
    assert read("q.c", {CONTENT_CUE: {(0, 0): -1.0}}) == []
    assert read("q.c", {}) == []
    assert read("q..", {}) == []
    assert len(read("q.c", {CONTENT_CUE: {(0, 0): 1.0}})) == 1


def test_a_cue_without_a_content_is_nothing() -> None:
    assert read("s.c", {CUE_SOURCE: {(0, 0): 5.0}}) == []


def test_no_source_below_none() -> None:
    link_scores = {CONTENT_CUE: {(0, 0): 2.0}, CUE_SOURCE: {(0, 0): -1.0}}
    assert [attribution.source for attribution in read("q.c.s", link_scores)] == [None]
    link_scores[CUE_SOURCE] = {(0, 0): 0.5}
    assert [attribution.source for attribution in read("q.c.s", link_scores)] == [(4, 5)]


def test_two_cues_may_share_a_source() -> None:
    linked = read(
        "s.c.q.c.q",
        {CONTENT_CUE: {(0, 0): 2.0, (1, 1): 2.0}, CUE_SOURCE: {(0, 0): 2.0, (1, 0): 2.0}},
    )
    assert [(attribution.contents, attribution.source) for attribution in linked] == [
        (((4, 5),), (0, 1)),
        (((8, 9),), (0, 1)),
    ]


def test_several_contents_of_one_cue_are_one_attribution() -> None:
    (linked,) = read("qq.s.c.qqq", {CONTENT_CUE: {(0, 0): 2.0, (1, 0): 1.0}, CUE_SOURCE: {(0, 0): 1.0}})
    assert linked.contents == ((0, 2), (7, 10))
    assert linked.source == (3, 4)
    assert linked.evidence[:2] == pytest.approx((share({0: 1.0}, 0), share({0: 1.0}, 0)))  # link of the weaker content


def test_what_contents_say_of_the_source_is_averaged() -> None:
    link_scores = {
        CONTENT_CUE: {(0, 0): 2.0, (1, 0): 2.0},
        CUE_SOURCE: {(0, 0): 1.0, (0, 1): 0.9},
        CONTENT_SOURCE: {(0, 0): 0.0, (0, 1): 1.0, (1, 1): 1.0},
    }
    (linked,) = read("q.q.c.s.s", link_scores)
    assert linked.source == (8, 9)
    link_scores[CONTENT_SOURCE] = {(0, 1): 0.1}  # half of this score is not enough
    (linked,) = read("q.q.c.s.s", link_scores)
    assert linked.source == (6, 7)


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=6))
def test_shares_and_none_are_a_whole(scores: list[float]) -> None:
    options = dict(enumerate(scores))
    none = share({**options, -1: 0.0}, -1)
    shares = [share(options, option) for option in options]
    total = 1 + sum(math.exp(score) for score in scores)
    assert sum(shares) + 1 / total == pytest.approx(1.0)
    assert all(0 <= probability <= 1 for probability in [*shares, none])
    assert max(options, key=lambda option: shares[option]) in [at for at in options if scores[at] == max(scores)] or (
        max(shares) == pytest.approx(shares[scores.index(max(scores))])
    )


def test_without_a_source_the_evidence_is_that_there_is_none() -> None:
    (linked,) = read("q.c.s", {CONTENT_CUE: {(0, 0): 2.0}, CUE_SOURCE: {(0, 0): -1.0}})
    assert linked.evidence[1] == pytest.approx(1 - share({0: -1.0}, 0))
    (linked,) = read("q.c", {CONTENT_CUE: {(0, 0): 2.0}})
    assert linked.evidence[1] == 1.0


@given(st.lists(st.lists(st.floats(-20, 20, width=32), min_size=7, max_size=7), min_size=6, max_size=6))
def test_likelihoods_are_probabilities(rows: list[list[float]]) -> None:
    likely = Likelihood(np.array(rows, np.float32))
    figures = [*likely.content(((0, 2), (4, 6))), likely.cue((2, 4))]
    assert all(-1e-4 <= figure <= 1 + 1e-4 for figure in figures)


def test_the_likelihood_of_spans_as_they_were_tagged() -> None:
    likely = Likelihood(tagged("qqq.cc.qq"))
    assert likely.content(((0, 3), (7, 9))) == pytest.approx((1, 1, 1), abs=1e-6)
    assert likely.cue((4, 6)) == pytest.approx(1, abs=1e-6)
    assert likely.content(((0, 2),))[2] == pytest.approx(0, abs=1e-6)  # the content would not end there
    assert likely.content(((1, 3),))[1] == pytest.approx(0, abs=1e-6)  # the content began before
    assert likely.content(((0, 6),))[0] == pytest.approx(0.5, abs=1e-6)
    assert likely.content(((0, 3), (4, 6)))[0] == pytest.approx(0, abs=1e-6)  # the least likely part


def test_a_part_at_the_texts_end_ends_for_certain() -> None:
    assert Likelihood(tagged("c.qq")).content(((2, 4),))[2] == 1


def test_the_linker_adds_vectors_and_features() -> None:
    link_weights = weights()
    left, right = 2 * CUE_SOURCE, 2 * CUE_SOURCE + 1
    link_weights.matrix[0, left * WIDTH] = 1.0  # the first span's state counts for the first number
    link_weights.bias[right * WIDTH] = 0.5
    link_weights.features[CUE_SOURCE, BANDS, 0] = 2.0  # right after it
    link_weights.features[CUE_SOURCE, 0, 0] = -9.0  # right before it
    link_weights.scores[CUE_SOURCE, 0] = 10.0
    link_weights.score_biases[CUE_SOURCE] = -1.0
    state = np.zeros((10, STATE), np.float32)
    state[4, 0], state[5, 0] = 1.0, 3.0
    link = Linker(evenly_spaced(10), state, link_weights)
    (scores,) = link.scores(CUE_SOURCE, [(4, 6)], [(2, 4), (6, 7)])
    # the mean of 1 and 3, the bias 0.5, the feature; nothing below zero passes
    assert scores == {0: pytest.approx(-1.0), 1: pytest.approx(10 * (2 + 0.5 + 2) - 1)}
    assert link.scores(CONTENT_CUE, [(4, 6)], [(6, 7)]) == [{0: 0.0}]
    assert link.scores(CONTENT_CUE, [(4, 6)], []) == [{}]
    assert link.scores(CONTENT_CUE, [], [(4, 6)]) == []
