"""Certainty: a number between 0 and 1 that is computed from evidence and kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.extract.model.certainty import STEEPEST, certainty, odds, row, weights
from worker.extract.quotation import Kind

EVIDENCE = st.lists(st.floats(-1e-6, 1 + 1e-6), min_size=6, max_size=6)


@given(EVIDENCE, st.sampled_from(Kind))
def test_certainty_is_a_share(evidence: list[float], kind: Kind) -> None:
    assert 0 < certainty(evidence, kind) < 1


def test_there_is_a_weight_for_each_entry_of_a_row() -> None:
    assert len(weights()) == len(row([0.5] * 6, Kind.DIRECT))


def test_sure_evidence_is_worth_more_than_unsure() -> None:
    for kind in Kind:
        assert certainty([1.0] * 6, kind) > certainty([0.3] * 6, kind)


@given(st.floats(0, 1), st.floats(0, 1))
def test_odds_rise_and_are_cut_off(lower: float, higher: float) -> None:
    assert -STEEPEST <= odds(lower) <= STEEPEST
    if lower < higher:
        assert odds(lower) <= odds(higher)


def test_odds() -> None:
    assert odds(0.5) == 0
    assert odds(0.75) == pytest.approx(1.0986, abs=1e-4)
    assert odds(0) == -STEEPEST
    assert odds(1) == STEEPEST


def test_a_row_tells_the_kinds_apart() -> None:
    assert [row([0.5], kind) for kind in (Kind.DIRECT, Kind.MIXED, Kind.INDIRECT)] == [
        *[[0, 1, 0, 1], [0, 0, 1, 1], [0, 0, 0, 1]]
    ]
