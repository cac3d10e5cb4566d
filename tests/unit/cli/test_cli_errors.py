"""An error becomes one or two lines on stderr, and an exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from worker.cli import app, main
from worker.cli.errors import Complaint, complaint_about, of_system
from worker.reasons import Reason, Refused
from worker.settings import settings


def test_an_unexpected_error_is_logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    try:
        raise RuntimeError("first\nsecond \x1b")
    except RuntimeError as error:
        complaint = complaint_about(error)
    (log,) = tmp_path.iterdir()
    assert str(log) in complaint.todo
    assert "RuntimeError: first" in complaint.message
    assert "Traceback" in log.read_text()
    assert complaint.code == 70


def test_known_errors() -> None:
    assert complaint_about(Refused(Reason.EMPTY, "It is empty.")).message == "It is empty."
    assert complaint_about(FileNotFoundError(2, "No such file", "a\udcff")).message == "a\udcff: No such file."
    assert of_system(OSError(5, "I/O error")).message == "I/O error"
    complaint = Complaint("no", "yes", 3)
    assert complaint_about(complaint) is complaint


def test_main_never_shows_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("boom \x1b[1m")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(app, "app", broken)
    with pytest.raises(SystemExit) as stop:
        main(["x"])
    printed = capsys.readouterr().err
    assert stop.value.code == 70
    assert "Traceback" not in printed
    assert "\x1b" not in printed
    assert len(printed.splitlines()) == 2


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ONRECORD_SETTLE", "soon")
    settings.cache_clear()
    with pytest.raises(SystemExit) as stop:
        main(["quotes"])
    settings.cache_clear()
    assert stop.value.code == 1
    assert "ONRECORD_SETTLE" in capsys.readouterr().err


def test_without_a_home_the_commands_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    for arguments in (["quotes"], ["status"], ["speakers"], ["export"], ["retry", "--all"], ["migrate"]):
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        assert stop.value.code == 1
        assert "onrecord up" in capsys.readouterr().err
    settings.cache_clear()
    assert list(tmp_path.iterdir()) == [], "only up, watch, worker and beat make a HOME"


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    program = (
        "import sys; from worker.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'psycopg', 'celery', 'pyarrow', 'pydantic', 'worker.embedded', 'lxml', 'rich'};"
        "heavy |= {'starlette', 'jinja2', 'uvicorn', 'openpyxl', 'asyncio', 'worker.settings'};"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    before = os.times().children_user
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert os.times().children_user - before < 2, "CPU seconds, on a busy machine"


def test_every_command_has_help_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    printed = capsys.readouterr().out
    for command in ("extract", "sql", "quotes", "report", "export", "files", "retry", "status", "doctor", "speakers",
                    "decisions", "forget", "backup", "restore", "migrate"):  # fmt: skip
        assert f"\n  {command} " in printed
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith("onrecord ")
