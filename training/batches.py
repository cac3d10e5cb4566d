"""Batches of windows for training: cut anew each epoch, with and without paragraph breaks."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.corpus import Article
from worker.extract.model.windows import Window, framed, windows

MASKED, WORDS = 103, 30522
NOTHING = -100
"""The label of what is not learnt from: edges, breaks and padding."""


@dataclass(slots=True)
class Row:
    """A window as the network sees it; `at` gives for each piece its place in the row."""

    article: Article
    window: Window
    ids: list[int]
    kinds: list[int]
    at: list[int]


@dataclass(slots=True)
class Batch:
    """Rows of like length as tensors [rows, length]."""

    rows: list[Row]
    ids: Tensor
    kinds: Tensor
    mask: Tensor

    def labels(self, name: str) -> Tensor:
        """The articles' `tags` or `entities`, NOTHING elsewhere."""
        made = torch.full(self.ids.shape, NOTHING, dtype=torch.long)
        for number, row in enumerate(self.rows):
            values = getattr(row.article, name)[row.window.first : row.window.last]
            made[number, row.at] = torch.from_numpy(values.astype(np.int64))
        return made


def row(article: Article, window: Window) -> Row:
    """A window of an article as the worker frames it."""
    return Row(article, window, *framed(article.pieces, window))


def batch(rows: list[Row]) -> Batch:
    """Pad rows to one length."""
    length = max(len(each.ids) for each in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    kinds = torch.zeros(len(rows), length, dtype=torch.long)
    mask = torch.zeros(len(rows), length, dtype=torch.bool)
    for number, each in enumerate(rows):
        ids[number, : len(each.ids)] = torch.tensor(each.ids)
        kinds[number, : len(each.ids)] = torch.tensor(each.kinds)
        mask[number, : len(each.ids)] = True
    return Batch(rows, ids, kinds, mask)


def batches(
    articles: Sequence[tuple[Article, Article]], flat: float, size: int, chance: random.Random
) -> Iterator[Batch]:
    """One epoch: of each article the version with lines or, with probability `flat`, the one without.

    `size` is the number of pieces in a batch. Windows of like length go together, the batches come in random order.
    """
    rows = []
    for lines, joined in articles:
        article = joined if chance.random() < flat else lines
        longest = chance.choice([80, 112, 144, 158, 158])
        rows += [row(article, window) for window in windows(article.pieces, longest)]
    chance.shuffle(rows)
    rows.sort(key=lambda each: len(each.ids) // 12)
    groups: list[list[Row]] = [[]]
    for each in rows:
        if (len(groups[-1]) + 1) * len(each.ids) > size:
            groups.append([])
        groups[-1].append(each)
    chance.shuffle(groups)
    for group in groups:
        if group:
            yield batch(group)


def blurred(made: Batch, share: float) -> Tensor:
    """The pieces with a share of them masked or changed, so that no single name is learnt by heart."""
    chosen = (torch.rand(made.ids.shape) < share) & (made.ids > MASKED)
    other = torch.where(torch.rand(made.ids.shape) < 0.7, MASKED, torch.randint(1000, WORDS, made.ids.shape))
    return torch.where(chosen, other, made.ids)
