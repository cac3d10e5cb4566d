"""Short articles with gold and predictions for tests, written as words instead of offsets."""

import re
from typing import Any

from worker.evaluation.comparison import Comparison, compare
from worker.evaluation.gold import GoldArticle, GoldQuotation
from worker.evaluation.prediction import PredictedQuotation, Prediction


def at(text: str, *phrases: str) -> tuple[tuple[int, int], ...]:
    """Where phrases of whole words stand in a text that has each of them once."""
    places = [list(re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", text)) for phrase in phrases]
    assert all(len(each) == 1 for each in places), dict(zip(phrases, places, strict=True))
    return tuple(match.span() for (match,) in places)


def marked(text: str, content: str | tuple[str, ...], source: str = "", **rest: Any) -> GoldQuotation:
    """A gold quotation; its kind follows from the marks unless given."""
    parts = (content,) if isinstance(content, str) else content
    return GoldQuotation(content=at(text, *parts), source=at(text, source) if source else (), **rest)


def found(text: str, content: str | tuple[str, ...], source: str = "", **rest: Any) -> PredictedQuotation:
    """A stored quotation."""
    parts = (content,) if isinstance(content, str) else content
    return PredictedQuotation(content=at(text, *parts), source=at(text, source) if source else (), **rest)


def compared(text: str, gold: list[GoldQuotation], stored: list[PredictedQuotation], doc: str = "one") -> Comparison:
    """Gold against stored."""
    article = GoldArticle(doc=doc, text=text, quotes=tuple(gold))
    return compare(article, Prediction(doc=doc, quotes=tuple(stored)))
