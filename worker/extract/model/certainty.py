"""How sure the trained reader is of an attribution: the share of such ones that an annotator marked too.

What the network says of itself is too sure. So its probabilities - of the tags that make the content and the cue, and
of the links - go through a logistic regression that was fitted on articles it had not been trained on
(`training.calibrate`); the sum for "right" is the one of `onrecord eval`: content agrees by half, source agrees.
"""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import exp, log

from worker.extract.quotation import Kind

STEEPEST = 6.0
"""Log-odds are cut off here: beyond, the network's figures mean nothing."""


def odds(probability: float) -> float:
    """Log-odds of a probability, cut off."""
    kept = min(max(probability, 1e-4), 1 - 1e-4)
    return min(max(log(kept / (1 - kept)), -STEEPEST), STEEPEST)


def row(evidence: Sequence[float], kind: Kind) -> list[float]:
    """What the regression sees: log-odds of the evidence, the kind, and one."""
    return [*map(odds, evidence), float(kind is Kind.DIRECT), float(kind is Kind.MIXED), 1.0]


def certainty(evidence: Sequence[float], kind: Kind) -> float:
    """In [0, 1]."""
    total = sum(weight * value for weight, value in zip(weights(), row(evidence, kind), strict=True))
    return 1 / (1 + exp(-total))


@cache
def weights() -> tuple[float, ...]:
    """The fitted numbers, one for each entry of a row."""
    held = json.loads((files("worker.extract.model") / "certainty.json").read_text(encoding="utf-8"))
    return tuple(held["weights"])
