"""Fit the confidence of the network on articles that it was not trained on, and write the weights beside the model.

    python -m training.calibrate GOLD.jsonl [MORE.jsonl …] [--out worker/extract/model] [--errors 3]

A logistic regression predicts from the network's own probabilities, the kind, the cue and the length of the content
whether a quotation is right. "Right" means the same as in the reliability table of `onrecord eval`. For each publisher
the command prints how well a fit on all other publishers predicts it. The publisher of an article is what its `doc` has
before the first `_`; if there is none, the name of the file.

`--errors`: how many times as often attributions that look sure are wrong on texts of other publishers than on these.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.card import write_card
from worker.evaluation.calibration import samples_of
from worker.evaluation.gold import read_gold
from worker.extract.model import certainty

RIDGE = 1.0
ERRORS_ELSEWHERE = 3.0
"""On two corpora kept aside, 12.5 and 17 % of what was stored at 0.9 and more were wrong, and 4 % on PolNeAR dev."""
Numbers = NDArray[np.float64]
Samples = tuple[Numbers, Numbers]
"""The rows of the regression, and for each of them whether the quotation is right (1.0) or wrong (0.0)."""


def by_publisher(gold: list[Path]) -> dict[str, Samples]:
    """Return the samples of all articles, by publisher."""
    rows: dict[str, list[list[float]]] = {}
    right: dict[str, list[bool]] = {}
    for path in gold:
        for article in read_gold(path):
            publisher = article.doc.partition("_")[0] if "_" in article.doc else path.stem
            found, is_right = samples_of(article)
            rows.setdefault(publisher, []).extend(found)
            right.setdefault(publisher, []).extend(is_right)
    return {publisher: (np.array(rows[publisher]), np.array(right[publisher], float)) for publisher in rows}


def joined(tables: list[Samples]) -> Samples:
    """Return several samples as one."""
    return np.concatenate([rows for rows, _ in tables]), np.concatenate([right for _, right in tables])


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


def told(publisher: str, rows: Numbers, right: Numbers, weights: Numbers, errors: float) -> str:
    """Return a line: of what a fit holds to be sure, the share that is right."""
    share = [certainty.elsewhere(float(value), errors) for value in 1 / (1 + np.exp(-rows @ weights))]
    cells = [f"{publisher:16}"]
    for low in (0.9, 0.8, 0.5):
        sure = np.array(share) >= low
        good = f"{100 * right[sure].mean():.1f} % right" if sure.any() else "none"
        cells.append(f">= {low}: {sure.sum()} of {len(sure)}, {good}")
    return "; ".join(cells)


def main() -> None:
    """Fit the regression, print how good it is, and write its weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path("worker/extract/model"))
    parser.add_argument("--errors", type=float, default=ERRORS_ELSEWHERE)
    options = parser.parse_args()
    tables = by_publisher(options.gold)
    for publisher, table in tables.items():
        others = [other for name, other in tables.items() if name != publisher]
        if others:
            print(told(publisher, *table, fit(*joined(others)), options.errors))
    weights = fit(*joined(list(tables.values())))
    stored = {"weights": [round(float(weight), 4) for weight in weights], "errors_elsewhere": options.errors}
    text = json.dumps(stored) + "\n"
    (options.out / "certainty.json").write_text(text, encoding="utf-8")
    write_card(options.out)
    print(text)


if __name__ == "__main__":
    main()
