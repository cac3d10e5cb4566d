"""The result of an evaluation as one JSON object."""

from collections.abc import Sequence
from typing import Any

from worker.evaluation import names, reliability
from worker.evaluation.comparison import Comparison, Gold, Stored, View
from worker.evaluation.differences import Difference, differences, errors, worst
from worker.evaluation.figures import figures
from worker.evaluation.reliability import Bin


def result(comparisons: Sequence[Comparison], most: int) -> dict[str, Any]:
    """Return `articles`, `partial`, `figures`, `reliability`, `names` and `worst`.

    `partial` is the number of articles of which only what people looked at counts.
    `reliability` is None if no quotation has a confidence; `names` is None if the gold names no person.
    """
    tables = reliability.tables(comparisons)
    return {
        "articles": len(comparisons),
        "partial": sum(comparison.article.partial for comparison in comparisons),
        "figures": figures(comparisons),
        "reliability": tables and {view: [counted(row) for row in table] for view, table in tables.items()},
        "names": names.figures(comparisons),
        "worst": [article(comparison) for comparison in worst(comparisons, most)],
    }


def counted(row: Bin) -> dict[str, Any]:
    """Return one bin; the last bin of a table is the summary."""
    return {"from": row.floor, "below": row.ceiling, "stored": row.stored, "right": row.right, "share": row.share}


def article(comparison: Comparison) -> dict[str, Any]:
    """Return one article with its counts and differences."""
    return {
        "doc": comparison.article.doc,
        "errors": errors(comparison),
        "all": counts(comparison.all),
        "quoted": counts(comparison.quoted),
        "differences": [difference(comparison.article.text, wrong) for wrong in differences(comparison)],
    }


def counts(view: View) -> dict[str, int]:
    """Return four numbers: gold quotations, stored quotations, right quotations (source included), and errors."""
    return {"gold": len(view.gold), "stored": len(view.stored), "right": view.right, "errors": view.errors}


def difference(text: str, wrong: Difference) -> dict[str, Any]:
    """Return one difference with its gold and its stored quotation."""
    return {"what": wrong.what.value, "gold": side(text, wrong.gold), "stored": side(text, wrong.stored)}


def side(text: str, quotation: Gold | Stored | None) -> dict[str, Any] | None:
    """Return a quotation with the keys of its line, and with its words as `text`."""
    if quotation is None:
        return None
    words = " … ".join(text[start:end] for start, end in quotation.content)
    return {**quotation.quote.model_dump(mode="json", exclude_none=True), "text": words}
