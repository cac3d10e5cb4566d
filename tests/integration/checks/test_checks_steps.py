"""The weekly check: one question a step, until all were asked; and what `onrecord doctor` says about it."""

import pytest
from sqlalchemy import Engine, text

from tests.integration.checks.breaks import BREAKS
from tests.integration.checks.world import build, damage
from worker.checks import steps, texts
from worker.checks.check import ask_all
from worker.checks.repair import repair
from worker.checks.steps import QUESTIONS, merged, step
from worker.cli.checks.finding import Finding, Level
from worker.cli.checks.tables import check_tables
from worker.store.checking import latest
from worker.store.checking.question import answer

WEEK = 168.0


def all_steps(engine: Engine) -> list[str]:
    """Take steps until no question is due; return the questions that were answered, in order."""
    asked = []
    while (given := step(engine, WEEK)) is not None:
        asked.append(given.name)
    return asked


def said(engine: Engine) -> Finding:
    with engine.connect() as connection:
        return check_tables(connection)


def test_every_question_is_asked_once_a_week(engine: Engine) -> None:
    build(engine)
    assert said(engine).level is Level.OK
    assert f"{len(QUESTIONS)} of {len(QUESTIONS)} questions" in said(engine).message
    assert all_steps(engine) == [question.name for question in QUESTIONS]
    assert said(engine).message.endswith("nothing is wrong.")
    with engine.begin() as connection:
        connection.execute(text("UPDATE checks SET started_at = started_at - interval '8 days' WHERE name = 'texts'"))
    assert all_steps(engine) == ["texts"]


def test_doctor_tells_what_is_wrong_until_a_check_finds_it_right(engine: Engine) -> None:
    build(engine)
    with engine.begin() as connection:
        damage(connection, BREAKS["name-count"])
        damage(connection, BREAKS["article-sketch"])
    all_steps(engine)
    finding = said(engine)
    assert finding.level is Level.PROBLEM
    assert "3 of name-count" in finding.message
    assert finding.todo == "Run `onrecord check`."
    list(repair(engine))
    with engine.begin() as connection:
        for given in merged(ask_all(engine)):
            latest.record(connection, given)
    assert said(engine).level is Level.OK


def test_reading_the_texts_goes_on_where_it_stopped(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    build(engine)
    with engine.begin() as connection:
        damage(connection, ("UPDATE articles SET sketch = '{1}'",))
        for question in steps.QUESTIONS[:-1]:
            latest.record(connection, answer(question, (), 0, 0.0))
    monkeypatch.setattr(texts, "BATCH", 1)
    read = texts.read
    positions = []

    def read_one(connection, after, seconds):  # type: ignore[no-untyped-def]
        positions.append(after)
        reading = read(connection, after, seconds)
        if len(positions) == 1:  # as if the time was over after the first article
            return texts.Reading({**reading.wrong, texts.SKETCH.name: reading.wrong[texts.SKETCH.name][:1]}, 1, False)
        return reading

    monkeypatch.setattr(texts, "read", read_one)
    assert step(engine, WEEK) is None
    found = step(engine, WEEK)
    assert found is not None
    assert positions == [0, 1]
    assert (found.count, found.ids) == (3, ("article-sketch 1", "article-sketch 2", "article-sketch 3"))
    assert step(engine, WEEK) is None
