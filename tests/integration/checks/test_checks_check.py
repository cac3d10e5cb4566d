"""The questions about the tables: each finds the rows that are wrong, and what can be repaired is repaired."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, text

from tests.integration.checks.breaks import BREAKS
from tests.integration.checks.world import build, damage
from worker.checks import texts
from worker.checks.check import QUESTIONS, answers, ask_all, check
from worker.checks.repair import REPAIRS, repair
from worker.dedupe.canonical import canonical_hash
from worker.store.checking.question import Answer, wrong_rows
from worker.store.checking.texts import StoredText
from worker.store.tables.models import Base


def not_well(given: list[Answer]) -> dict[str, Answer]:
    return {answer.name: answer for answer in given if not answer.is_well}


@contextmanager
def rolled_back(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def contents(connection: Connection) -> dict[str, str]:
    """Return a digest of the rows of each table, without the marks: a write that changes nothing leaves some, too."""
    return {
        table: str(
            connection.execute(text(f"SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM {table} t")).scalar()
        )
        for table in Base.metadata.tables
        if table != "change_marks"
    }


def mend(connection: Connection) -> set[str]:
    """Run every repair in the caller's transaction, in its order; return the questions that found rows."""
    mended = set()
    for name, run in REPAIRS.items():
        if ids := wrong(connection, name):
            run(connection, ids)
            mended.add(name)
    return mended


def wrong(connection: Connection, name: str) -> list[int]:
    """Return the rows that one question finds."""
    question = next(question for question in QUESTIONS if question.name == name)
    return wrong_rows(connection, question, 100) if question.query else texts.read(connection, 0, 9.0).wrong[name]


def test_a_soft_hyphen_does_not_make_two_words() -> None:
    """Whether a text is short is counted in its canonical text, as it is where the hash is made."""
    body = " ".join(["co\u00adoperation"] * 30)
    hashed = canonical_hash(body, title="Title", outlet="IRNA", url=None)
    assert texts.hash_of(StoredText(1, body, 0, len(body), "Title", None, hashed, [])) is None


def test_an_empty_database_is_well(engine: Engine) -> None:
    given = ask_all(engine)
    assert [answer.name for answer in given] == [question.name for question in QUESTIONS]
    assert not_well(given) == {}


def test_every_question_has_a_name_of_its_own_and_a_way_to_break_it() -> None:
    names = [question.name for question in QUESTIONS]
    assert sorted(names) == sorted(BREAKS)
    assert set(REPAIRS) <= set(names)


@pytest.mark.timeout(180)
def test_what_is_broken_is_found_and_what_can_be_repaired_is_repaired(engine: Engine) -> None:
    build(engine)
    assert not_well(ask_all(engine)) == {}
    for name, statements in BREAKS.items():
        with rolled_back(engine) as connection:
            damage(connection, statements)
            assert wrong(connection, name), name
            mended = mend(connection)
            if name in REPAIRS:
                assert mended, name
                assert not_well(answers(connection)) == {}, name
            else:
                assert wrong(connection, name), name


def test_repair_leaves_right_rows_alone(engine: Engine) -> None:
    build(engine)
    assert list(repair(engine)) == []
    with rolled_back(engine) as connection:
        before = contents(connection)
        for name, run in REPAIRS.items():
            run(connection, [1, 2, 3, 4, 5])
            assert contents(connection) == before, name


def test_repair_does_all_kinds_of_rows_at_once(engine: Engine) -> None:
    build(engine)
    names = ("statement-without-quote", "key-without-statement", "name-count", "merge-not-in-force", "article-sketch")
    with engine.begin() as connection:
        for name in names:
            damage(connection, BREAKS[name])
    assert set(names) <= set(not_well(check(engine)))
    assert {done.question.name for done in repair(engine)} >= set(names)
    assert check(engine) == []


def test_a_question_that_takes_too_long_is_not_answered(engine: Engine) -> None:
    build(engine)
    given = check(engine, seconds=0.0)
    assert {answer.count for answer in given} == {None}
    assert len(given) > len(QUESTIONS) / 2
