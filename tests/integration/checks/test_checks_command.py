"""`onrecord check`, as a person runs it."""

import json

import pytest
from sqlalchemy import Connection, Engine, text

from tests.integration.checks.breaks import BREAKS
from tests.integration.checks.world import build, damage
from tests.integration.report.conftest import Command
from worker.checks import repair
from worker.checks.check import QUESTIONS
from worker.store import moves
from worker.store.checking.question import Question, wrong_rows


def breaking(engine: Engine, *names: str) -> None:
    with engine.begin() as connection:
        for name in names:
            damage(connection, BREAKS[name])


def test_all_is_well(onrecord: Command, engine: Engine) -> None:
    build(engine)
    ran = onrecord("check")
    assert (ran.code, ran.out) == (
        0,
        f"{len(QUESTIONS)} of {len(QUESTIONS)} questions were answered; nothing is wrong.\n",
    )


def test_what_is_wrong_is_printed_and_repaired(onrecord: Command, engine: Engine) -> None:
    build(engine)
    breaking(engine, "name-count", "key-without-statement", "speaker-without-quote")
    ran = onrecord("check")
    assert ran.code == 3
    assert "(speakers 1, 2, 3)" in ran.out
    assert "2 of them found 4 rows that are wrong" in ran.out
    assert "leftover   speaker-without-quote" in ran.out
    assert "onrecord check --repair" in ran.out
    ran = onrecord("check", "--repair")
    assert ran.code == 0, ran.out
    repaired = [line.split()[1].rstrip(":") for line in ran.out.splitlines() if line.startswith("repaired")]
    assert repaired == ["speaker-without-quote", "name-count", "key-without-statement"]
    assert ran.out.endswith("nothing is wrong.\n")


def test_a_leftover_alone_is_not_wrong(onrecord: Command, engine: Engine) -> None:
    build(engine)
    breaking(engine, "speaker-without-quote")
    ran = onrecord("check")
    assert ran.code == 0
    assert "leftover" in ran.out


def test_what_no_command_repairs_is_said(onrecord: Command, engine: Engine) -> None:
    build(engine)
    breaking(engine, "document-without-bytes")
    ran = onrecord("check", "--repair")
    assert ran.code == 3
    assert "No command can repair document-without-bytes: restore a backup" in ran.out
    assert "--repair" not in ran.out


def test_json_has_every_answer(onrecord: Command, engine: Engine) -> None:
    build(engine)
    breaking(engine, "name-count", "document-without-bytes")
    ran = onrecord("check", "--json", "--repair")
    values = json.loads(ran.out)
    assert ran.code == 3
    assert values["well"] is False
    assert values["repaired"] == [{"name": "name-count", "count": 3}]
    found = {question["name"]: question for question in values["questions"]}
    assert len(found) == len(QUESTIONS)
    assert found["name-count"]["count"] == 0
    assert found["document-without-bytes"]["ids"] == [1, 2, 3]


def test_a_question_without_time_is_not_right(
    onrecord: Command,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build(engine)
    monkeypatch.setattr("worker.checks.check.SHARE", 0.0)
    ran = onrecord("check")
    assert ran.code == 3
    assert "unanswered file-members: there was not enough time." in ran.out
    assert f"3 of {len(QUESTIONS)} questions were answered; they found nothing wrong." in ran.out
    assert "onrecord check --seconds 3600" in ran.out


def test_every_repair_ends_although_rows_stay_wrong(
    onrecord: Command,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build(engine)
    breaking(engine, "name-count")
    monkeypatch.setitem(repair.REPAIRS, "name-count", lambda _connection, _ids: None)
    ran = onrecord("check", "--repair")
    assert ran.code == 3
    assert "repaired   name-count: 3 speakers." in ran.out
    assert "wrong      name-count" in ran.out


def test_no_speaker_is_half_moved_while_rows_are_repaired(
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build(engine)
    breaking(engine, "article-hash")
    with engine.begin() as connection:
        moves.add_speakers(connection, [1])
    half_moved = []
    monkeypatch.setitem(
        repair.REPAIRS, "article-hash", lambda connection, _ids: half_moved.append(moves.any_left(connection))
    )
    assert [repaired.question.name for repaired in repair.repair(engine)] == ["article-hash"]
    assert half_moved == [False]


def test_a_slow_question_and_a_slow_repair_do_not_end_the_others(
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build(engine)
    breaking(engine, "name-count", "key-without-statement")

    def slow(connection: Connection) -> None:
        connection.execute(text("SET LOCAL statement_timeout = '10ms'"))
        connection.execute(text("SELECT pg_sleep(60)"))

    def slow_for_one(connection: Connection, question: Question, most: int) -> list[int]:
        if question.name == "merged-twice":
            slow(connection)
        return wrong_rows(connection, question, most)

    monkeypatch.setattr(repair, "wrong_rows", slow_for_one)
    monkeypatch.setitem(repair.REPAIRS, "name-count", lambda connection, _ids: slow(connection))
    assert [repaired.question.name for repaired in repair.repair(engine)] == ["key-without-statement"]


def test_another_schema_is_said(onrecord: Command, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    ran = onrecord("check")
    assert ran.code == 1
    assert "The schema is at 0004" in ran.err
