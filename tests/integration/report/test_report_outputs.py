"""Every command that writes a file where a person says writes it in the same way: whole, or through what is there."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.report.conftest import Command

GOLD = {"doc": "a.txt", "text": "“It rains,” said Ann Lee.", "quotes": []}


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A file of gold articles for `eval`."""
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(GOLD) + "\n")
    return file


def arguments(command: str, target: Path, gold: Path) -> list[str]:
    """Return the command line with which a command writes `target`."""
    return {
        "export": ["export", "-f", "parquet", "-o", str(target)],
        "eval": ["eval", str(gold), "--predictions", str(target)],
        "backup": ["backup", str(target)],
    }[command]


commands = pytest.mark.parametrize("command", ["export", "eval", "backup"])


@commands
def test_links_files_pipes_and_devices(reading: Command, tmp_path: Path, gold: Path, command: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "old").write_bytes(b"old")
    (folder / "old").chmod(0o640)
    (folder / "link").symlink_to("old")
    ran = reading(*arguments(command, folder / "link", gold))
    assert ran.code == 0, ran.err
    content = (folder / "old").read_bytes()
    assert len(content) > 50
    assert stat.S_IMODE((folder / "old").stat().st_mode) == 0o640
    os.mkfifo(folder / "pipe")
    with subprocess.Popen(["cp", folder / "pipe", folder / "copy"]) as reader:
        assert reading(*arguments(command, folder / "pipe", gold)).code == 0
        assert reader.wait(timeout=60) == 0
    assert len((folder / "copy").read_bytes()) == pytest.approx(len(content), rel=0.05)
    assert stat.S_ISFIFO((folder / "pipe").stat().st_mode)
    (folder / "device").symlink_to("/dev/null")
    assert reading(*arguments(command, folder / "device", gold)).code == 0
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    assert sorted(path.name for path in folder.iterdir()) == ["copy", "device", "link", "old", "pipe"]


@commands
def test_what_cannot_be_written_gets_a_sentence(reading: Command, tmp_path: Path, gold: Path, command: str) -> None:
    for target, sentence in {
        str(tmp_path): "is a folder",
        "": "is empty",
        "n" * 256: "too long",
        "/dev/full": "the disk is full",
        str(tmp_path / "nowhere" / "file"): "There is no folder",
    }.items():
        line = [argument if argument != "TARGET" else target for argument in arguments(command, Path("TARGET"), gold)]
        ran = reading(*line)
        assert ran.code == 1, (target, ran)
        assert sentence in ran.err
        assert "Traceback" not in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["gold.jsonl"]


def test_a_name_that_is_not_utf_8(reading: Command, tmp_path: Path, gold: Path) -> None:
    for command in ("export", "eval", "backup"):
        target = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9" + command.encode()))
        ran = reading(*arguments(command, target, gold))
        assert ran.code == 0, ran.err
        assert target.stat().st_size > 50


def test_predictions_do_not_replace_what_is_read(reading: Command, gold: Path) -> None:
    before = gold.read_bytes()
    assert "which is read" in reading("eval", str(gold), "--predictions", str(gold)).err
    assert "Name a file" in reading("eval", str(gold), "--predictions", "-").err
    assert gold.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "unbuffered"),
    [(["export", "-o", "-"], "1"), (["export", "-o", "/dev/stdout"], ""), (["export"], ""), (["backup", "-"], "1")],
)
def test_standard_output_is_written_whole_or_not_with_success(
    shelf: str, tmp_path: Path, options: list[str], unbuffered: str
) -> None:
    environment = {**os.environ, "ONRECORD_DATABASE_URL": shelf, "PYTHONUNBUFFERED": unbuffered}
    command = [sys.executable, "-m", "worker", *options]
    with (tmp_path / "out").open("wb") as out:
        assert subprocess.run(command, env=environment, stdout=out, check=False).returncode == 0
    assert (tmp_path / "out").stat().st_size > 500
    with open("/dev/full", "wb") as full:
        ran = subprocess.run(command, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 1, ran.stderr
    assert "full" in ran.stderr.lower() or "No space left" in ran.stderr
    assert "Traceback" not in ran.stderr
