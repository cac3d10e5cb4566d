"""Everything that an evaluation found, as one JSON object."""

from collections.abc import Sequence
from typing import Any

from worker.evaluation import names, reliability
from worker.evaluation.comparison import Comparison, Gold, Stored, View
from worker.evaluation.differences import Difference, differences, errors, worst
from worker.evaluation.figures import figures
from worker.evaluation.reliability import Bin


def result(comparisons: Sequence[Comparison], most: int) -> dict[str, Any]:
    """`articles`, `figures`, `reliability` and `names` (null where there is nothing to tell), and `worst`."""
    tables = reliability.tables(comparisons)
    return {
        "articles": len(comparisons),
        "figures": figures(comparisons),
        "reliability": tables and {view: [counted(each) for each in table] for view, table in tables.items()},
        "names": names.figures(comparisons),
        "worst": [article(each) for each in worst(comparisons, most)],
    }


def counted(one: Bin) -> dict[str, Any]:
    """One bin; the last of a table is the summary."""
    return {"from": one.floor, "below": one.ceiling, "stored": one.stored, "right": one.right, "share": one.share}


def article(comparison: Comparison) -> dict[str, Any]:
    """One article with its counts and differences."""
    return {
        "doc": comparison.article.doc,
        "errors": errors(comparison),
        "all": counts(comparison.all),
        "quoted": counts(comparison.quoted),
        "differences": [difference(comparison.article.text, each) for each in differences(comparison)],
    }


def counts(view: View) -> dict[str, int]:
    """How many there are, and how many were found with their source."""
    return {"gold": len(view.gold), "stored": len(view.stored), "right": view.right, "errors": view.errors}


def difference(text: str, each: Difference) -> dict[str, Any]:
    """One difference with both sides."""
    return {"what": each.what.value, "gold": side(text, each.gold), "stored": side(text, each.stored)}


def side(text: str, one: Gold | Stored | None) -> dict[str, Any] | None:
    """A quotation as its line has it, and its words."""
    if one is None:
        return None
    words = " … ".join(text[start:end] for start, end in one.content)
    return {**one.quote.model_dump(mode="json", exclude_none=True), "text": words}
