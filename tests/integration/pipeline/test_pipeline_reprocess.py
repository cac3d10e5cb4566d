"""Reading again: quotes keep their ids, history is written, and decisions by people outrank the machine."""

import pytest
from sqlalchemy import text

from tests.integration.pipeline.articles import HARBOUR, ORCHARD
from tests.integration.pipeline.conftest import Pipeline
from tests.integration.pipeline.test_pipeline_forget import forget
from worker.decisions import quotes as quote_decisions
from worker.extract import version
from worker.extract.quotation import Kind, Mention, Quotation
from worker.extract.version import Mode
from worker.pipeline import extractor
from worker.pipeline.reprocess import reprocess_item
from worker.store import catalogue, reprocessing
from worker.store.reprocessing import Selection


def again(pipeline: Pipeline, selection: Selection, *, reparse: bool = False) -> list[str | None]:
    """Run a whole job; return the state of each item."""
    version_id = extractor.version_id(pipeline.engine)
    with pipeline.engine.begin() as connection:
        generation = version.GENERATIONS[Mode.FULL]
        reprocessing.start(connection, selection, version_id, generation, reparse=reparse, scheduled=False)
    states = [
        reprocess_item(pipeline.engine, pipeline.process_id, row[0], pipeline.parser)
        for row in pipeline.rows("SELECT id FROM reprocess_items WHERE state = 'waiting' ORDER BY id")
    ]
    with pipeline.engine.begin() as connection:
        reprocessing.close(connection)
    return states


OUTDATED = Selection(outdated=True, label="outdated")


@pytest.fixture
def better(monkeypatch: pytest.MonkeyPatch) -> None:
    """An extractor of the next generation."""
    monkeypatch.setitem(version.GENERATIONS, Mode.FULL, version.GENERATIONS[Mode.FULL] + 1)


def extractor_finds(monkeypatch: pytest.MonkeyPatch, *wanted: tuple[str, str, str]) -> None:
    """Replace the extractor by one that finds exactly these (quotation, source, cue) triples."""

    def extract(article: str, *_: object) -> list[Quotation]:
        def span(words: str, after: int = 0) -> Mention:
            start = article.index(words, after)
            return Mention(words, start, start + len(words))

        quotations = []
        for quote, source, cue in wanted:
            place = span(quote)
            quotations.append(
                Quotation(
                    Kind.DIRECT, quote, ((place.start, place.end),), span(source, place.end), span(cue, place.end), 0.9
                )
            )
        return quotations

    monkeypatch.setattr(extractor, "extract", extract)


