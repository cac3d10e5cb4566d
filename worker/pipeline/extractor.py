"""The extractor that this process runs, in the mode that the settings name; and how it reads one article."""

import time
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine

from worker.extract import extract
from worker.extract.model.certainty import Confide, Fitted, certainty
from worker.extract.model.own_fit import read_fit
from worker.extract.model.reader import UNREAD
from worker.extract.quotation import Quotation
from worker.extract.version import Mode, Version, of
from worker.parse.article import Article
from worker.pipeline.budget import Budget
from worker.settings import settings
from worker.speakers.within import resolve
from worker.speakers.within.resolution import Resolution
from worker.store import catalogue


@dataclass(frozen=True, slots=True)
class Reading:
    """The quotations that one extractor version finds in one article, their speakers, and the time that this took."""

    quotations: list[Quotation]
    resolution: Resolution
    milliseconds: float
    warnings: tuple[str, ...] = ()


def version() -> Version:
    """Return the version of the running extractor. Raises `BadFit` if ONRECORD_CERTAINTY names no fit."""
    named = settings().certainty
    return of(Mode(settings().extractor), fit_of(named) if named else None)


@lru_cache(maxsize=1)
def fit_of(path: Path) -> Fitted:
    """Return the fit of a file, which is read once. Raises `BadFit`."""
    return read_fit(path)


def confide() -> Confide:
    """Return how the running extractor computes confidence."""
    fit = version().fit
    return fit.certainty if fit else certainty


def version_id(engine: Engine) -> int:
    """Return the id of the running extractor's version; add a row for the version if there is none."""
    running = version()
    return catalogue.version_id(engine, running.name, running.mode, running.model_hash, running.generation)


def read_article(article: Article, budget: Budget | None = None) -> Reading:
    """Extract the quotations and name their speakers, outside any transaction; time is linear in the text's length.

    Raise `Refused(too_slow)` if the budget has no time left; without a budget the time is not limited.
    """
    started = time.perf_counter()
    body = (article.body_start, article.body_end)
    mode = version().mode
    warnings: list[str] = []
    with budget.kept() if budget else nullcontext():
        quotations = extract(article.text, body, article.language, mode, warnings.append, confide())
        resolution = resolve(article.text, quotations, title=article.title, body=body)
    return Reading(quotations, resolution, (time.perf_counter() - started) * 1000, tuple(warnings))


def warned(article: Article, warnings: tuple[str, ...] = ()) -> Article:
    """Return the article with these warnings of reading it, in place of those of an earlier reading."""
    return replace(article, warnings=(*(note for note in article.warnings if not note.startswith(UNREAD)), *warnings))
