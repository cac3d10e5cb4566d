"""Runs the extractor of this release on an article of the gold. Its output is called a prediction."""

from worker.evaluation.gold import GoldArticle, Spans
from worker.evaluation.prediction import PredictedQuotation, Prediction
from worker.extract import Mention, extract
from worker.extract.model.certainty import Confide, certainty
from worker.speakers.within import resolve


def predict(article: GoldArticle, confide: Confide = certainty) -> Prediction:
    """Return the quotations that a worker would store for the article. The calls are the same, but without parsing."""
    quotations = extract(article.text, article.body, article.language, confide=confide)
    resolution = resolve(article.text, quotations, title=article.title, body=article.body)
    return Prediction(
        doc=article.doc,
        quotes=tuple(
            PredictedQuotation(
                content=quotation.parts,
                source=spans(quotation.source),
                cue=spans(quotation.cue),
                kind=quotation.kind.value,
                confidence=quotation.confidence,
                speaker=" & ".join(resolution.entities[place].name for place in attribution.entities) or None,
                source_kind=attribution.source_kind.value,
                evidence=attribution.evidence,
            )
            for quotation, attribution in zip(quotations, resolution.attributions, strict=True)
        ),
    )


def spans(mention: Mention | None) -> Spans:
    """Return a mention in the gold's form, as a sequence of spans."""
    return () if mention is None else ((mention.start, mention.end),)