def test_nothing_is_outdated_at_first(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    assert again(pipeline, OUTDATED) == []
    assert pipeline.rows("SELECT state, total FROM reprocess_runs") == [("done", 0)]


def test_unchanged_quotes_keep_their_ids_and_leave_no_history(pipeline: Pipeline, better: None) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    pipeline.rows("SELECT 1")
    with pipeline.engine.begin() as connection:
        connection.execute(text("UPDATE extractor_versions SET generation = generation - 1"))
    before = pipeline.rows("SELECT quote_id, quote, speaker FROM report.quotes ORDER BY quote_id")
    assert again(pipeline, OUTDATED) == ["done"]
    assert pipeline.rows("SELECT quote_id, quote, speaker FROM report.quotes ORDER BY quote_id") == before
    assert pipeline.rows("SELECT count(*) FROM quote_history") == [(0,)]
    assert pipeline.rows("SELECT count(*) FILTER (WHERE current), count(*) FROM extractions") == [(1, 2)]


def test_what_changed_is_in_the_history_and_the_rest_keeps_its_id(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = "We will not open the harbour before every crane has been tested,"
    second = "They knew about the cranes in spring,"
    extractor_finds(monkeypatch, (first, "Fontes", "said"))
    pipeline.drop("harbour.txt", HARBOUR)
    [(kept,)] = pipeline.rows("SELECT quote_id FROM report.quotes")
    monkeypatch.setitem(version.GENERATIONS, Mode.FULL, version.GENERATIONS[Mode.FULL] + 1)
    extractor_finds(monkeypatch, (first.removesuffix(","), "Fontes", "said"), (second, "Reis", "said"))
    assert again(pipeline, OUTDATED) == ["done"]
    quotes = pipeline.rows("SELECT quote_id, quote FROM report.quotes ORDER BY start_char")
    assert quotes[0] == (kept, first.removesuffix(","))
    assert quotes[1][1] == second
    history = pipeline.rows("SELECT change, old->>'text' FROM quote_history ORDER BY id")
    assert history == [("changed", first), ("added", None)]


def test_a_quotation_that_is_no_longer_found_leaves_the_reports_but_not_the_table(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    extractor_finds(monkeypatch, ("They knew about the cranes in spring,", "Reis", "said"))
    pipeline.drop("harbour.txt", HARBOUR)
    monkeypatch.setitem(version.GENERATIONS, Mode.FULL, version.GENERATIONS[Mode.FULL] + 1)
    extractor_finds(monkeypatch)
    assert again(pipeline, OUTDATED) == ["done"]
    assert pipeline.rows("SELECT count(*) FROM report.quotes") == [(0,)]
    assert pipeline.rows("SELECT current FROM quotes") == [(False,)]
    assert pipeline.rows("SELECT change FROM quote_history") == [("removed",)]


def test_a_swap_by_the_same_or_an_older_generation_is_refused(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    extractor_finds(monkeypatch)
    assert again(pipeline, Selection(label="all")) == ["unchanged"]
    monkeypatch.setitem(version.GENERATIONS, Mode.FULL, version.GENERATIONS[Mode.FULL] - 1)
    assert again(pipeline, Selection(label="all")) == ["unchanged"]
    assert pipeline.rows("SELECT count(*) > 0 FROM report.quotes") == [(True,)]


def test_decisions_of_people_survive(pipeline: Pipeline, better: None) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    [(quote,)] = pipeline.rows("SELECT quote_id FROM report.quotes WHERE quote LIKE 'They knew%'")
    [(other,)] = pipeline.rows("SELECT quote_id FROM report.quotes WHERE quote LIKE 'Nobody%'")
    with pipeline.engine.begin() as connection:
        quote_decisions.set_speaker(connection, quote, "Petra Lind", who="an editor", reason="she was quoted")
        quote_decisions.reject(connection, other, who="an editor", reason="not said")
        connection.execute(text("UPDATE extractor_versions SET generation = generation - 1"))
    assert again(pipeline, OUTDATED) == ["done"]
    assert pipeline.rows(f"SELECT speaker FROM report.quotes WHERE quote_id = {quote}") == [("Petra Lind",)]
    assert pipeline.rows(f"SELECT count(*) FROM report.quotes WHERE quote_id = {other}") == [(0,)]


def test_only_what_was_asked_for_is_read_again(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    pipeline.drop("orchard.txt", ORCHARD)
    with pipeline.engine.connect() as connection:
        for selection, expected in (
            (Selection(label="all"), 2),
            (Selection(file="orch*"), 1),
            (Selection(file="%"), 0),
            (Selection(since="2999-01-01"), 0),
            (Selection(since="2020-01-01"), 2),
        ):
            assert reprocessing.count(connection, selection, version.GENERATIONS[Mode.FULL]) == expected


def test_a_job_that_is_stopped_leaves_the_rest_as_it_was(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    running = catalogue.version_id(pipeline.engine, "x", "rules", None, version.GENERATIONS[Mode.FULL] + 1)
    with pipeline.engine.begin() as connection:
        job = reprocessing.start(
            connection, Selection(label="all"), running, version.GENERATIONS[Mode.FULL], reparse=False, scheduled=False
        )
    with pipeline.engine.begin() as connection:
        assert reprocessing.stop(connection, job.id) == 1
    assert pipeline.rows("SELECT state FROM reprocess_runs") == [("stopped",)]


def test_parsing_again_stores_the_better_text_and_its_quotes(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    # As if an older parser had stored the text with additional words at its end.
    with pipeline.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE articles SET text = text || ' And more of it.', canonical_hash = '\\x02',"
                " sketch = '{1,2,3}'::bigint[] || sketch[2:]"
            )
        )
        connection.execute(text("DELETE FROM fingerprints WHERE hash = (SELECT min(hash) FROM fingerprints)"))
        connection.execute(text("INSERT INTO fingerprints (hash, story_id) SELECT 1, min(id) FROM stories"))
        connection.execute(
            text(
                "UPDATE quotes SET parts = ARRAY[length(a.text) - 3, length(a.text)],"
                " start_char = length(a.text) - 3, end_char = length(a.text), context_end = length(a.text)"
                " FROM articles a WHERE quotes.id = (SELECT max(id) FROM quotes)"
            )
        )
    assert again(pipeline, Selection(label="all"), reparse=True) == ["done"]
    assert pipeline.rows("SELECT text FROM report.articles") == [(HARBOUR,)]
    rows = pipeline.rows(
        "SELECT q.text, q.parts, a.text FROM quotes q JOIN articles a ON a.id = q.article_id WHERE q.current"
    )
    assert rows
    for quote, parts, article in rows:
        assert quote == " ".join(article[s:e] for s, e in zip(parts[::2], parts[1::2], strict=True))


def test_the_schedule_is_read_from_the_tables(pipeline: Pipeline) -> None:
    with pipeline.engine.connect() as connection:
        assert reprocessing.due(connection, 24)
    with pipeline.engine.begin() as connection:
        running = catalogue.version_id(pipeline.engine, "x", "rules", None, 1)
        reprocessing.start(connection, OUTDATED, running, 1, reparse=False, scheduled=True)
        assert not reprocessing.due(connection, 24)
        connection.execute(text("UPDATE reprocess_runs SET created_at = now() - interval '25 hours'"))
        assert reprocessing.due(connection, 24)


def test_parsed_again_a_copy_leaves_nothing_of_the_forgotten_file(pipeline: Pipeline) -> None:
    pipeline.drop("first.txt", HARBOUR.replace("LISBON", "GLIMWORP"))
    pipeline.drop("copy.txt", HARBOUR)
    forget(pipeline, "first.txt")
    assert pipeline.rows("SELECT dateline FROM articles") == [("GLIMWORP",)], "docs/how-to.md (Forget) says so"
    assert again(pipeline, Selection(file="copy.txt", label="copy.txt"), reparse=True) == ["done"]
    [(dateline, words)] = pipeline.rows("SELECT dateline, text FROM articles")
    assert (dateline, "GLIMWORP" in words) == ("LISBON", False)
