"""Articles that are stored or read again while a person decides about them: the decision holds."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from tests.integration.decisions.at_once import meanwhile
from tests.integration.pipeline.articles import HARBOUR
from tests.integration.pipeline.conftest import Pipeline
from worker.checks.check import check
from worker.decisions import quotes as quote_decisions
from worker.decisions import speakers as speaker_decisions
from worker.decisions.deciding import decide
from worker.extract import version
from worker.extract.version import Mode
from worker.pipeline import extractor
from worker.pipeline.document import process_document
from worker.pipeline.reprocess import reprocess_item
from worker.store import reprocessing
from worker.store.decisions import Undecidable
from worker.store.reprocessing import Selection

WHO: dict[str, Any] = {"who": "ada", "reason": "I was there"}
LATER = HARBOUR.replace("closed for a week", "closed for a month").replace("grain", "coal")


def of(pipeline: Pipeline, name: str) -> tuple[int, list[int]]:
    """Return the id of a speaker by a form of the name, and the ids of its quotes."""
    found = pipeline.rows(
        "SELECT speaker_id, array_agg(quote_id ORDER BY quote_id) FROM quote_speakers WHERE name = :name"
        " GROUP BY speaker_id",
        name=name,
    )
    ((speaker, quotes),) = found
    return speaker, quotes


def one_waits(pipeline: Pipeline) -> Callable[[], object]:
    """Queue an article; return the work on it, as a pool process does it."""
    (pipeline.inbox / "later.txt").write_text(LATER)
    pipeline.sight("later.txt")
    pipeline.read()
    ((document,),) = pipeline.rows("SELECT id FROM documents WHERE state = 'waiting'")
    return lambda: process_document(pipeline.engine, pipeline.process_id, document, pipeline.parser)


def one_is_outdated(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    """Queue the stored article to be read again by a better extractor; return the work on it."""
    monkeypatch.setitem(version.GENERATIONS, Mode.FULL, version.GENERATIONS[Mode.FULL] + 1)
    version_id, generation = extractor.version_id(pipeline.engine), extractor.version().generation
    with pipeline.engine.begin() as connection:
        reprocessing.start(connection, Selection(), version_id, generation, reparse=False, scheduled=False)
    ((item,),) = pipeline.rows("SELECT id FROM reprocess_items WHERE state = 'waiting'")
    return lambda: reprocess_item(pipeline.engine, pipeline.process_id, item, pipeline.parser)


def test_an_article_stored_during_a_decision_follows_it(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    mayor, union = of(pipeline, "Maria Fontes")[0], of(pipeline, "Paulo Reis")[0]
    article = one_waits(pipeline)

    def merge(connection: Connection) -> list[int]:
        return speaker_decisions.merge(connection, [union], mayor, **WHO)

    with meanwhile(pipeline.engine, decide, merge, article) as (_, [ended]):
        assert getattr(ended, "state", None) == "stored"
    assert pipeline.rows("SELECT DISTINCT owner FROM statements WHERE owner > 0") == [(mayor,)]
    assert pipeline.rows("SELECT strikes, attempt FROM documents WHERE id = 2") == [(0, 1)]


def test_a_re_reading_that_waits_for_a_correction_applies_it(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    mayor, _ = of(pipeline, "Maria Fontes")
    _, [quote, *_] = of(pipeline, "Paulo Reis")
    again = one_is_outdated(pipeline, monkeypatch)

    def fix(connection: Connection) -> int:
        return quote_decisions.set_speaker(connection, quote, mayor, **WHO)

    with meanwhile(pipeline.engine, decide, fix, again) as (_, [state]):
        assert state == "done"
    hands = pipeline.rows("SELECT speaker_id, by_hand FROM quote_speakers WHERE quote_id = :quote", quote=quote)
    assert hands == [(mayor, True)]
    assert right_counts(pipeline)


def test_a_correction_that_waits_for_a_re_reading_is_made_on_the_new_quotes(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    mayor, _ = of(pipeline, "Maria Fontes")
    _, [quote, *_] = of(pipeline, "Paulo Reis")
    again = one_is_outdated(pipeline, monkeypatch)

    def fix() -> object:
        return decide(pipeline.engine, lambda c: quote_decisions.set_speaker(c, quote, mayor, **WHO))

    def one_reads(engine: Engine, stop: Callable[[Connection], object]) -> object:
        """Read again; the last trigger of the swap stops in the transaction until the correction waits."""
        with engine.begin() as blocker:
            blocker.execute(text("SELECT id FROM articles FOR UPDATE"))
            return stop(blocker)

    # The re-reading holds the decision lock and waits for the article's row; the correction waits for the re-reading.
    with meanwhile(pipeline.engine, one_reads, lambda _: None, again, fix) as (_, [state, decision]):
        assert (state, type(decision)) == ("done", int)
    hands = pipeline.rows("SELECT speaker_id, by_hand FROM quote_speakers WHERE quote_id = :quote", quote=quote)
    assert hands == [(mayor, True)]
    assert right_counts(pipeline)


def test_words_that_a_person_marked_outlive_a_re_reading(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    _, [quote, *_] = of(pipeline, "Paulo Reis")
    ((words,),) = pipeline.rows("SELECT text FROM quotes WHERE id = :quote", quote=quote)
    shorter = " ".join(words.split()[1:])
    missed = " ".join(HARBOUR.split()[:4])

    def mark(connection: Connection) -> int:
        quote_decisions.recut(connection, quote, shorter, **WHO)
        return quote_decisions.add(connection, 1, missed, **WHO)[1]

    added = decide(pipeline.engine, mark)
    before = pipeline.rows("SELECT quote_id, quote, speaker, statement_id FROM report.quotes ORDER BY 1")
    assert {(quote, shorter), (added, missed)} <= {row[:2] for row in before}
    assert one_is_outdated(pipeline, monkeypatch)() == "done"
    assert pipeline.rows("SELECT quote_id, quote, speaker, statement_id FROM report.quotes ORDER BY 1") == before
    assert right_counts(pipeline)
    assert check(pipeline.engine) == []


def right_counts(pipeline: Pipeline) -> bool:
    """True if each form's count of articles is right."""
    return not pipeline.rows(
        "SELECT n.name FROM speaker_names n WHERE n.status = 'joined' AND n.articles <> (SELECT count(DISTINCT"
        " q.article_id) FROM quote_speakers s JOIN quotes q ON q.id = s.quote_id AND q.current"
        " WHERE s.speaker_id = n.speaker_id AND s.name = n.name)"
    )


def test_a_correction_of_a_quote_that_is_gone_says_that_the_article_was_read_again(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    _, [quote, *_] = of(pipeline, "Paulo Reis")
    with pipeline.engine.begin() as connection:
        connection.execute(text("UPDATE quotes SET current = false WHERE id = :quote"), {"quote": quote})
        connection.execute(text("UPDATE extractions SET quotes = quotes - 1"))
    with pytest.raises(Undecidable, match="the article was read again meanwhile"):
        decide(pipeline.engine, lambda c: quote_decisions.reject(c, quote, **WHO))
