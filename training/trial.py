"""A network's figures on a gold file, with the worker's own decoding."""

from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.batches import batch, row
from training.corpus import Article, article, records
from training.network import Reader
from worker.evaluation.comparison import compare
from worker.evaluation.figures import figures
from worker.evaluation.gold import GoldArticle
from worker.evaluation.prediction import PredictedQuotation, Prediction
from worker.extract.model.attributed import LinkedSpans, Linker, LinkWeights, attributions
from worker.extract.model.windows import windows

Read = tuple[Article, Any, Any]


@cache
def gold(path: Path, flat: bool) -> list[tuple[dict[str, Any], Article]]:
    """The gold records with their pieces; `flat`: every line break turned into a space."""
    found = []
    for record in records(path):
        text = record["text"].replace("\n", " ") if flat else record["text"]
        found.append((record, article(record | {"text": text}, [])))
    return found


@torch.no_grad()
def read(network: Reader, found: Article) -> tuple[Any, Any]:
    """Tag scores and state of every piece."""
    rows = [row(found, window) for window in windows(found.pieces)]
    tags, states = [], []
    for first in range(0, len(rows), 4):
        made = batch(rows[first : first + 4])
        with torch.autocast("cpu", torch.bfloat16):
            scored, _, state = network(made.ids, made.kinds, made.mask)
        for number, each in enumerate(made.rows):
            own = each.at[each.window.own - each.window.first :]
            tags.append(scored[number, own].float().numpy())
            states.append(state[number, own].float().numpy())
    return np.concatenate(tags), np.concatenate(states)


def weights(network: Reader) -> LinkWeights:
    """The link scorer's numbers."""
    return LinkWeights(
        network.links.weight.detach().numpy().T,
        network.links.bias.detach().numpy(),
        np.stack([each.weight.detach().numpy() for each in network.link_features]),
        np.stack([each.weight.detach().numpy()[0] for each in network.link_scores]),
        np.stack([each.bias.detach().numpy()[0] for each in network.link_scores]),
    )


def quotes(found: Article, made: list[LinkedSpans]) -> tuple[PredictedQuotation, ...]:
    """Attributions as a prediction has them."""
    starts, ends = found.pieces.starts, found.pieces.ends

    def place(span: tuple[int, int]) -> tuple[int, int]:
        return int(starts[span[0]]), int(ends[span[1] - 1])

    return tuple(
        PredictedQuotation(
            content=tuple(place(each) for each in one.contents),
            cue=(place(one.cue),),
            source=(place(one.source),) if one.source else (),
        )
        for one in made
    )


def trial(network: Reader, path: Path) -> dict[str, float]:
    """The figures that matter, in percent, with and without line breaks; before marks bind and rules fill in."""
    result = {}
    scorer = weights(network)
    for flat in (False, True):
        compared = []
        for record, found in gold(path, flat):
            tags, state = read(network, found)
            made = attributions(tags, Linker(found.pieces, state, scorer))
            prediction = Prediction(doc=record["doc"], quotes=quotes(found, made))
            compared.append(compare(GoldArticle(**record), prediction))
        scored = figures(compared)
        for view, metric in product(("quoted", "all"), ("match", "who")):
            result[f"{'flat ' if flat else ''}{view} {metric}"] = round(100 * scored[view][metric]["f1"], 1)
    return result
