"""`onrecord restore` reads back a whole backup or nothing of it, and never replaces rows by accident."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.integration.report.conftest import Command
from worker.report import views
from worker.store import processes


def quotes(onrecord: Command) -> list[dict[str, object]]:
    return list(json.loads(onrecord("sql", "SELECT * FROM quotes ORDER BY quote_id", "-f", "json").out))


@pytest.mark.usefixtures("press")
def test_there_and_back(onrecord: Command, engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "onrecord.dump"
    before = quotes(onrecord)
    ran = onrecord("backup", str(file))
    assert ran.code == 0, ran.err
    assert file.stat().st_mode & 0o077 == 0
    refused = onrecord("restore", str(file))
    assert refused.code == 1
    assert "--replace" in refused.err
    with engine.begin() as connection:
        connection.execute(text("UPDATE quotes SET text = 'changed'"))
    process_id = processes.register(engine, "worker")
    assert "Stop" in onrecord("restore", str(file), "--replace").err
    processes.stop(engine, process_id)
    engine.dispose()
    ran = onrecord("restore", str(file), "--replace")
    assert ran.code == 0, ran.err
    assert quotes(onrecord) == before, "as the reader: its rights are restored too"
    with engine.begin() as connection:
        assert views.are_current(connection), "the backup holds the fingerprint of the views"
        connection.execute(text("INSERT INTO outlets (name, key) VALUES ('new', 'new')"))


@pytest.mark.usefixtures("press")
def test_a_restore_that_fails_changes_nothing(onrecord: Command, tmp_path: Path) -> None:
    before = quotes(onrecord)
    broken = tmp_path / "broken.dump"
    assert onrecord("backup", str(broken)).code == 0
    broken.write_bytes(broken.read_bytes()[:-2000])
    ran = onrecord("restore", str(broken), "--replace")
    assert ran.code == 1
    assert "Nothing was changed" in ran.err
    assert quotes(onrecord) == before
    assert onrecord("restore", str(tmp_path / "nix")).code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["broken.dump"]
