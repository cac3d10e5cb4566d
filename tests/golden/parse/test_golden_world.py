"""Scores parsing on invented files of the kinds that the world drops: pages, feeds, mails and texts.

Each file in `_world/` has its right articles beside it, in `NAME.json`: a list with `text` (the body), `title`,
`authors`, `outlet` and `published_at` of each article, and `warnings`, a list of words that must be in its warnings. A
field that is not there must be empty. A file without an article has `[{"reason": …}]`. To add a case, write both by
hand: what the parser says today is no evidence.

`python tests/golden/parse/test_golden_world.py` prints the figures, and each difference.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from worker.parse import Article, Limits, parse, split
from worker.reasons import Refused

HERE = Path(__file__).parent / "_world"
FILES = sorted(path for path in HERE.iterdir() if (HERE / f"{path.name}.json").exists())
N = 4  # words in a row, as the public benchmarks of text extraction count them


@dataclass(frozen=True, slots=True)
class Pair:
    """An article as it is read, and as it should be."""

    found: dict[str, Any]
    right: dict[str, Any]


def read(file: Path) -> list[dict[str, Any]]:
    """Return the fields of each article of the file, or the reason of its refusal."""
    with file.open("rb") as stream:
        try:
            return [
                _fields(member.raw, member.media_type, member.reason) for member in split(stream, file.name, Limits())
            ]
        except Refused as refusal:
            return [{"reason": refusal.reason}]


def _fields(raw: bytes, media_type: str, reason: str | None) -> dict[str, Any]:
    if reason is not None:
        return {"reason": reason}
    try:
        article: Article = parse(raw, media_type, Limits())
    except Refused as refusal:
        return {"reason": refusal.reason}
    return {
        "text": article.body,
        "title": article.title,
        "authors": list(article.authors),
        "outlet": article.outlet,
        "published_at": article.published_at,
        "warnings": list(article.warnings),
    }


def pairs(files: Iterable[Path] = FILES) -> list[Pair]:
    """Return the articles of the files in order, each with the right one."""
    found_pairs = []
    for file in files:
        right = json.loads((HERE / f"{file.name}.json").read_text(encoding="utf-8"))
        found = read(file)
        found_pairs += [Pair(article, right[place]) for place, article in enumerate(found) if place < len(right)]
        found_pairs += [Pair({}, article) for article in right[len(found) :]]
        found_pairs += [Pair(article, {}) for article in found[len(right) :]]
    return found_pairs


def differences(pair: Pair) -> list[str]:
    """Return a line for each field that is not right."""
    lines = []
    for field in ("reason", "title", "outlet", "published_at"):
        if pair.found.get(field) != pair.right.get(field):
            lines.append(f"{field}: {pair.found.get(field)!r} should be {pair.right.get(field)!r}")
    if pair.found.get("authors", []) != pair.right.get("authors", []):
        lines.append(f"authors: {pair.found.get('authors')} should be {pair.right.get('authors')}")
    if _paragraphs(pair.found) != _paragraphs(pair.right):
        lines.append(f"text: {_paragraphs(pair.found)} should be {_paragraphs(pair.right)}")
    said = " / ".join(pair.found.get("warnings", []))
    lines += [f"no warning of {word!r} in {said!r}" for word in pair.right.get("warnings", []) if word not in said]
    return lines


def figures(scored: list[Pair]) -> dict[str, float]:
    """Return the figures of the public benchmarks, each from 0 to 1: means over articles, or shares of right ones."""
    articles = [pair for pair in scored if "text" in pair.right]
    return {
        "body F1": _mean(_f1(_grams(pair.found), _grams(pair.right)) for pair in articles),
        "whole paragraphs": _mean(_recall(_paragraphs(pair.found), _paragraphs(pair.right)) for pair in articles),
        "title": _mean(float(pair.found.get("title") == pair.right.get("title")) for pair in articles),
        "author F1": _mean(_f1(_authors(pair.found), _authors(pair.right)) for pair in articles),
        "outlet": _mean(float(pair.found.get("outlet") == pair.right.get("outlet")) for pair in articles),
        "date": _mean(float(pair.found.get("published_at") == pair.right.get("published_at")) for pair in articles),
    }


def _paragraphs(fields: dict[str, Any]) -> list[str]:
    blocks = (" ".join(block.split()) for block in fields.get("text", "").split("\n\n"))
    return [block for block in blocks if block]


def _grams(fields: dict[str, Any]) -> Counter[tuple[str, ...]]:
    words = fields.get("text", "").split()
    return Counter(tuple(words[place : place + N]) for place in range(max(1, len(words) - N + 1)))


def _authors(fields: dict[str, Any]) -> Counter[str]:
    return Counter(fields.get("authors", []))


def _f1(found: Counter[Any], right: Counter[Any]) -> float:
    both = sum((found & right).values())
    whole = sum(found.values()) + sum(right.values())
    return 2 * both / whole if whole else 1.0


def _recall(found: list[str], right: list[str]) -> float:
    return sum((Counter(found) & Counter(right)).values()) / len(right) if right else 1.0


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 1.0


FLOORS = {
    "body F1": 0.97,
    "whole paragraphs": 0.99,
    "title": 0.95,
    "author F1": 0.93,
    "outlet": 0.97,
    "date": 1.0,
}
"""The least figures; each file alone must be right, too."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_file_gives_the_right_articles(file: Path) -> None:
    assert [line for pair in pairs([file]) for line in differences(pair)] == []


def test_the_figures_reach_their_floors() -> None:
    reached = figures(pairs())
    print(", ".join(f"{name} {figure:.3f}" for name, figure in reached.items()))
    assert {name for name, figure in reached.items() if figure < FLOORS[name]} == set()


if __name__ == "__main__":
    named = [HERE / name for name in sys.argv[1:]] or FILES
    for each in named:
        for line in (line for pair in pairs([each]) for line in differences(pair)):
            print(f"{each.name}: {line}")
    for name, figure in figures(pairs(named)).items():
        print(f"{name:18} {figure:.3f}")
