"""Makes `worker/speakers/within/kinds.json`: the weights that tell names of people, bodies and other things apart.

The first weights tell people from all others, the second tell bodies from places and other things.

The teacher is a tagger's output ("silver" entities), so it is right perhaps nine times in ten. Each name counts once
for each article. For people there is a second teacher, if articles without labels are given (`training.unlabelled`).
The figures of five-fold cross-validation are printed; the articles of one fold, and the names of unlabelled articles,
are not in the others.
"""

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from training import unlabelled
from worker.speakers.within.capitals import capital_runs, drop_first_words, headlines, lower_case_words
from worker.speakers.within.kinds import NameKinds
from worker.speakers.within.names import split_titles
from worker.speakers.within.recognition import starts_in

Example = tuple[int, dict[str, float], str]
"""The number of the article, the features of a name, and the kind of its entity."""
Weights = dict[str, float]
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


def fitted(
    features: np.ndarray, labels: np.ndarray, counts: np.ndarray, strength: float, steps: int = 60
) -> np.ndarray:
    """Return the weights of a logistic regression with an L2 penalty, by Newton's method; the last is the bias.

    `counts` says how much each example counts.
    """
    design = np.hstack([features, np.ones((len(features), 1))])
    weights = np.zeros(design.shape[1])
    penalty = np.full(design.shape[1], strength)
    penalty[-1] = 0.0
    for _ in range(steps):
        share = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (counts * (share - labels)) + penalty * weights
        hessian = (design * (counts * share * (1 - share))[:, None]).T @ design + np.diag(penalty + 1e-6)
        step = np.linalg.solve(hessian, gradient)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def learnt(
    title: str, found: list[Example], kind: str, strength: float, more: Sequence[unlabelled.NameExample] = ()
) -> Weights:
    """Return the weights that tell one kind of entity from the others; print the figures of the cross-validation."""
    rows = [features for _, features, _ in found] + [example.features for example in more]
    counts = Counter(feature for features in rows for feature in features)
    names = sorted(feature for feature, count in counts.items() if count >= RARE)
    column = {name: number for number, name in enumerate(names)}
    values = np.zeros((len(rows), len(names)))
    for row, features in enumerate(rows):
        for feature, value in features.items():
            if feature in column:
                values[row, column[feature]] = value
    labels = np.array([float(label == kind) for _, _, label in found] + [float(one.is_person) for one in more])
    weight = np.array([1.0] * len(found) + [one.weight for one in more])
    folds = np.array([number % FOLDS for number, _, _ in found] + [fold_of(one.name) for one in more])
    shares = np.zeros(len(labels))
    for fold in range(FOLDS):
        held = folds == fold
        weights = fitted(values[~held], labels[~held], weight[~held], strength)
        shares[held] = 1 / (1 + np.exp(-(values[held] @ weights[:-1] + weights[-1])))
    show(title, kind, labels[: len(found)], shares[: len(found)])
    for least in (0.3, 0.5) if more else ():
        of_unlabelled = unlabelled.told(more, shares[len(found) :], least)
        print(f"  {len(more)} names of unlabelled articles, a person from {least} on: {of_unlabelled} told right")
    weights = fitted(values, labels, weight, strength)
    fit = {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=False) if abs(weight) >= LEAST}
    return {"bias": round(float(weights[-1]), 3), **fit}


def fold_of(name: tuple[str, ...]) -> int:
    """Return the fold of a name, the same one in all articles."""
    return crc32(" ".join(name).encode()) % FOLDS


def show(title: str, kind: str, labels: np.ndarray, shares: np.ndarray) -> None:
    """Print how many names are told right, and how well the shares agree with the labels."""
    right = (shares > 0.5) == (labels > 0.5)
    print(
        f"{title}: {len(labels)} names, {labels.mean():.3f} {kind}; {right.mean():.4f} told right in cross-validation"
    )
    for low in np.arange(0, 1, 0.1):
        inside = (shares >= low) & (shares < low + 0.1)
        print(f"  {low:.1f}-{low + 0.1:.1f}: {inside.sum():6d} names, {labels[inside].mean():.3f}")


def main() -> None:
    """Read the corpus, print the figures of the cross-validation, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--silver", type=Path, required=True)
    parser.add_argument("--unlabelled", type=Path, help="articles without labels, gzipped, one a line with its `text`")
    parser.add_argument("--out", type=Path, default=Path("worker/speakers/within/kinds.json"))
    parser.add_argument("--strength", type=float, default=3.0, help="of the penalty on the weights")
    given = parser.parse_args()
    texts = {line["doc"]: line["text"] for line in map(json.loads, given.gold.open(encoding="utf-8"))}
    with gzip.open(given.silver, "rt", encoding="utf-8") as lines:
        entities = {line["doc"]: line["entities"] for line in map(json.loads, lines)}
    found = examples([(text, sorted(entities.get(doc, []))) for doc, text in texts.items()])
    more = unlabelled.examples(unlabelled.texts(given.unlabelled)) if given.unlabelled else []
    person = learnt("people", found, "PERSON", given.strength, more)
    others = [example for example in found if example[2] != "PERSON"]
    body = learnt("bodies", others, "ORGANIZATION", given.strength)
    given.out.write_text(json.dumps({"person": person, "body": body}, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
