"""Certainty: a number between 0 and 1 that is computed from evidence, kind, cue and content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.extract.model.certainty import STEEPEST, certainty, elsewhere, fitted, odds, row, says
from worker.extract.quotation import Kind

EVIDENCE = st.lists(st.floats(-1e-6, 1 + 1e-6), min_size=6, max_size=6)


@given(EVIDENCE, st.sampled_from(Kind), st.none() | st.text(), st.text())
def test_certainty_is_a_share(evidence: list[float], kind: Kind, cue: str | None, content: str) -> None:
    assert 0 < certainty(evidence, kind, cue, content) < 1


def test_there_is_a_weight_for_each_entry_of_a_row() -> None:
    assert len(fitted().weights) == len(row([0.5] * 6, Kind.DIRECT, "said", "so"))


def test_sure_evidence_is_worth_more_than_unsure() -> None:
    for kind in Kind:
        assert certainty([1.0] * 6, kind, "said", "so") > certainty([0.3] * 6, kind, "said", "so")


def test_a_verb_of_saying_and_more_words_are_worth_more() -> None:
    evidence = [0.9] * 6
    assert certainty(evidence, Kind.INDIRECT, "said", "so") > certainty(evidence, Kind.INDIRECT, "planned", "so")
    assert certainty(evidence, Kind.INDIRECT, "said", "that it rains") > certainty(
        evidence, Kind.INDIRECT, "said", "so"
    )


@pytest.mark.parametrize("cue", ["said", "would not say", "told reporters", "According to", "has said in a statement"])
def test_verbs_of_saying(cue: str) -> None:
    assert says(cue)


@pytest.mark.parametrize("cue", ["planned", ":", "", "called", "hopes", "is expected to"])
def test_other_cues(cue: str) -> None:
    assert not says(cue)


@given(st.floats(0, 1), st.floats(0, 1))
def test_odds_rise_and_are_cut_off(lower: float, higher: float) -> None:
    assert -STEEPEST <= odds(lower) <= STEEPEST
    if lower < higher:
        assert odds(lower) <= odds(higher)


@given(st.floats(0, 1), st.floats(0, 1))
def test_elsewhere_keeps_the_order_and_the_middle(lower: float, higher: float) -> None:
    if lower > higher:
        lower, higher = higher, lower
    assert 0 <= elsewhere(lower, 4) <= elsewhere(higher, 4) <= 1
    assert (elsewhere(lower, 4) < 0.5) == (lower < 0.5)


def test_elsewhere_more_is_wrong() -> None:
    assert elsewhere(0.99, 4) == pytest.approx(1 - 0.04 / 1.06)
    assert elsewhere(0.7, 1) == pytest.approx(0.7)
    assert elsewhere(0.3, 4) == 0.3


def test_odds() -> None:
    assert odds(0.5) == 0
    assert odds(0.75) == pytest.approx(1.0986, abs=1e-4)
    assert odds(0) == -STEEPEST
    assert odds(1) == STEEPEST


def test_a_row_tells_the_kinds_the_cues_and_the_lengths_apart() -> None:
    assert [row([0.5], kind, None, "so") for kind in (Kind.DIRECT, Kind.MIXED, Kind.INDIRECT)] == [
        *[[0, 1, 0, 0, 0, 1], [0, 0, 1, 0, 0, 1], [0, 0, 0, 0, 0, 1]]
    ]
    assert row([0.5], Kind.INDIRECT, "said", "a b")[3:] == [1, pytest.approx(0.6931, abs=1e-4), 1]
