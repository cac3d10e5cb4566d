"""The fit of the confidence to gold, and gold of which people looked at some quotations only."""

import numpy as np
import pytest

from tests.unit.evaluation.annotating import at, marked, predicted
from worker.evaluation.calibration import (
    LEAST,
    Samples,
    TooLittle,
    confidences,
    demand_enough,
    fit,
    loss,
    loss_left_out,
)
from worker.evaluation.comparison import Comparison, compare
from worker.evaluation.gold import GoldArticle, GoldQuotation, Who
from worker.evaluation.prediction import PredictedQuotation, Prediction
from worker.extract.model.certainty import Fitted, elsewhere, fitted

TEXT = "“We go on,” said Ada Lamb, “as the council told us to wait,” and Ben Cole called it a long delay."
OUTER, INNER, DELAY = "We go on", "wait", "a long delay"


def drawn(count: int, weights: tuple[float, ...], seed: int = 5) -> Samples:
    """Return samples whose quotations are right as often as a fit with these weights says."""
    chance = np.random.default_rng(seed)
    rows = np.column_stack([chance.normal(0, 2, (count, len(weights) - 1)), np.ones(count)])
    share, _ = confidences(rows @ np.array(weights), 3.0)
    return Samples(rows, (chance.random(count) < share).astype(float), np.arange(count) % 20)


def test_confidences_are_those_that_are_stored_and_slopes_are_theirs() -> None:
    log_odds = np.linspace(-5, 5, 41)
    share, slope = confidences(log_odds, 3.0)
    assert share == pytest.approx([elsewhere(1 / (1 + np.exp(-value)), 3.0) for value in log_odds])
    above, below = (confidences(log_odds + step, 3.0)[0] for step in (1e-5, -1e-5))
    middle = np.abs(log_odds) > 0.1  # at one half the slope jumps
    assert slope[middle] == pytest.approx((above - below)[middle] / 2e-5, rel=1e-4)


def test_a_fit_comes_near_what_is_true_here_and_few_samples_move_it_less() -> None:
    start = fitted()
    here = (*start.weights[:-1], start.weights[-1] - 2)  # here much less is right
    few, many = (fit(drawn(count, here), start) for count in (30, 3000))
    moved = [start.weights[-1] - each.weights[-1] for each in (few, many)]
    assert moved[1] == pytest.approx(2, abs=0.4)
    assert 0 < moved[0] < moved[1]
    samples = drawn(400, here)
    assert loss_left_out(samples, start) < loss(samples, start)
    assert loss_left_out(drawn(400, start.weights), start) > loss(drawn(400, start.weights), start) - 0.02


@pytest.mark.parametrize("right", [0, 14, LEAST - 14, LEAST])
def test_too_little_of_one_kind_makes_no_fit(right: int) -> None:
    values = np.array([1.0] * right + [0.0] * (LEAST - right))
    with pytest.raises(TooLittle, match=f"{right} right and {LEAST - right} wrong"):
        demand_enough(Samples(np.ones((LEAST, 11)), values, np.arange(LEAST)))


def partial(
    gold: list[GoldQuotation],
    stored: list[PredictedQuotation],
    rejected: list[GoldQuotation] | None = None,
    unjudged: list[GoldQuotation] | None = None,
) -> Comparison:
    article = GoldArticle(
        doc="one", text=TEXT, quotes=gold, partial=True, rejected=rejected or (), unjudged=unjudged or ()
    )
    return compare(article, Prediction(doc="one", quotes=tuple(stored)))


def counts(comparison: Comparison) -> tuple[int, int, int, int]:
    view = comparison.all
    return len(view.gold), len(view.stored), len(view.pairs), view.right


def test_of_partial_gold_only_what_people_looked_at_counts() -> None:
    both = (OUTER, "as the council told us to wait")
    stored = [
        predicted(TEXT, both, "Ada Lamb"),
        predicted(TEXT, "told us to wait", "the council"),  # inside another, and nobody looked at it
        predicted(TEXT, DELAY, "Ben Cole"),
    ]
    inside = marked(TEXT, "told us to wait", "the council")
    assert counts(partial([marked(TEXT, both, "Ada Lamb")], stored, unjudged=[inside])) == (1, 1, 1, 1)
    # What people rejected, and the extractor reads all the same, is wrong.
    assert counts(partial([marked(TEXT, both, "Ada Lamb")], stored, [marked(TEXT, DELAY)], [inside])) == (1, 2, 1, 1)
    assert counts(partial([], stored, [marked(TEXT, DELAY)])) == (0, 1, 0, 0)
    # A boundary that people moved far is wrong, and no new quotation.
    assert counts(partial([marked(TEXT, OUTER, "Ada Lamb")], stored[:1])) == (1, 1, 0, 0)


def test_a_speaker_whom_people_named_counts_by_name() -> None:
    def right(stored: str | None, gold: str | None, who: Who = Who.NAME) -> int:
        quotation = GoldQuotation(content=at(TEXT, OUTER), source=(), speaker=gold, who=who)
        return partial([quotation], [predicted(TEXT, OUTER, "Ben Cole", speaker=stored)]).all.right

    assert right("Ada Lamb", "Ms Ada Lamb") == 1
    assert right("Ben Cole", "Ada Lamb") == 0
    assert right("Ben Cole & Ada Lamb", "Ada Lamb") == 1
    assert right(None, "Ada Lamb") == 0
    assert (right(None, None), right("Ben Cole", None)) == (1, 0)
    assert right("Ben Cole", None, Who.UNKNOWN) == 1


def test_a_digest_tells_fits_apart() -> None:
    one, other = Fitted((1.0, 2.0), 3.0), Fitted((1.0, 2.0001), 3.0)
    assert one.digest == Fitted((1.0, 2.0), 3.0).digest != other.digest
