"""Fits the confidence to gold: which evidence of the network goes with quotations that are right.

Partial gold, such as what `onrecord export gold` writes, is enough: only quotations that people looked at count. A few
hundred of them cannot outweigh what the model's own fit knows from thousands, so the fit starts there, and a penalty
(`STIFFNESS`) holds it back: the fewer quotations there are, the less it moves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worker.evaluation.comparison import compare
from worker.evaluation.gold import GoldArticle
from worker.evaluation.predict import predict
from worker.extract.model.certainty import Fitted, row
from worker.extract.quotation import Kind

Numbers = NDArray[np.float64]

LEAST = 60
"""So many quotations that people looked at are needed for a fit, about six for each weight."""
LEAST_OF_EACH = 15
"""So many of them must be right, and so many wrong."""
LEAST_ARTICLES = 5
STIFFNESS = 10.0
"""The penalty on the square of how far a weight is from the model's; on the constant, `EASE`.

Ten quotations of which nothing is known weigh about as much as this on a weight of a log-odds of 2."""
EASE = 1.0
STEPS = 50


class TooLittle(ValueError):
    """There is not enough gold for a fit; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Samples:
    """The rows of the regression, whether each quotation is right (1.0 or 0.0), and the number of its article."""

    rows: Numbers
    right: Numbers
    articles: NDArray[np.int64]

    def where(self, chosen: NDArray[np.bool_]) -> "Samples":
        """Return the samples for which `chosen` is true."""
        return Samples(self.rows[chosen], self.right[chosen], self.articles[chosen])


def samples_of(article: GoldArticle) -> tuple[list[list[float]], list[bool]]:
    """Return the evidence of each quotation that the network finds in an article, and whether it is right.

    Right means the same as in the reliability table of `onrecord eval`. In partial gold, quotations that nobody looked
    at are left out.
    """
    rows: list[list[float]] = []

    def record(evidence: Sequence[float], kind: Kind, cue: str | None, content: str) -> float:
        rows.append(row(evidence, kind, cue, content))
        return len(rows) / 1e6  # the confidence carries the number of the row through the extractor

    comparison = compare(article, predict(article, record))
    good = {id(pair.stored) for pair in comparison.all.pairs if pair.who}
    numbered = [
        (round((stored.quote.confidence or 0) * 1e6) - 1, id(stored) in good) for stored in comparison.all.stored
    ]
    kept = [(number, is_right) for number, is_right in sorted(numbered) if 0 <= number < len(rows)]
    return [rows[number] for number, _ in kept], [is_right for _, is_right in kept]


def together(found: Sequence[tuple[list[list[float]], list[bool]]]) -> Samples:
    """Return the samples of several articles as one."""
    rows = [values for values_of_article, _ in found for values in values_of_article]
    right = [float(is_right) for _, of_article in found for is_right in of_article]
    numbers = [number for number, (values, _) in enumerate(found) for _ in values]
    return Samples(np.array(rows, float).reshape(len(rows), -1), np.array(right, float), np.array(numbers, np.int64))


def demand_enough(samples: Samples) -> None:
    """Raise `TooLittle` if the samples do not suffice for a fit."""
    count, right = len(samples.right), int(samples.right.sum())
    articles = len(set(samples.articles.tolist()))
    if count >= LEAST and min(right, count - right) >= LEAST_OF_EACH and articles >= LEAST_ARTICLES:
        return
    raise TooLittle(
        f"A fit needs {LEAST} quotations that people looked at, at least {LEAST_OF_EACH} of them right and"
        f" {LEAST_OF_EACH} wrong, in {LEAST_ARTICLES} articles; here are {count}, {right} right and {count - right}"
        f" wrong, in {articles}. Accept right quotations, too: a fit from wrong ones alone would know only those."
    )


def fit(samples: Samples, start: Fitted) -> Fitted:
    """Return the fit whose weights explain the samples best, and are near those of `start` (Fisher scoring).

    The likelihood is that of the confidence as it is stored, with `errors_elsewhere` of `start`.
    """
    first = np.array(start.weights)
    stiffness = np.full(len(first), STIFFNESS)
    stiffness[-1] = EASE
    weights = first.copy()
    for _ in range(STEPS):
        share, slope = confidences(samples.rows @ weights, start.errors_elsewhere)
        information = slope**2 / (share * (1 - share))
        gradient = samples.rows.T @ (slope * (samples.right - share) / (share * (1 - share)))
        gradient -= stiffness * (weights - first)
        step = np.linalg.solve((samples.rows.T * information) @ samples.rows + np.diag(stiffness), gradient)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return Fitted(tuple(round(float(weight), 4) for weight in weights), start.errors_elsewhere)


def confidences(log_odds: Numbers, errors: float) -> tuple[Numbers, Numbers]:
    """Return the confidences of log-odds, as `certainty.elsewhere` lowers them, and their slopes."""
    share = np.clip(1 / (1 + np.exp(-log_odds)), 1e-6, 1 - 1e-6)
    wrong = 1 - share
    below = 1 + (2 * errors - 2) * wrong
    sure = share > 0.5
    return np.where(sure, 1 - errors * wrong / below, share), share * wrong * np.where(sure, errors / below**2, 1)


def loss(samples: Samples, fitted: Fitted) -> float:
    """Return the mean log loss of a fit's confidences in nats: 0 is perfect, 0.69 is a coin."""
    share, _ = confidences(samples.rows @ np.array(fitted.weights), fitted.errors_elsewhere)
    return float(-np.mean(np.where(samples.right > 0, np.log(share), np.log(1 - share))))


def loss_left_out(samples: Samples, start: Fitted, folds: int = 5) -> float:
    """Return the mean log loss of fits on four fifths of the articles, each on the fifth that it has not seen."""
    total = 0.0
    for fold in range(folds):
        out = samples.articles % folds == fold
        if out.any() and not out.all():
            total += loss(samples.where(out), fit(samples.where(~out), start)) * int(out.sum())
    return total / len(samples.right)
