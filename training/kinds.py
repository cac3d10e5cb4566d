"""Makes `worker/speakers/within/kinds.json`: the weights that tell names of people, bodies and other things apart.

The first weights tell people from all others, the second tell bodies from places and other things.

The teacher is a tagger's output ("silver" entities), so it is right perhaps nine times in ten. Each name counts once
for each article. The figures of five-fold cross-validation are printed.
"""

import argparse
import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from worker.speakers.within.capitals import capital_runs, drop_first_words, headlines, lower_case_words
from worker.speakers.within.kinds import NameKinds
from worker.speakers.within.names import split_titles
from worker.speakers.within.recognition import starts_in

Example = tuple[int, dict[str, float], str]
"""The number of the article, the features of a name, and the kind of its entity."""
FOLDS = 5
LEAST = 0.02
"""Weights that are nearer to 0 are left out."""
RARE = 12
"""Features that fewer examples have are left out."""


def examples(articles: list[tuple[str, list[list[Any]]]]) -> list[Example]:
    """Return one example for each name of each article, from its text and its entities."""
    found: list[Example] = []
    for number, (text, entities) in enumerate(articles):
        lower_case = lower_case_words(text)
        runs = capital_runs(text, 0, len(text))
        in_headlines = starts_in(runs, headlines(text, 0, len(text)))
        runs = [run for run in drop_first_words(text, runs, in_headlines, lower_case) if run.start not in in_headlines]
        kinds = NameKinds(text, runs, lower_case)
        votes: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        place = 0
        for run in runs:
            while place < len(entities) and entities[place][1] <= run.start:
                place += 1
            words = split_titles(run.words).words
            touched = [entity for entity in entities[place : place + 4] if entity[0] < run.end]
            if words and touched:
                votes[words][touched[-1][2]] += 1
        for words, count in votes.items():
            (kind, most), *others = count.most_common(2)
            if not others or others[0][1] < most:
                found.append((number, dict(kinds.features(words)), kind))
    return found


def fitted(features: np.ndarray, labels: np.ndarray, strength: float, steps: int = 60) -> np.ndarray:
    """Return the weights of a logistic regression with an L2 penalty, by Newton's method; the last is the bias."""
    design = np.hstack([features, np.ones((len(features), 1))])
    weights = np.zeros(design.shape[1])
    penalty = np.full(design.shape[1], strength)
    penalty[-1] = 0.0
    for _ in range(steps):
        share = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (share - labels) + penalty * weights
        hessian = (design * (share * (1 - share))[:, None]).T @ design + np.diag(penalty + 1e-6)
        step = np.linalg.solve(hessian, gradient)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def learnt(title: str, found: list[Example], kind: str, strength: float) -> dict[str, float]:
    """Return the weights that tell one kind of entity from the others; print the figures of the cross-validation."""
    counts = Counter(feature for _, features, _ in found for feature in features)
    names = sorted(feature for feature, count in counts.items() if count >= RARE)
    column = {name: number for number, name in enumerate(names)}
    values = np.zeros((len(found), len(names)))
    for row, (_, features, _) in enumerate(found):
        for feature, value in features.items():
            if feature in column:
                values[row, column[feature]] = value
    labels = np.array([float(label == kind) for _, _, label in found])
    articles = np.array([number for number, _, _ in found])
    shares = np.zeros(len(labels))
    for fold in range(FOLDS):
        held = articles % FOLDS == fold
        weights = fitted(values[~held], labels[~held], strength)
        shares[held] = 1 / (1 + np.exp(-(values[held] @ weights[:-1] + weights[-1])))
    right = (shares > 0.5) == (labels > 0.5)
    print(
        f"{title}: {len(labels)} names, {labels.mean():.3f} {kind}; {right.mean():.4f} told right in cross-validation"
    )
    for low in np.arange(0, 1, 0.1):
        inside = (shares >= low) & (shares < low + 0.1)
        print(f"  {low:.1f}-{low + 0.1:.1f}: {inside.sum():6d} names, {labels[inside].mean():.3f}")
    weights = fitted(values, labels, strength)
    fit = {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=False) if abs(weight) >= LEAST}
    return {"bias": round(float(weights[-1]), 3), **fit}


def main() -> None:
    """Read the corpus, print the figures of the cross-validation, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--silver", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("worker/speakers/within/kinds.json"))
    parser.add_argument("--strength", type=float, default=3.0, help="of the penalty on the weights")
    given = parser.parse_args()
    texts = {line["doc"]: line["text"] for line in map(json.loads, given.gold.open(encoding="utf-8"))}
    with gzip.open(given.silver, "rt", encoding="utf-8") as lines:
        entities = {line["doc"]: line["entities"] for line in map(json.loads, lines)}
    found = examples([(text, sorted(entities.get(doc, []))) for doc, text in texts.items()])
    person = learnt("people", found, "PERSON", given.strength)
    others = [example for example in found if example[2] != "PERSON"]
    body = learnt("bodies", others, "ORGANIZATION", given.strength)
    given.out.write_text(json.dumps({"person": person, "body": body}, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
