"""The confidence of an attribution: the share of attributions like it that an annotator marked too.

The network's own probabilities are too high. So those of the tags and those of the links go through a logistic
regression, which was fitted on articles that the network was not trained on (`training.calibrate`). "Right" means the
same as in `onrecord eval`: half of the content agrees, and the source agrees.
"""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import exp, log

from worker.extract.quotation import Kind

STEEPEST = 6.0
"""At most this many log-odds, up or down, count: beyond, the network's figures mean nothing."""


def odds(probability: float) -> float:
    """Return the log-odds of a probability, cut off at `STEEPEST`."""
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return min(max(log(bounded / (1 - bounded)), -STEEPEST), STEEPEST)


def row(evidence: Sequence[float], kind: Kind) -> list[float]:
    """Return the row that the regression reads: the log-odds of the evidence, the kind, and the constant 1."""
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
