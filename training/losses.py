"""What training makes small: wrong tags, wrong entities, wrong links."""

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from training.batches import NOTHING, Batch, Row
from training.network import LINK, ROLES, Reader
from worker.extract.model.links import pairs
from worker.extract.model.spans import spans
from worker.extract.quotation import Span

FAR = -1e4


def tag_loss(scores: Tensor, labels: Tensor, smoothing: float = 0.0) -> Tensor:
    """Cross entropy over the pieces that have a label."""
    return functional.cross_entropy(
        scores.reshape(-1, scores.shape[-1]), labels.reshape(-1), ignore_index=NOTHING, label_smoothing=smoothing
    )


@dataclass(slots=True)
class Choices:
    """Pairs of one link over a batch: edges of both spans in the flattened batch, features, group, right answers."""

    left: list[tuple[int, int]] = field(default_factory=list)
    right: list[tuple[int, int]] = field(default_factory=list)
    features: list[list[int]] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)


def link_loss(network: Reader, made: Batch, tags: Tensor, state: Tensor) -> Tensor:
    """Cross entropy of the three links: each left span chooses a right one or none."""
    guesses = tags.detach().argmax(-1)
    length = made.ids.shape[1]
    choices = [Choices(), Choices(), Choices()]
    for number, row in enumerate(made.rows):
        collect(choices, row, number * length, guesses[number, row.at].tolist())
    flat = network.links(state).reshape(-1, ROLES, LINK)
    total = state.new_zeros(())
    for number, each in enumerate(choices):
        if each.places:
            total = total + choice_loss(network, number, each, flat)
    return total


def choice_loss(network: Reader, number: int, each: Choices, flat: Tensor) -> Tensor:
    left, right = torch.tensor(each.left), torch.tensor(each.right)
    lefts = (flat[left[:, 0], 2 * number] + flat[left[:, 1], 2 * number]) / 2
    rights = (flat[right[:, 0], 2 * number + 1] + flat[right[:, 1], 2 * number + 1]) / 2
    scores = network.link(number, lefts, rights, torch.tensor(each.features))
    places = torch.tensor(each.places)
    table = scores.new_full((len(each.targets), int(places[:, 1].max()) + 2), FAR)
    table[:, 0] = 0.0
    table = table.index_put((places[:, 0], places[:, 1] + 1), scores)
    return functional.cross_entropy(table, torch.tensor(each.targets) + 1)


def collect(choices: list[Choices], row: Row, base: int, guesses: list[int]) -> None:
    """The pairs of one row: gold spans, and what the network takes for spans now, as wrong ones."""
    article, window = row.article, row.window
    guessed = [[(a + window.first, b + window.first) for a, b in kind] for kind in spans(guesses, 3)]
    sources, source_of = known(article.sources, guessed[0], row)
    cues, cue_of = known(article.cues, guessed[1], row)
    contents, content_of = known(article.contents, guessed[2], row)
    cue_source = [article.cue_source[each] if each >= 0 else -1 for each in cue_of]
    content_cue = [article.content_cue[each] if each >= 0 else -1 for each in content_of]
    content_source = [article.cue_source[each] if each >= 0 else -1 for each in content_cue]
    gather(choices[0], row, base, contents, cues, content_cue, cue_of)
    gather(choices[1], row, base, cues, sources, cue_source, source_of)
    gather(choices[2], row, base, contents, sources, content_source, source_of)


def known(gold: list[Span], guessed: list[Span], row: Row) -> tuple[list[Span], list[int]]:
    """Gold spans in the window, cut to it, and guessed ones that touch none of them (-1), by start."""
    first, last = row.window.first, row.window.last
    held = [((max(a, first), min(b, last)), n) for n, (a, b) in enumerate(gold) if a < last and b > first]
    free = [(span, -1) for span in guessed if not any(span[0] < b and a < span[1] for (a, b), _ in held)]
    ordered = sorted(held + free)
    return [span for span, _ in ordered], [number for _, number in ordered]


def gather(
    into: Choices, row: Row, base: int, lefts: list[Span], rights: list[Span], wanted: list[int], names: list[int]
) -> None:
    """Add the pairs of one link in one row; `wanted` is the gold number of each left span's right one."""
    kept, rows = pairs(row.article.pieces, lefts, rights)
    if not len(kept):
        return
    numbers: dict[int, int] = {}
    counts: dict[int, int] = {}
    first = row.window.first
    for (one, other), features in zip(kept.tolist(), rows.tolist(), strict=True):
        if one not in numbers:
            numbers[one] = len(into.targets)
            into.targets.append(-1)
        group, place = numbers[one], counts.get(one, 0)
        counts[one] = place + 1
        if wanted[one] >= 0 and names[other] == wanted[one]:
            into.targets[group] = place
        into.left.append(edges(row, base, lefts[one], first))
        into.right.append(edges(row, base, rights[other], first))
        into.features.append(features)
        into.places.append((group, place))


def edges(row: Row, base: int, span: Span, first: int) -> tuple[int, int]:
    """The first and last piece of a span in the flattened batch."""
    return base + row.at[span[0] - first], base + row.at[span[1] - 1 - first]
