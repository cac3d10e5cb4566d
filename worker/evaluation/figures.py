"""The table of results: precision, recall and F1 over all articles, for all and for the quoted attributions."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from worker.evaluation.comparison import Comparison, View
from worker.evaluation.words import Words
from worker.extract import Kind

METRICS = ("exact", "match", "who", "who~", "token")
"""`exact`: the same content. `match`: contents that overlap by half or more. `who`: a match with the right source.
`who~`: a match whose source has the same word, at any position. `token`: the words in contents."""
VIEWS = ("all", "quoted")


@dataclass(slots=True)
class Counts:
    """The sums of one view over all articles (for micro averages)."""

    gold: int = 0
    stored: int = 0
    right: Counter[str] = field(default_factory=Counter)  # by metric
    gold_words: int = 0
    stored_words: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)
    matched_kinds: Counter[Kind] = field(default_factory=Counter)

    def add(self, words: Words, view: View) -> None:
        """Add one article."""
        gold, stored = Counter(quote.content for quote in view.gold), Counter(quote.content for quote in view.stored)
        gold_words = words.touching(span for content in gold for span in content)
        stored_words = words.touching(span for content in stored for span in content)
        self.gold += len(view.gold)
        self.stored += len(view.stored)
        self.gold_words += len(gold_words)
        self.stored_words += len(stored_words)
        self.kinds.update(quote.kind for quote in view.gold)
        self.matched_kinds.update(pair.gold.kind for pair in view.pairs)
        self.right.update(
            {
                "exact": (gold & stored).total(),
                "match": len(view.pairs),
                "who": view.right,
                "who~": sum(pair.who_anywhere for pair in view.pairs),
                "token": len(gold_words & stored_words),
            }
        )

    def figures(self) -> dict[str, Any]:
        """Return the results of this view, as `figures` below describes them. Shares are rounded to four digits."""
        table: dict[str, Any] = {
            "gold": self.gold,
            "pred": self.stored,
            "src acc": round(self.right["who"] / max(self.right["match"], 1), 4),
        }
        for metric in METRICS:
            stored, gold = (self.stored_words, self.gold_words) if metric == "token" else (self.stored, self.gold)
            table[metric] = rates(self.right[metric], stored, gold)
        table["recall by kind"] = {
            kind.value: round(self.matched_kinds[kind] / self.kinds[kind], 4) for kind in Kind if self.kinds[kind]
        }
        return table


def rates(right: int, stored: int, gold: int) -> dict[str, float]:
    """Return precision, recall and F1. A share of nothing is 0."""
    precision, recall = right / stored if stored else 0.0, right / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"p": round(precision, 4), "r": round(recall, 4), "f1": round(f1, 4)}


def figures(comparisons: Iterable[Comparison]) -> dict[str, dict[str, Any]]:
    """Return the table for JSON.

    Each view has `gold` and `pred` (counts), `src acc` (who / match), every metric, and the recall of each kind.
    """
    counts = {name: Counts() for name in VIEWS}
    for comparison in comparisons:
        counts["all"].add(comparison.words, comparison.all)
        counts["quoted"].add(comparison.words, comparison.quoted)
    return {name: view_counts.figures() for name, view_counts in counts.items()}
