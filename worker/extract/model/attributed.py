"""From spans to attributions: each content goes to its cue, each cue to its source."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worker.extract.model.links import pairs
from worker.extract.model.pieces import Numbers, Pieces
from worker.extract.model.spans import Scores, best_tags, log_probabilities, spans
from worker.extract.quotation import Span

CONTENT_CUE, CUE_SOURCE, CONTENT_SOURCE = range(3)
NONE = 0.0
"""The score of "no cue" and "no source"; the network learnt the others against it."""
WIDTH = 96
"""Numbers in a span's vector for one link."""


@dataclass(frozen=True, slots=True)
class LinkWeights:
    """The matrix that makes span vectors of the network's state; for each link a feature table and the scorer."""

    matrix: NDArray[np.float32]
    bias: NDArray[np.float32]
    features: NDArray[np.float32]
    scores: NDArray[np.float32]
    score_biases: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Attribution:
    """One cue with its contents and its source, as pieces.

    `evidence` are probabilities: of the weakest link to the cue, of the source, of the least likely content and of its
    begin and end, of the cue.
    """

    contents: tuple[Span, ...]
    cue: Span
    source: Span | None
    evidence: tuple[float, ...]


def attributions(tags: Scores, link: "Linker") -> list[Attribution]:
    """Every attribution, by the start of its cue. `tags` [pieces, 7]."""
    sources, cues, contents = spans(best_tags(tags), 3)
    likely = Likelihood(tags)
    to_cue = link.scores(CONTENT_CUE, contents, cues)
    to_source = link.scores(CUE_SOURCE, cues, sources)
    said_by = link.scores(CONTENT_SOURCE, contents, sources)
    held: dict[int, list[int]] = defaultdict(list)
    worth: dict[int, list[float]] = defaultdict(list)
    for content in range(len(contents)):
        options = to_cue[content]
        best = max(options, key=lambda cue: (options[cue], -cue), default=None)
        if best is not None and options[best] > NONE:
            held[best].append(content)
            worth[best].append(share(options, best))
    made = []
    for cue in sorted(held):
        options = dict(to_source[cue])
        for content in held[cue]:
            for source, score in said_by[content].items():
                options[source] = options.get(source, 0.0) + score / len(held[cue])
        best = max(options, key=lambda source: (options[source], -source), default=None)
        if best is not None and options[best] <= NONE:
            best = None
        named = share(options, best) if best is not None else 1 - max((share(options, n) for n in options), default=0.0)
        parts = tuple(contents[each] for each in held[cue])
        evidence = (min(worth[cue]), named, *likely.content(parts), likely.cue(cues[cue]))
        made.append(Attribution(parts, cues[cue], None if best is None else sources[best], evidence))
    return made


class Likelihood:
    """What the tags' probabilities say of spans."""

    def __init__(self, tags: Scores) -> None:
        self.tags = np.exp(log_probabilities(tags))

    def content(self, parts: tuple[Span, ...]) -> tuple[float, float, float]:
        """Of the least likely part: the pieces' mean, the begin, the end."""
        inner = min(float(self.tags[first:last, 5:7].sum(1).mean()) for first, last in parts)
        begin = min(float(self.tags[first, 5]) for first, _ in parts)
        after = [float(self.tags[last, 6]) if last < len(self.tags) else 0.0 for _, last in parts]
        return inner, begin, 1 - max(after)

    def cue(self, span: Span) -> float:
        """The pieces' mean."""
        return float(self.tags[span[0] : span[1], 3:5].sum(1).mean())


def share(options: dict[int, float], best: int) -> float:
    """The probability of one option against the others and none, whose score is 0."""
    top = max(0.0, *options.values())
    total = np.exp(-top) + sum(np.exp(score - top) for score in options.values())
    return float(np.exp(options[best] - top) / total)


class Linker:
    """The link scorer over one article. `state` [pieces, 384]."""

    def __init__(self, found: Pieces, state: Scores, weights: LinkWeights) -> None:
        self.found = found
        self.state = state
        self.weights = weights

    def scores(self, number: int, lefts: list[Span], rights: list[Span]) -> list[dict[int, float]]:
        """For each left span the score of each right one that is near enough."""
        result: list[dict[int, float]] = [{} for _ in lefts]
        kept, rows = pairs(self.found, lefts, rights)
        if not len(kept):
            return result
        left = self.vectors(lefts, 2 * number)[kept[:, 0]]
        right = self.vectors(rights, 2 * number + 1)[kept[:, 1]]
        total = np.maximum(left + right + self.weights.features[number][rows].sum(1), 0.0)
        values = total @ self.weights.scores[number] + self.weights.score_biases[number]
        for (one, other), value in zip(kept.tolist(), values.tolist(), strict=True):
            result[one][other] = value
        return result

    def vectors(self, chosen: list[Span], role: int) -> Scores:
        """The vectors of spans in one role: from the middle of their first and last piece's state."""
        edges: Numbers = np.array(chosen, np.int32)
        middle = (self.state[edges[:, 0]] + self.state[edges[:, 1] - 1]) / 2
        columns = slice(role * WIDTH, (role + 1) * WIDTH)
        return np.asarray(middle @ self.weights.matrix[:, columns] + self.weights.bias[columns], np.float32)
