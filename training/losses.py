"""The losses that training minimises: for tags, for entities and for links."""

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from training.batches import Batch, Row
from training.corpus import NOTHING
from training.network import LINK, ROLES, Reader
from worker.extract.model.links import pairs
from worker.extract.model.spans import spans
from worker.extract.quotation import Span

FAR = -1e4
"""The score of a cell of the table that belongs to no pair."""


def tag_loss(scores: Tensor, labels: Tensor, smoothing: float = 0.0) -> Tensor:
    """Return the cross entropy over the pieces that have a label."""
    return functional.cross_entropy(
        scores.reshape(-1, scores.shape[-1]), labels.reshape(-1), ignore_index=NOTHING, label_smoothing=smoothing
    )


@dataclass(slots=True)
class Choices:
    """The pairs of one kind of link in a batch.

    `left` and `right` are the first and last piece of each span, as indexes into the flattened batch. A place is the
    number of the left span, and the number of the pair among the pairs of that left span. `targets` holds for each left
    span the number of its correct pair; -1 if the left span has no link.
    """

    left: list[tuple[int, int]] = field(default_factory=list)
    right: list[tuple[int, int]] = field(default_factory=list)
    features: list[list[int]] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)


def link_loss(network: Reader, rows: Batch, tags: Tensor, state: Tensor) -> Tensor:
    """Return the sum of the cross entropies of the three kinds of links.

    For each left span the network chooses one right span or no span. Articles without labels have no say.
    """
    guesses = tags.detach().argmax(-1)
    length = rows.ids.shape[1]
    choices = [Choices(), Choices(), Choices()]
    for number, row in enumerate(rows.rows):
        if not row.article.labelled:
            continue
        collect(choices, row, number * length, guesses[number, row.at].tolist())
    flat = network.links(state).reshape(-1, ROLES, LINK)
    total = state.new_zeros(())
    for number, pairs_of_link in enumerate(choices):
        if pairs_of_link.places:
            total = total + choice_loss(network, number, pairs_of_link, flat)
    return total


def choice_loss(network: Reader, number: int, choices: Choices, flat: Tensor) -> Tensor:
    """Return the cross entropy of links of kind `number`. `flat` [rows * length, ROLES, LINK] is the state by role."""
    left, right = torch.tensor(choices.left), torch.tensor(choices.right)
    lefts = (flat[left[:, 0], 2 * number] + flat[left[:, 1], 2 * number]) / 2
    rights = (flat[right[:, 0], 2 * number + 1] + flat[right[:, 1], 2 * number + 1]) / 2
    scores = network.link(number, lefts, rights, torch.tensor(choices.features))
    places = torch.tensor(choices.places)
    table = scores.new_full((len(choices.targets), int(places[:, 1].max()) + 2), FAR)
    table[:, 0] = 0.0
    table = table.index_put((places[:, 0], places[:, 1] + 1), scores)
    return functional.cross_entropy(table, torch.tensor(choices.targets) + 1)


def collect(choices: list[Choices], row: Row, base: int, guesses: list[int]) -> None:
    """Add the pairs of one row: pairs of gold spans, and, as wrong answers, pairs with spans that the network guesses.

    Guessed spans that overlap a gold span are left out.
    """
    article, window = row.article, row.window
    guessed = [[(a + window.first, b + window.first) for a, b in kind] for kind in spans(guesses, 3)]
    sources, source_of = gold_and_guessed(article.sources, guessed[0], row)
    cues, cue_of = gold_and_guessed(article.cues, guessed[1], row)
    contents, content_of = gold_and_guessed(article.contents, guessed[2], row)
    cue_source = [article.cue_source[cue] if cue >= 0 else -1 for cue in cue_of]
    content_cue = [article.content_cue[content] if content >= 0 else -1 for content in content_of]
    content_source = [article.cue_source[cue] if cue >= 0 else -1 for cue in content_cue]
    gather(choices[0], row, base, contents, cues, content_cue, cue_of)
    gather(choices[1], row, base, cues, sources, cue_source, source_of)
    gather(choices[2], row, base, contents, sources, content_source, source_of)


def gold_and_guessed(gold: list[Span], guessed: list[Span], row: Row) -> tuple[list[Span], list[int]]:
    """Return the gold spans in the window, and the guessed spans that overlap no gold span; all sorted by start.

    A gold span that crosses the edge of the window is cut there. The second list holds the gold number of each span; -1
    for a guessed span.
    """
    first, last = row.window.first, row.window.last
    held = [((max(a, first), min(b, last)), n) for n, (a, b) in enumerate(gold) if a < last and b > first]
    free = [(span, -1) for span in guessed if not any(span[0] < b and a < span[1] for (a, b), _ in held)]
    ordered = sorted(held + free)
    return [span for span, _ in ordered], [number for _, number in ordered]


def gather(
    into: Choices, row: Row, base: int, lefts: list[Span], rights: list[Span], targets: list[int], numbers_of: list[int]
) -> None:
    """Add the pairs of one kind of link in one row.

    `targets` holds for each left span the gold number of its right span; -1 if it has none. `numbers_of` holds the gold
    number of each right span.
    """
    kept, rows = pairs(row.article.pieces, lefts, rights)
    if not len(kept):
        return
    numbers: dict[int, int] = {}
    counts: dict[int, int] = {}
    first = row.window.first
    for (left, right), features in zip(kept.tolist(), rows.tolist(), strict=True):
        if left not in numbers:
            numbers[left] = len(into.targets)
            into.targets.append(-1)
        group, place = numbers[left], counts.get(left, 0)
        counts[left] = place + 1
        if targets[left] >= 0 and numbers_of[right] == targets[left]:
            into.targets[group] = place
        into.left.append(edges(row, base, lefts[left], first))
        into.right.append(edges(row, base, rights[right], first))
        into.features.append(features)
        into.places.append((group, place))


def edges(row: Row, base: int, span: Span, first: int) -> tuple[int, int]:
    """Return the indexes of a span's first and last piece in the flattened batch."""
    return base + row.at[span[0] - first], base + row.at[span[1] - 1 - first]
