"""Batches of windows for training, with and without paragraph breaks. The windows are cut again in each epoch.

A window is a stretch of word pieces that the network reads at once.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.corpus import NOTHING, Article
from worker.extract.model.windows import Window, framed, windows

MASKED, WORDS = 103, 30522


@dataclass(slots=True)
class Row:
    """A window as the network reads it. `at` is the index of each piece in the row."""

    article: Article
    window: Window
    ids: list[int]
    kinds: list[int]
    at: list[int]


@dataclass(slots=True)
class Batch:
    """Rows of similar length as tensors [rows, length]. `mask` is true where a row has a piece."""

    rows: list[Row]
    ids: Tensor
    kinds: Tensor
    mask: Tensor

    def labels(self, name: str) -> Tensor:
        """Return the articles' `tags` or `entities` [rows, length]; `NOTHING` where a row has no piece."""
        labels = torch.full(self.ids.shape, NOTHING, dtype=torch.long)
        for number, row in enumerate(self.rows):
            values = getattr(row.article, name)[row.window.first : row.window.last]
            labels[number, row.at] = torch.from_numpy(values.astype(np.int64))
        return labels


def row(article: Article, window: Window) -> Row:
    """Return a window of an article, with edge pieces and breaks as in the worker."""
    ids, kinds, at = framed(article.pieces, window)
    return Row(article, window, ids.tolist(), kinds.tolist(), at.tolist())


def batch(rows: list[Row]) -> Batch:
    """Return rows as one batch, padded to the same length."""
    length = max(len(row.ids) for row in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    kinds = torch.zeros(len(rows), length, dtype=torch.long)
    mask = torch.zeros(len(rows), length, dtype=torch.bool)
    for number, row in enumerate(rows):
        ids[number, : len(row.ids)] = torch.tensor(row.ids)
        kinds[number, : len(row.ids)] = torch.tensor(row.kinds)
        mask[number, : len(row.ids)] = True
    return Batch(rows, ids, kinds, mask)


def batches(
    articles: Sequence[tuple[Article, Article]], flat: float, size: int, chance: random.Random
) -> Iterator[Batch]:
    """Iterate over the batches of one epoch, in random order, with windows of similar length in one batch.

    `articles` contains each article twice: with its line breaks and without line breaks. With probability `flat`, the
    article without line breaks is used. `size` is the largest number of pieces in a batch, padding included.
    """
    rows = []
    for with_lines, without_lines in articles:
        article = without_lines if chance.random() < flat else with_lines
        longest = chance.choice([80, 112, 144, 158, 158])
        rows += [row(article, window) for window in windows(article.pieces, longest)]
    chance.shuffle(rows)
    rows.sort(key=lambda framed_row: len(framed_row.ids) // 12)
    groups: list[list[Row]] = [[]]
    for framed_row in rows:
        if (len(groups[-1]) + 1) * len(framed_row.ids) > size:
            groups.append([])
        groups[-1].append(framed_row)
    chance.shuffle(groups)
    for group in groups:
        if group:
            yield batch(group)


def blurred(rows: Batch, share: float) -> Tensor:
    """Return the batch's ids; a share of them is masked or changed, so that no single name is learnt by heart."""
    is_blurred = (torch.rand(rows.ids.shape) < share) & (rows.ids > MASKED)
    replacement = torch.where(torch.rand(rows.ids.shape) < 0.7, MASKED, torch.randint(1000, WORDS, rows.ids.shape))
    return torch.where(is_blurred, replacement, rows.ids)
