"""The table: precision, recall and F1 over all articles, for all quotations and for the quoted ones."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from worker.evaluation.comparison import Comparison, View
from worker.evaluation.words import Words
from worker.extract import Kind

METRICS = ("exact", "match", "who", "who~", "token")
"""Same content; content alike by half or more; that, and the source; that, by the word alone; words in contents."""
VIEWS = ("all", "quoted")


@dataclass(slots=True)
class Counts:
    """Sums over articles (micro average) of one view."""

    gold: int = 0
    stored: int = 0
    right: Counter[str] = field(default_factory=Counter)  # by metric
    gold_words: int = 0
    stored_words: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)
    matched_kinds: Counter[Kind] = field(default_factory=Counter)

    def add(self, words: Words, view: View) -> None:
        """Count one article in."""
        gold, stored = Counter(each.content for each in view.gold), Counter(each.content for each in view.stored)
        gold_words = words.touching(span for content in gold for span in content)
        stored_words = words.touching(span for content in stored for span in content)
        self.gold += len(view.gold)
        self.stored += len(view.stored)
        self.gold_words += len(gold_words)
        self.stored_words += len(stored_words)
        self.kinds.update(each.kind for each in view.gold)
        self.matched_kinds.update(each.gold.kind for each in view.pairs)
        self.right.update(
            {
                "exact": (gold & stored).total(),
                "match": len(view.pairs),
                "who": view.right,
                "who~": sum(each.who_anywhere for each in view.pairs),
                "token": len(gold_words & stored_words),
            }
        )

    def figures(self) -> dict[str, Any]:
        """The figures of this view, shares rounded to four places: what `figures` has."""
        told: dict[str, Any] = {
            "gold": self.gold,
            "pred": self.stored,
            "src acc": round(self.right["who"] / max(self.right["match"], 1), 4),
        }
        for metric in METRICS:
            stored, gold = (self.stored_words, self.gold_words) if metric == "token" else (self.stored, self.gold)
            told[metric] = rates(self.right[metric], stored, gold)
        told["recall by kind"] = {
            kind.value: round(self.matched_kinds[kind] / self.kinds[kind], 4) for kind in Kind if self.kinds[kind]
        }
        return told


def rates(right: int, stored: int, gold: int) -> dict[str, float]:
    """Precision, recall and F1; 0 where there is nothing to divide by."""
    precision, recall = right / stored if stored else 0.0, right / gold if gold else 0.0
    balanced = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"p": round(precision, 4), "r": round(recall, 4), "f1": round(balanced, 4)}


def figures(comparisons: Iterable[Comparison]) -> dict[str, dict[str, Any]]:
    """The table as JSON: for each view `gold` and `pred` (counts), `src acc` (who / match), metrics, recall by kind."""
    counts = {name: Counts() for name in VIEWS}
    for comparison in comparisons:
        counts["all"].add(comparison.words, comparison.all)
        counts["quoted"].add(comparison.words, comparison.quoted)
    return {name: each.figures() for name, each in counts.items()}
