"""The confidence of an attribution: which share of similar attributions an annotator also marked.

The network's own probabilities are too high. So a logistic regression computes the confidence from the probabilities of
the tags and of the links. It was fitted on articles that the network was not trained on (`training.calibrate`). An
attribution is right under the same condition as in `onrecord eval`: half of the content agrees, and the source agrees.
"""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import exp, log

from worker.extract.quotation import Kind

STEEPEST = 6.0
"""At most this many log-odds count, positive or negative. Beyond that the network's probabilities mean nothing."""


def odds(probability: float) -> float:
    """Return the log-odds of a probability, limited to `STEEPEST` in both directions."""
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return min(max(log(bounded / (1 - bounded)), -STEEPEST), STEEPEST)


def row(evidence: Sequence[float], kind: Kind) -> list[float]:
    """Return the input row of the regression: the log-odds of the evidence, the kind, and the constant 1."""
    return [*map(odds, evidence), float(kind is Kind.DIRECT), float(kind is Kind.MIXED), 1.0]


def certainty(evidence: Sequence[float], kind: Kind) -> float:
    """Return the confidence of an attribution, in [0, 1], from `LinkedSpans.evidence` and its kind."""
    total = sum(weight * value for weight, value in zip(weights(), row(evidence, kind), strict=True))
    return 1 / (1 + exp(-total))


@cache
def weights() -> tuple[float, ...]:
    """Return the fitted weights, one for each entry of a row."""
    stored = json.loads((files("worker.extract.model") / "certainty.json").read_text(encoding="utf-8"))
    return tuple(stored["weights"])
