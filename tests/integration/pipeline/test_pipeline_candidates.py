"""A database of the generation before, with candidates in it, is read again: ids, decisions and counts stay."""

from collections.abc import Mapping

import pytest
from sqlalchemy import text

from tests.integration.pipeline.articles import HARBOUR
from tests.integration.pipeline.conftest import Pipeline
from tests.integration.pipeline.test_pipeline_reprocess import OUTDATED, again
from worker.decisions import quotes as quote_decisions
from worker.extract import version
from worker.extract.quotation import Kind, Mention, Quotation
from worker.extract.version import Mode
from worker.pipeline import extractor

SURE, ACCEPTED, LEFT, NAMED = (
    "We will not open the harbour before every crane has been tested,",
    "Nobody should lose a day's pay because of it,",
    "that the cranes had to be checked",
    "They knew about the cranes in spring,",
)
OLD = {SURE: 0.9, ACCEPTED: 0.3, LEFT: 0.4, NAMED: 0.2}


def extractor_finds(monkeypatch: pytest.MonkeyPatch, confidences: Mapping[str, float], **more: object) -> None:
    """Replace the extractor by one that finds these words, each with its confidence, all said by Fontes."""

    def extract(article: str, *_: object) -> list[Quotation]:
        place = article.index("Fontes")
        source = Mention("Fontes", place, place + len("Fontes"))
        found = sorted((article.index(words), words, confidence) for words, confidence in confidences.items())
        return [
            Quotation(
                Kind.DIRECT,
                words,
                ((start, start + len(words)),),
                source,
                None,
                confidence,
                **more,  # type: ignore[arg-type]
            )
            for start, words, confidence in found
        ]

    monkeypatch.setattr(extractor, "extract", extract)


def test_ids_decisions_and_counts_stay(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    extractor_finds(monkeypatch, OLD)
    pipeline.drop("harbour.txt", HARBOUR)
    numbers = dict(pipeline.rows("SELECT text, id FROM quotes"))
    who, why = "an editor", "it stands there"
    with pipeline.engine.begin() as connection:
        quote_decisions.accept(connection, numbers[ACCEPTED], who=who, reason=why)
        quote_decisions.set_speaker(connection, numbers[NAMED], "Paulo Reis", who=who, reason=why)
        # As in a database of the release before: nothing is known of contexts and denials.
        connection.execute(text("UPDATE quotes SET context_start = NULL, context_end = NULL, denied = false"))
    question = "SELECT quote_id, quote, speaker FROM report.quotes ORDER BY quote_id"
    counts = "SELECT speaker, quotes, statements FROM report.speakers ORDER BY speaker"
    before = pipeline.rows(question), pipeline.rows(counts)
    assert [row[1] for row in before[0]] == [SURE, ACCEPTED, NAMED]
    assert pipeline.rows("SELECT quote FROM report.candidates") == [(LEFT,)]

    monkeypatch.setitem(version.GENERATIONS, Mode.FULL, version.GENERATIONS[Mode.FULL] + 1)
    extractor_finds(monkeypatch, {words: confidence + 0.05 for words, confidence in OLD.items()}, context=(0, 400))
    assert again(pipeline, OUTDATED) == ["done"]

    assert (pipeline.rows(question), pipeline.rows(counts)) == before
    assert dict(pipeline.rows("SELECT text, id FROM quotes WHERE current")) == numbers
    assert pipeline.rows("SELECT quote FROM report.candidates") == [(LEFT,)]
    assert pipeline.rows("SELECT DISTINCT context_start, context_end FROM quotes WHERE current") == [(0, 400)]


def test_a_better_reading_moves_a_candidate_up(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    extractor_finds(monkeypatch, OLD)
    pipeline.drop("harbour.txt", HARBOUR)
    monkeypatch.setitem(version.GENERATIONS, Mode.FULL, version.GENERATIONS[Mode.FULL] + 1)
    extractor_finds(monkeypatch, OLD | {LEFT: 0.8})
    assert again(pipeline, OUTDATED) == ["done"]
    assert LEFT in [row[0] for row in pipeline.rows("SELECT quote FROM report.quotes")]


def test_what_the_extractor_finds_is_stored_with_its_context(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    [(before, quote, after)] = pipeline.rows(
        "SELECT context_before, quote, context_after FROM report.all_quotes WHERE quote LIKE 'They knew%'"
    )
    assert f"{before}{quote}{after}" in HARBOUR
    assert before.startswith("The union's spokesman")
    assert after.endswith("a third of the country's grain.")
