"""The numbered changes of what `report.quotes` shows: everything that readers see otherwise is told, once."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.integration.pipeline.articles import HARBOUR, ORCHARD
from tests.integration.pipeline.conftest import Pipeline
from tests.integration.pipeline.test_pipeline_forget import forget
from tests.integration.pipeline.test_pipeline_reprocess import OUTDATED, again, extractor_finds
from worker.decisions import quotes as quote_decisions
from worker.decisions import speakers as speaker_decisions
from worker.decisions.deciding import decide
from worker.extract import version
from worker.extract.version import Mode
from worker.store import changes, floor, telling
from worker.store.changes import Change

WHO: dict[str, Any] = {"who": "ada", "reason": "I was there"}
FIRST = "We will not open the harbour before every crane has been tested,"
SECOND = "Nobody should lose a day's pay because of it,"
THIRD = "They knew about the cranes in spring,"


def told(pipeline: Pipeline) -> list[Change]:
    """Number what is marked; return the new changes."""
    with pipeline.engine.connect() as connection:
        before = changes.latest(connection)
    telling.tell(pipeline.engine)
    with pipeline.engine.connect() as connection:
        return changes.after(connection, before, 10_000)


def in_short(found: list[Change]) -> list[tuple[object, ...]]:
    return [(change.kind, change.quote_id, *change.what) for change in found]


def shown(pipeline: Pipeline) -> list[int]:
    return [number for (number,) in pipeline.rows("SELECT quote_id FROM report.quotes ORDER BY 1")]


def test_what_is_stored_is_added_once_and_its_new_version_removes_it(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    new = told(pipeline)
    assert in_short(new) == [("added", quote) for quote in shown(pipeline)]
    assert [change.change_id for change in new] == list(range(1, len(new) + 1))
    pipeline.drop("copy.txt", HARBOUR)
    assert told(pipeline) == [], "a copy shows nothing new"
    before = shown(pipeline)
    pipeline.drop("orchard.txt", ORCHARD)
    assert {change.kind for change in told(pipeline)} == {"added"}
    pipeline.drop("orchard.txt", ORCHARD.replace("ten years", "twelve years"))
    replaced = told(pipeline)
    assert {change.kind for change in replaced} == {"added", "removed"}
    assert {change.quote_id for change in replaced if change.kind == "added"} == {*shown(pipeline)} - {*before}


def test_what_people_decide_is_told(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    ((quote, speaker),) = pipeline.rows(
        "SELECT quote_id, speaker_id FROM report.quotes q JOIN report.quote_speakers s USING (quote_id)"
        " WHERE q.quote = :words",
        words=FIRST,
    )
    told(pipeline)
    rejected = decide(pipeline.engine, lambda c: quote_decisions.reject(c, quote, **WHO))
    assert in_short(told(pipeline)) == [("removed", quote)]
    decide(pipeline.engine, lambda c: speaker_decisions.undo(c, rejected, **WHO))
    assert in_short(told(pipeline)) == [("added", quote)]
    decide(pipeline.engine, lambda c: quote_decisions.recut(c, quote, "before every crane has been tested", **WHO))
    assert in_short(told(pipeline)) == [("changed", quote, "words", "place", "statement")]
    decide(pipeline.engine, lambda c: speaker_decisions.rename(c, speaker, "Maria de Fontes", **WHO))
    renamed = told(pipeline)
    assert (quote, "speaker") in [(change.quote_id, *change.what) for change in renamed]
    assert {(change.kind, change.speakers_before) for change in renamed} == {("changed", None)}
    decide(pipeline.engine, lambda c: quote_decisions.set_speaker(c, quote, "Ilse Brandt", **WHO))
    (fixed,) = told(pipeline)
    assert (fixed.kind, fixed.what, fixed.speakers_before) == ("changed", ("speaker",), (speaker,))


def test_two_speakers_that_are_one_are_joined_and_no_number_is_missed_in_batches(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "QUOTES", 2)
    pipeline.drop("harbour.txt", HARBOUR)
    told(pipeline)
    rows = pipeline.rows("SELECT DISTINCT speaker, speaker_id FROM report.quote_speakers")
    one, other = (dict(rows)[name] for name in ("Maria Fontes", "Paulo Reis"))
    moved = pipeline.rows("SELECT quote_id FROM report.quote_speakers WHERE speaker_id = :one ORDER BY 1", one=one)
    assert len(moved) > 2
    decide(pipeline.engine, lambda c: speaker_decisions.merge(c, [one], other, **WHO))
    with pipeline.engine.begin() as connection:
        assert telling.tell_some(connection) is not None
        assert telling.tell_some(connection) is not None, "a large speaker takes several batches"
    told(pipeline)
    with pipeline.engine.connect() as connection:
        every = changes.after(connection, 0, 1_000)
    joined = [change for change in every if change.kind == "joined"]
    assert [change.quote_id for change in joined] == [quote for (quote,) in moved]
    assert {(change.speaker_ids, change.speakers_before) for change in joined} == {((other,), (one,))}
    assert [change.change_id for change in every] == list(range(1, len(every) + 1))


def test_reading_again_tells_what_it_changes_and_no_more(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    extractor_finds(monkeypatch, (FIRST, "Fontes", "said"), (THIRD, "Reis", "said"))
    pipeline.drop("harbour.txt", HARBOUR)
    first, third = (change.quote_id for change in told(pipeline))
    monkeypatch.setitem(version.GENERATIONS, Mode.FULL, version.GENERATIONS[Mode.FULL] + 1)
    extractor_finds(monkeypatch, (FIRST, "Fontes", "said"), (SECOND, "she", "added"))
    assert again(pipeline, OUTDATED) == ["done"]
    assert in_short(told(pipeline)) == [("removed", third), ("added", third + 1)]  # type: ignore[operator]
    assert first in shown(pipeline)


def test_the_floor_and_forgetting_are_told_without_the_words(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    pipeline.drop("orchard.txt", ORCHARD)
    added = {change.quote_id for change in told(pipeline)}
    floor.keep(pipeline.engine, 1.0)
    assert {change.quote_id for change in told(pipeline) if change.kind == "removed"} == added
    floor.keep(pipeline.engine, 0.5)
    assert {change.quote_id for change in told(pipeline) if change.kind == "added"} == added
    forget(pipeline, "harbour.txt")
    left = pipeline.rows(
        "SELECT count(*) FROM told_quotes t WHERE NOT EXISTS (SELECT FROM quotes WHERE id = t.quote_id)"
    )
    assert left == [(0,)], "the digests of forgotten words are deleted by the forgetting itself"
    with pipeline.engine.connect() as connection:
        every = changes.after(connection, 0, 1_000)
        rows = connection.execute(text("SELECT string_agg(c::text, ' ') FROM changes c")).scalar_one()
    gone = {change.quote_id for change in every} - set(shown(pipeline))
    assert {change.kind for change in every if change.quote_id in gone and change.change_id > 3 * len(added)} == {
        "removed"
    }
    assert "Fontes" not in rows
    assert "crane" not in rows
