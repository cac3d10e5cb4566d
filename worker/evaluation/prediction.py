"""Predictions: the quotations that an extractor found in the articles of a gold file, one line for each article."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field

from worker.evaluation.gold import Form, GoldArticle, Spans, misplaced
from worker.evaluation.lines import bad, read

SHAPE = '{"doc": …, "quotes": [{"content": [[start, end], …], "source": […], "cue": […]}, …]}'


class PredictedQuotation(Form):
    """One quotation. `speaker` is a canonical name; several names are joined by " & "; null if unknown."""

    content: Spans | None = None
    source: Spans | None = None
    cue: Spans | None = None
    kind: str | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    speaker: str | None = None
    source_kind: str | None = None
    evidence: str | None = None


class Prediction(Form):
    """All stored quotations of one article."""

    doc: str
    quotes: tuple[PredictedQuotation, ...]


def read_predictions(path: Path, articles: Sequence[GoldArticle]) -> dict[str, Prediction]:
    """Return the predictions of a file by article. An article that has no line in the file has no entry.

    Raise `Refused` for a line that is no prediction, for an article that the gold does not contain, for a second line
    of an article, and for offsets outside the text.
    """
    texts = {article.doc: article.text for article in articles}
    predictions: dict[str, Prediction] = {}
    for number, prediction in read(path, Prediction, SHAPE):
        doc = prediction.doc
        if doc not in texts:
            raise bad(path, number, f"article {doc} is not in the gold", "Give the gold that was predicted")
        if doc in predictions:
            raise bad(path, number, f"article {doc} has a line already", "Give each article one line")
        rows = (
            (f"quotes[{place}].{name}", spans or ())
            for place, quote in enumerate(prediction.quotes)
            for name, spans in (("content", quote.content), ("source", quote.source), ("cue", quote.cue))
        )
        if error := misplaced(texts[doc], rows):
            raise bad(path, number, error, "Offsets count the code points of the gold's text")
        predictions[doc] = prediction
    return predictions
