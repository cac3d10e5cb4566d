"""The results of a network on a gold file. Its output is turned into quotations by the worker's own code."""

from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.batches import batch, row
from training.corpus import Article, article, records
from training.network import Reader, low_precision
from worker.evaluation.comparison import compare
from worker.evaluation.figures import figures
from worker.evaluation.gold import GoldArticle
from worker.evaluation.prediction import PredictedQuotation, Prediction
from worker.extract.model.attributed import LinkedSpans, Linker, LinkWeights, attributions
from worker.extract.model.windows import windows

Read = tuple[Article, Any, Any]


@cache
def gold(path: Path, flat: bool) -> list[tuple[dict[str, Any], Article]]:
    """Return the gold records with their pieces. With `flat`, every line break becomes a space."""
    articles = []
    for record in records(path):
        text = record["text"].replace("\n", " ") if flat else record["text"]
        articles.append((record, article(record | {"text": text}, [])))
    return articles


@torch.no_grad()
def read(network: Reader, labelled: Article) -> tuple[Any, Any]:
    """Return the tag scores and the state of every piece."""
    rows = [row(labelled, window) for window in windows(labelled.pieces)]
    tags, states = [], []
    for first in range(0, len(rows), 4):
        four = batch(rows[first : first + 4])
        with low_precision():
            scored, _, state = network(four.ids, four.kinds, four.mask)
        for number, framed_row in enumerate(four.rows):
            own = framed_row.at[framed_row.window.own - framed_row.window.first :]
            tags.append(scored[number, own].float().numpy())
            states.append(state[number, own].float().numpy())
    return np.concatenate(tags), np.concatenate(states)


def weights(network: Reader) -> LinkWeights:
    """Return the weights of the link scorer."""
    return LinkWeights(
        network.links.weight.detach().numpy().T,
        network.links.bias.detach().numpy(),
        np.stack([layer.weight.detach().numpy() for layer in network.link_features]),
        np.stack([layer.weight.detach().numpy()[0] for layer in network.link_scores]),
        np.stack([layer.bias.detach().numpy()[0] for layer in network.link_scores]),
    )


def quotes(labelled: Article, decoded: list[LinkedSpans]) -> tuple[PredictedQuotation, ...]:
    """Return attributions in the form of a prediction."""
    starts, ends = labelled.pieces.starts, labelled.pieces.ends

    def place(span: tuple[int, int]) -> tuple[int, int]:
        return int(starts[span[0]]), int(ends[span[1] - 1])

    return tuple(
        PredictedQuotation(
            content=tuple(place(span) for span in attribution.contents),
            cue=(place(attribution.cue),),
            source=(place(attribution.source),) if attribution.source else (),
        )
        for attribution in decoded
    )


def trial(network: Reader, path: Path) -> dict[str, float]:
    """Return F1 of match and who in percent, with and without line breaks. Binding and rules are not applied."""
    result = {}
    scorer = weights(network)
    for flat in (False, True):
        compared = []
        for record, labelled in gold(path, flat):
            tags, state = read(network, labelled)
            decoded = attributions(tags, Linker(labelled.pieces, state, scorer))
            prediction = Prediction(doc=record["doc"], quotes=quotes(labelled, decoded))
            compared.append(compare(GoldArticle(**record), prediction))
        scored = figures(compared)
        for view, metric in product(("quoted", "all"), ("match", "who")):
            result[f"{'flat ' if flat else ''}{view} {metric}"] = round(100 * scored[view][metric]["f1"], 1)
    return result
