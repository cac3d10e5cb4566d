"""A backup that is made while articles are stored, decided on and forgotten, and rows that were in flight in it."""

import threading
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine, text

from tests.integration.backups.conftest import Server
from tests.integration.pipeline.conftest import Pipeline, inbox, parser, pipeline
from tests.integration.report.conftest import Command
from worker.checks.check import check
from worker.decisions import forgetting
from worker.decisions.deciding import decide
from worker.store import ledger, processes, restored
from worker.store.queues import ARTICLES, INTAKE

__all__ = ["inbox", "parser", "pipeline"]

TEXT = "“We wait for boat {0},” said Ana Ferro at quay {0} on Monday, where the {0} boats had been lying since May."


def stored(pipeline: Pipeline, numbers: range) -> None:
    for number in numbers:
        pipeline.drop(f"{number}.txt", TEXT.format(number))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_backup_of_a_busy_database_is_consistent(
    onrecord: Command, server: Server, engine: Engine, pipeline: Pipeline, tmp_path: Path
) -> None:
    """Articles are stored and forgotten all the time; each of two backups, restored, is well."""
    stored(pipeline, range(5))
    ending = threading.Event()

    def work() -> None:
        number = 5
        while not ending.is_set():
            stored(pipeline, range(number, number + 1))
            oldest = pipeline.rows("SELECT min(id) FROM articles")[0][0]
            decide(engine, lambda connection, a=oldest: forgetting.forget_article(connection, a, who="x", reason="x"))  # type: ignore[misc]
            forgetting.remove(engine)
            number += 1

    busy = threading.Thread(target=work)
    busy.start()
    try:
        for number in range(2):
            assert onrecord("backup", str(tmp_path / f"{number}.dump")).code == 0
    finally:
        ending.set()
        busy.join()
    processes.stop(engine, pipeline.process_id)
    for number in range(2):
        engine.dispose()
        ran = onrecord("restore", str(tmp_path / f"{number}.dump"), "--replace")
        assert ran.code == 0, ran.err
        assert "Repaired" not in ran.out
        engine.dispose()
        assert check(engine) == []


def test_rows_in_flight_wait_again_and_are_done(
    onrecord: Command, engine: Engine, pipeline: Pipeline, tmp_path: Path
) -> None:
    for name in ("read.txt", "waits.txt", "stored.txt"):
        (pipeline.inbox / name).write_text(TEXT.format(name))
    pipeline.sight("read.txt", "waits.txt", "stored.txt")
    columns = restored_columns()
    with engine.begin() as connection:
        reading, rung = (row[0] for row in connection.execute(text("SELECT id FROM files ORDER BY id LIMIT 2")))
        assert ledger.claim(connection, INTAKE, reading, pipeline.process_id, columns)
        connection.execute(text("UPDATE files SET rung_at = now() WHERE id = :id"), {"id": rung})
    assert onrecord("backup", str(tmp_path / "a.dump")).code == 0
    processes.stop(engine, pipeline.process_id)
    engine.dispose()
    ran = onrecord("restore", str(tmp_path / "a.dump"), "--replace")
    assert ran.code == 0, ran.err
    assert "Rows that were being worked on when the backup was made wait again: 1." in ran.out
    engine.dispose()
    rows = pipeline.rows("SELECT DISTINCT state, strikes, claimed_by, rung_at FROM files")
    assert rows == [("waiting", 0, None, None)]
    assert pipeline.rows("SELECT count(*) FROM processes WHERE stopped_at IS NULL") == [(0,)]
    pipeline.work()
    assert pipeline.rows("SELECT DISTINCT state FROM files") == [("stored",)]
    assert check(engine) == []


def restored_columns() -> Any:
    class Columns(NamedTuple):
        path: bytes

    return Columns


@pytest.mark.parametrize("queue", [INTAKE, ARTICLES])
def test_a_late_write_of_a_claim_in_the_backup_changes_nothing(
    engine: Engine, pipeline: Pipeline, queue: object
) -> None:
    (pipeline.inbox / "a.txt").write_text(TEXT.format(1))
    pipeline.sight("a.txt")
    if queue is ARTICLES:
        pipeline.read()
    with engine.begin() as connection:
        table = ARTICLES.table_name if queue is ARTICLES else INTAKE.table_name
        row = connection.execute(text(f"SELECT min(id) FROM {table}")).scalar_one()
        chosen = ARTICLES if queue is ARTICLES else INTAKE
        columns = restored_columns() if chosen is INTAKE else raw_columns()
        claim: ledger.Claim[Any] | None = ledger.claim(connection, chosen, row, pipeline.process_id, columns)
        assert claim is not None
        assert restored.wait_again(connection) == 1
        assert not ledger.holds(connection, claim)
        again: ledger.Claim[Any] | None = ledger.claim(connection, chosen, row, pipeline.process_id, columns)
        assert again is not None
        assert not ledger.holds(connection, claim), "the fence has grown"


def test_a_late_write_of_a_claim_from_after_the_backup_changes_nothing(engine: Engine, pipeline: Pipeline) -> None:
    (pipeline.inbox / "a.txt").write_text(TEXT.format(1))
    pipeline.sight("a.txt")
    with engine.begin() as connection:
        row = connection.execute(text("SELECT min(id) FROM files")).scalar_one()
        before = connection.begin_nested()  # the backup
        claim: ledger.Claim[Any] | None = ledger.claim(connection, INTAKE, row, pipeline.process_id, restored_columns())
        assert claim is not None
        before.rollback()
        assert restored.wait_again(connection) == 0
        assert ledger.claim(connection, INTAKE, row, pipeline.process_id, restored_columns()) is not None
        assert not ledger.holds(connection, claim), "both claims have the same number"


def raw_columns() -> Any:
    class Columns(NamedTuple):
        raw: bytes

    return Columns
