"""Joins spans into attributions: links each content (the reported words) to its cue, and each cue to its source."""

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
"""The score of "no cue" and of "no source". In training, all other scores were compared with it."""
WIDTH = 96
"""The length of the vector that a span has for one kind of link."""


@dataclass(frozen=True, slots=True)
class LinkWeights:
    """The weights that score links.

    A matrix turns the network's state into vectors of spans. Each kind of link has a table of features and a scorer.
    """

    matrix: NDArray[np.float32]
    bias: NDArray[np.float32]
    features: NDArray[np.float32]
    scores: NDArray[np.float32]
    score_biases: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LinkedSpans:
    """One attribution: a cue with its contents and its source, as spans of pieces.

    `evidence` holds six probabilities, in this order: the weakest link of a content to the cue; the choice of the
    source; the pieces of the least likely content; the least likely beginning of a content; the least likely end of a
    content; the cue.
    """

    contents: tuple[Span, ...]
    cue: Span
    source: Span | None
    evidence: tuple[float, ...]


def attributions(tags: Scores, link: "Linker") -> list[LinkedSpans]:
    """Return every attribution, in the order of the cues. `tags` [pieces, 7] holds the scores of the tags."""
    sources, cues, contents = spans(best_tags(tags), 3)
    likely = Likelihood(tags)
    to_cue = link.scores(CONTENT_CUE, contents, cues)
    to_source = link.scores(CUE_SOURCE, cues, sources)
    content_to_source = link.scores(CONTENT_SOURCE, contents, sources)
    contents_of: dict[int, list[int]] = defaultdict(list)
    shares_of: dict[int, list[float]] = defaultdict(list)
    for content in range(len(contents)):
        options = to_cue[content]
        best = max(options, key=lambda cue: (options[cue], -cue), default=None)
        if best is not None and options[best] > NONE:
            contents_of[best].append(content)
            shares_of[best].append(share(options, best))
    linked = []
    for cue in sorted(contents_of):
        options = dict(to_source[cue])
        for content in contents_of[cue]:
            for source, score in content_to_source[content].items():
                options[source] = options.get(source, 0.0) + score / len(contents_of[cue])
        best = max(options, key=lambda source: (options[source], -source), default=None)
        if best is not None and options[best] <= NONE:
            best = None
        if best is not None:
            source_share = share(options, best)
        else:
            source_share = 1 - (share(options, max(options, key=lambda source: options[source])) if options else 0.0)
        spans_of_cue = tuple(contents[content] for content in contents_of[cue])
        evidence = (min(shares_of[cue]), source_share, *likely.content(spans_of_cue), likely.cue(cues[cue]))
        linked.append(LinkedSpans(spans_of_cue, cues[cue], None if best is None else sources[best], evidence))
    return linked


class Likelihood:
    """How likely the tags of a span are."""

    def __init__(self, tags: Scores) -> None:
        tags = np.exp(log_probabilities(tags))
        self.begins, self.continues = tags[:, 5].tolist(), tags[:, 6].tolist()
        self.in_content, self.in_cue = tags[:, 5:7].sum(1), tags[:, 3:5].sum(1)

    def content(self, contents: tuple[Span, ...]) -> tuple[float, float, float]:
        """Return three probabilities, each the lowest of all contents: mean of the pieces, beginning, end."""
        inner = min(mean(self.in_content[first:last]) for first, last in contents)
        begin = min(self.begins[first] for first, _ in contents)
        after = [self.continues[last] if last < len(self.continues) else 0.0 for _, last in contents]
        return inner, begin, 1 - max(after)

    def cue(self, span: Span) -> float:
        """Return the mean probability of the cue's pieces."""
        return mean(self.in_cue[span[0] : span[1]])


def mean(probabilities: Scores) -> float:
    """Return the mean. This is quicker than the method of arrays, which asks for the kind of its numbers each time."""
    return float(np.add.reduce(probabilities) / np.float32(len(probabilities)))


def share(options: dict[int, float], best: int) -> float:
    """Return the probability of the option `best`, among all options and "none", which has the score 0."""
    top = max(0.0, *options.values())
    total = np.exp(-top) + sum(np.exp(score - top) for score in options.values())
    return float(np.exp(options[best] - top) / total)


class Linker:
    """Scores the links of one article. `state` [pieces, 384] is the network's output for each piece."""

    def __init__(self, pieces: Pieces, state: Scores, weights: LinkWeights) -> None:
        self.pieces = pieces
        self.state = state
        self.weights = weights

    def scores(self, number: int, lefts: list[Span], rights: list[Span]) -> list[dict[int, float]]:
        """Return for each left span the scores of all right spans that are near enough, by the right span's number."""
        scores: list[dict[int, float]] = [{} for _ in lefts]
        near, features = pairs(self.pieces, lefts, rights)
        if not len(near):
            return scores
        left = self.vectors(lefts, 2 * number)[near[:, 0]]
        right = self.vectors(rights, 2 * number + 1)[near[:, 1]]
        total = np.maximum(left + right + self.weights.features[number][features].sum(1), 0.0)
        values = total @ self.weights.scores[number] + self.weights.score_biases[number]
        for (left_number, right_number), value in zip(near.tolist(), values.tolist(), strict=True):
            scores[left_number][right_number] = value
        return scores

    def vectors(self, linked: list[Span], role: int) -> Scores:
        """Return the vectors of spans in one role, from the mean of the states of their first and last piece."""
        edges: Numbers = np.array(linked, np.int32)
        middle = (self.state[edges[:, 0]] + self.state[edges[:, 1] - 1]) / 2
        columns = slice(role * WIDTH, (role + 1) * WIDTH)
        return np.asarray(middle @ self.weights.matrix[:, columns] + self.weights.bias[columns], np.float32)
