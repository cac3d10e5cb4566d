"""Makes gold and predictions of short articles for tests. The tests give phrases instead of offsets."""

import re
from typing import Any

from worker.evaluation.comparison import Comparison, compare
from worker.evaluation.gold import GoldArticle, GoldQuotation
from worker.evaluation.prediction import PredictedQuotation, Prediction


def at(text: str, *phrases: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of phrases of whole words. The text must contain each phrase once."""
    places = [list(re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", text)) for phrase in phrases]
    assert all(len(matches) == 1 for matches in places), dict(zip(phrases, places, strict=True))
    return tuple(match.span() for (match,) in places)


def marked(text: str, content: str | tuple[str, ...], source: str = "", **rest: Any) -> GoldQuotation:
    """Return a gold quotation. The marks decide its kind, unless `rest` names the kind."""
    parts = (content,) if isinstance(content, str) else content
    return GoldQuotation(content=at(text, *parts), source=at(text, source) if source else (), **rest)


def predicted(text: str, content: str | tuple[str, ...], source: str = "", **rest: Any) -> PredictedQuotation:
    """Return a stored quotation."""
    parts = (content,) if isinstance(content, str) else content
    return PredictedQuotation(content=at(text, *parts), source=at(text, source) if source else (), **rest)


def compared(text: str, gold: list[GoldQuotation], stored: list[PredictedQuotation], doc: str = "one") -> Comparison:
    """Return the comparison of gold with stored quotations."""
    article = GoldArticle(doc=doc, text=text, quotes=tuple(gold))
    return compare(article, Prediction(doc=doc, quotes=tuple(stored)))
