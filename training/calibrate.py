"""Fit the confidence of the network on articles that it was not trained on, and write the weights beside the model.

    python -m training.calibrate DEV.jsonl [--out worker/extract/model]

A logistic regression predicts from the network's own probabilities whether a quotation is right. "Right" means the same
as in the reliability table of `onrecord eval`. The command also prints how well a fit on one half of the articles
predicts the other half.
"""

import argparse
import json
from pathlib import Path
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from training.card import write_card
from worker.evaluation.comparison import compare
from worker.evaluation.gold import GoldArticle, read_gold
from worker.evaluation.predict import predict
from worker.extract import binding
from worker.extract.model import certainty
from worker.extract.quotation import Kind

RIDGE = 1.0
Numbers = NDArray[np.float64]


def samples(article: GoldArticle) -> tuple[list[list[float]], list[bool]]:
    """Return the evidence of each quotation that the network finds in an article, and whether it is right."""
    rows: list[list[float]] = []

    def record(evidence: tuple[float, ...], kind: Kind) -> float:
        rows.append(certainty.row(evidence, kind))
        return len(rows) / 1e6  # the confidence is used here to pass the row's number through the extractor

    with mock.patch.object(binding, "certainty", record):
        comparison = compare(article, predict(article))
    right = [False] * len(rows)
    kept = [False] * len(rows)
    good = {id(pair.stored) for pair in comparison.all.pairs if pair.who}
    for stored in comparison.all.stored:
        number = round((stored.quote.confidence or 0) * 1e6) - 1
        if 0 <= number < len(rows):
            kept[number] = True
            right[number] = id(stored) in good
    numbers = [number for number in range(len(rows)) if kept[number]]
    return [rows[number] for number in numbers], [right[number] for number in numbers]


def fit(rows: Numbers, right: Numbers) -> Numbers:
    """Return the weights of the regression, by Newton's method. A ridge penalises all weights except the constant."""
    weights = np.zeros(rows.shape[1])
    ridge = np.full(rows.shape[1], RIDGE)
    ridge[-1] = 0
    for _ in range(30):
        share = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (share - right) + ridge * weights
        curve = (rows.T * (share * (1 - share))) @ rows + np.diag(ridge)
        weights -= np.linalg.solve(curve, gradient)
    return weights


def main() -> None:
    """Fit the regression, print how good it is, and write its weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--out", type=Path, default=Path("worker/extract/model"))
    options = parser.parse_args()
    by_article = [samples(article) for article in read_gold(options.gold)]
    halves = [by_article[0::2], by_article[1::2]]
    tables = [
        (
            np.array([row for rows, _ in half for row in rows]),
            np.array([is_right for _, right in half for is_right in right], float),
        )
        for half in halves
    ]
    for fitted, other in ((0, 1), (1, 0)):
        share = 1 / (1 + np.exp(-tables[other][0] @ fit(*tables[fitted])))
        for low in (0.95, 0.9, 0.8, 0.5):
            sure = share >= low
            good = 100 * tables[other][1][sure].mean()
            print(f"half {other + 1}: >= {low}: {sure.sum()} of {len(sure)}, right {good:.1f} %")
    weights = fit(np.concatenate([t[0] for t in tables]), np.concatenate([t[1] for t in tables]))
    text = json.dumps({"weights": [round(float(weight), 4) for weight in weights]}) + "\n"
    (options.out / "certainty.json").write_text(text, encoding="utf-8")
    write_card(options.out)
    print(text)


if __name__ == "__main__":
    main()
