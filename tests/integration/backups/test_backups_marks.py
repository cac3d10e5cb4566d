"""The file of marks in the HOME, for a database on the user's own server."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.integration.report.conftest import Command
from worker.backups import marks_file
from worker.cli import decide
from worker.settings import settings


@pytest.fixture
def kept(press: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of marks of a HOME that the user has named, and that is not there yet."""
    home = tmp_path / "home"
    monkeypatch.setenv("ONRECORD_HOME", str(home))
    settings.cache_clear()
    return home / marks_file.NAME


def test_an_undone_decision_is_lifted_even_if_the_command_is_interrupted(
    onrecord: Command, engine: Engine, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten = onrecord("forget", "--article", "1", "--reason", "asked for", "--yes")
    assert forgotten.code == 0, forgotten.err
    assert list(marks_file.in_force(kept))
    with engine.connect() as connection:
        number = connection.execute(text("SELECT id FROM decisions WHERE kind = 'forget'")).scalar_one()
    undo = decide.undo

    def interrupted(decision: int, reason: str) -> None:
        undo(decision, reason)
        raise KeyboardInterrupt

    monkeypatch.setattr(decide, "undo", interrupted)
    onrecord("decisions", "undo", str(number), "--reason", "a mistake")
    assert list(marks_file.in_force(kept)) == []


def test_marks_are_kept_in_a_home_that_is_named(onrecord: Command, kept: Path) -> None:
    kept.parent.write_text("no folder")
    ran = onrecord("forget", "--article", "1", "--reason", "asked for", "--yes")
    assert ran.code == 1
    assert "is not a folder" in ran.err
    assert "Nobody has decided anything" in onrecord("decisions", "list").err, (
        "nothing is decided whose marks cannot be kept"
    )
    kept.parent.unlink()
    ran = onrecord("forget", "--article", "1", "--reason", "asked for", "--yes")
    assert ran.code == 0, ran.err
    assert list(marks_file.in_force(kept))
