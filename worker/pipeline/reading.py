"""Reading one article: extract its quotations and name their speakers; outside any transaction."""

import time
from dataclasses import dataclass

from worker.extract import extract
from worker.extract.quotation import Quotation
from worker.parse.article import Article
from worker.pipeline import running
from worker.speakers.within import resolve
from worker.speakers.within.resolution import Resolution


@dataclass(frozen=True, slots=True)
class Reading:
    """What one extractor version found in one article, and how long it took."""

    quotations: list[Quotation]
    resolution: Resolution
    milliseconds: float


def read_article(article: Article) -> Reading:
    """Extract and name; linear in the text's length."""
    started = time.perf_counter()
    body = (article.body_start, article.body_end)
    quotations = extract(article.text, body, article.language, running.extractor().mode)
    resolution = resolve(article.text, quotations, title=article.title, body=body)
    return Reading(quotations, resolution, (time.perf_counter() - started) * 1000)
