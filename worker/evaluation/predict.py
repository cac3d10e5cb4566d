"""The extractor's own prediction for an article of the gold."""

from worker.evaluation.gold import GoldArticle, Spans
from worker.evaluation.prediction import PredictedQuotation, Prediction
from worker.extract import Mention, extract
from worker.speakers.within import resolve


def predict(article: GoldArticle) -> Prediction:
    """What would be stored for the article: the same calls as in a worker, without parsing."""
    quotations = extract(article.text, article.body, article.language)
    resolution = resolve(article.text, quotations, body=article.body)
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
    """A mention as gold has it: a row of spans."""
    return () if mention is None else ((mention.start, mention.end),)
