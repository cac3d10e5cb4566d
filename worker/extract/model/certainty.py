"""The confidence of an attribution: which share of similar attributions an annotator also marked.

The network's own probabilities are too high. So a logistic regression computes the confidence from the probabilities of
the tags and of the links, from the kind, the cue, and the length of the content. It was fitted on articles that the
network was not trained on (`training.calibrate`). An attribution is right under the same condition as in `onrecord
eval`: half of the content agrees, and the source agrees.

On texts of other publishers, more of what looks sure is wrong. There `elsewhere` lowers the confidence.

A house may use a fit of its own, which `onrecord calibrate` makes of what people decided there (`own_fit`).
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from math import exp, log

from worker.extract.quotation import Kind
from worker.extract.rules.verbs import CLAUSE, LEXICON, QUOTE

STEEPEST = 6.0
"""At most this many log-odds count, positive or negative. Beyond that the network's probabilities mean nothing."""
LONG = 8
"""A content of this many words is as sure as a longer one."""
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

Confide = Callable[[Sequence[float], Kind, str | None, str], float]
"""Returns the confidence of an attribution, in [0, 1], from `LinkedSpans.evidence`, its kind, cue and content."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was fitted: a weight for each entry of a row, and how many times as often sure ones are wrong elsewhere."""

    weights: tuple[float, ...]
    errors_elsewhere: float

    def certainty(self, evidence: Sequence[float], kind: Kind, cue: str | None, content: str) -> float:
        """Return the confidence that this fit gives an attribution; see `Confide`."""
        values = row(evidence, kind, cue, content)
        total = sum(weight * value for weight, value in zip(self.weights, values, strict=True))
        return elsewhere(1 / (1 + exp(-total)), self.errors_elsewhere)

    @property
    def digest(self) -> str:
        """The SHA-256 of the fit, in hexadecimal digits."""
        return sha256(json.dumps([self.weights, self.errors_elsewhere]).encode()).hexdigest()


def odds(probability: float) -> float:
    """Return the log-odds of a probability, limited to `STEEPEST` in both directions."""
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return min(max(log(bounded / (1 - bounded)), -STEEPEST), STEEPEST)


def says(cue: str) -> bool:
    """True if the last verb of a cue that we know can report words as well as a clause, or if it is "according to"."""
    words = [word.lower().replace("’", "'") for word in WORD.findall(cue)]
    if words[:1] == ["according"]:
        return True
    verb = next((LEXICON[word] for word in reversed(words) if word in LEXICON), None)
    return verb is not None and QUOTE in verb.governs and CLAUSE in verb.governs


def row(evidence: Sequence[float], kind: Kind, cue: str | None, content: str) -> list[float]:
    """Return the input row of the regression.

    It has the log-odds of the evidence, the kind, whether the cue is a verb of saying, the logarithm of the content's
    number of words, and the constant 1.
    """
    words = min(max(len(content.split()), 1), LONG)
    said = cue is not None and says(cue)
    return [*map(odds, evidence), float(kind is Kind.DIRECT), float(kind is Kind.MIXED), float(said), log(words), 1.0]


def elsewhere(confidence: float, errors: float) -> float:
    """Return the confidence on texts of other publishers, where sure attributions are wrong `errors` times as often.

    The share of errors e becomes errors · e / (1 + (2 · errors - 2) · e): near 0 it is multiplied, and one half stays
    one half. So the order of the attributions, and which of them are below one half, does not change.
    """
    if confidence <= 0.5:
        return confidence
    wrong = 1 - confidence
    return 1 - errors * wrong / (1 + (2 * errors - 2) * wrong)


def certainty(evidence: Sequence[float], kind: Kind, cue: str | None, content: str) -> float:
    """Return the confidence that the fit beside the model gives an attribution; see `Confide`."""
    return fitted().certainty(evidence, kind, cue, content)


@cache
def fitted() -> Fitted:
    """Return what was fitted, from the file beside the model."""
    stored = json.loads((files("worker.extract.model") / "certainty.json").read_text(encoding="utf-8"))
    return Fitted(tuple(stored["weights"]), float(stored["errors_elsewhere"]))
