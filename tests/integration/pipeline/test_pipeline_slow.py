"""A document that takes too long ends once, with a reason and a sentence; its neighbours are stored."""

from collections.abc import Iterator

import pytest

from tests.integration.pipeline.articles import HARBOUR, ORCHARD
from tests.integration.pipeline.conftest import Pipeline
from tests.integration.pipeline.test_pipeline_reprocess import again
from tests.unit.growth.shapes import SHAPES
from worker import extract as extraction
from worker.pipeline import extractor
from worker.settings import settings
from worker.store.reprocessing import Selection


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An extractor that never ends for texts with apples, and a budget of a second."""
    find = extraction.extract

    def extract(text: str, *arguments: object) -> object:
        while "apple" in text:
            pass
        return find(text, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(extractor, "extract", extract)
    monkeypatch.setenv("ONRECORD_DOCUMENT_SECONDS", "1")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.usefixtures("slow")
def test_a_slow_document_ends_once_and_its_neighbour_is_stored(pipeline: Pipeline) -> None:
    pipeline.drop("orchard.txt", ORCHARD)
    documents = pipeline.rows("SELECT state, reason, attempt, strikes FROM documents")
    assert documents == [("quarantined", "too_slow", 1, 0)]
    assert pipeline.rows("SELECT state, reason FROM files") == [("quarantined", "too_slow")]
    assert "ONRECORD_DOCUMENT_SECONDS" in pipeline.rows("SELECT message FROM documents")[0][0]
    assert pipeline.rows("SELECT count(*) FROM articles") == [(0,)]


def test_a_slow_item_of_a_reprocessing_fails_with_the_sentence(
    pipeline: Pipeline, request: pytest.FixtureRequest
) -> None:
    pipeline.drop("orchard.txt", ORCHARD)
    pipeline.drop("harbour.txt", HARBOUR)
    quotes = pipeline.rows("SELECT id, text FROM quotes ORDER BY id")
    request.getfixturevalue("slow")
    assert again(pipeline, Selection()) == ["failed", "unchanged"]
    assert "ONRECORD_DOCUMENT_SECONDS" in pipeline.rows("SELECT message FROM reprocess_items ORDER BY id")[0][0]
    assert pipeline.rows("SELECT id, text FROM quotes ORDER BY id") == quotes


@pytest.mark.slow
def test_two_long_quotations_of_repeated_words_are_stored(pipeline: Pipeline) -> None:
    pipeline.drop("speech.txt", SHAPES["an edited quotation"](51_000))
    assert pipeline.rows("SELECT state, strikes FROM documents") == [("stored", 0)]
    assert pipeline.rows("SELECT count(*) > 1 FROM quotes WHERE length(text) > 20000") == [(True,)]
