"""A restored database meets a folder that has changed since, and texts that were forgotten since (real HOME, `up`)."""

import json
import shutil
from pathlib import Path

import pytest

from tests.stack import Stack, stack

__all__ = ["stack"]

MAYOR = "“It will dry by {day},” said mayor Arne Lie on Monday, and nobody in the harbour of Alvor asked him why."
FERRO = "“We wait for the {what},” said Ana Ferro at the quay, where the boats had been lying since the storm."


def up(stack: Stack, **settings: str) -> None:
    ran = stack.run("up", "--once", "--inbox", str(stack.inbox), ONRECORD_EXTRACTOR="quoted", **settings)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def done(stack: Stack, *arguments: str, **settings: str) -> str:
    ran = stack.run(*arguments, **settings)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def said(stack: Stack) -> set[str]:
    """The words of every quotation that reports show."""
    rows = json.loads(done(stack, "sql", "SELECT quote FROM quotes", "-f", "json"))
    return {row["quote"] for row in rows}


def files(stack: Stack) -> dict[str, list[str]]:
    """The states of all versions of each file, oldest first."""
    rows = json.loads(done(stack, "sql", "SELECT file, state FROM files ORDER BY first_seen", "-f", "json"))
    states: dict[str, list[str]] = {}
    for row in rows:
        states.setdefault(row["file"], []).append(row["state"])
    return states


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_folder_that_has_changed_since(stack: Stack, tmp_path: Path) -> None:
    dump, archive = str(tmp_path / "a.dump"), tmp_path / "archive"
    (stack.inbox / "same.txt").write_text(MAYOR.format(day="May"))
    (stack.inbox / "changed.txt").write_text(FERRO.format(what="tide"))
    (stack.inbox / "gone.txt").write_text(FERRO.format(what="mail"))
    up(stack)
    done(stack, "backup", dump)
    (stack.inbox / "changed.txt").write_text(FERRO.format(what="barge"))
    (stack.inbox / "gone.txt").unlink()
    (stack.inbox / "new.txt").write_text(MAYOR.format(day="June"))
    up(stack)
    (stack.inbox / "later.txt").write_text(MAYOR.format(day="July"))
    up(stack, ONRECORD_AFTER="archive", ONRECORD_ARCHIVE=str(archive))
    assert [path.name for path in archive.rglob("*.txt")] == ["later.txt"]
    before = said(stack)
    assert len(before) == 5

    done(stack, "restore", dump, "--replace")
    assert len(said(stack)) == 3, "as it was when the backup was made"
    up(stack)
    assert files(stack) == {
        "same.txt": ["stored"],
        "changed.txt": ["stored", "stored"],
        "gone.txt": ["stored"],
        "new.txt": ["stored"],
    }
    july = "It will dry by July,"
    assert said(stack) == before - {july}, "what was archived since is in the archive only"
    shutil.copy(next(archive.rglob("later.txt")), stack.inbox / "later.txt")
    up(stack)
    assert said(stack) == before
    done(stack, "check")


@pytest.mark.long
@pytest.mark.timeout(900)
def test_what_was_forgotten_since_stays_forgotten(stack: Stack, tmp_path: Path) -> None:
    dump, kept = str(tmp_path / "a.dump"), stack.home / "forgotten.jsonl"
    (stack.inbox / "a.txt").write_text(MAYOR.format(day="May"))
    (stack.inbox / "b.txt").write_text(FERRO.format(what="tide"))
    (stack.inbox / "c.txt").write_text(FERRO.format(what="mail"))
    up(stack)
    done(stack, "backup", dump)
    done(stack, "forget", "--file", "a.txt", "--reason", "asked", "--yes")
    done(stack, "forget", "--file", "b.txt", "--reason", "asked", "--yes")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "mayor" not in kept.read_text()
    done(stack, "decisions", "undo", "2", "--reason", "a mistake")
    assert {json.loads(line).get("lifted") for line in kept.read_text().splitlines()} == {None, True}
    with kept.open("ab") as file:
        file.write(b'{"kind": "text", "sha2')  # the machine lost power here

    ran = stack.run("restore", dump, "--replace")
    assert ran.returncode == 0, ran.stderr
    assert "Forgot again 1 article" in ran.stdout
    assert "Left out 1 line" in ran.stderr
    words = said(stack)
    assert words == {"We wait for the tide,", "We wait for the mail,"}, "the forgetting of b was undone"
    assert "It will dry" not in dumped_words(stack, tmp_path)
    (stack.inbox / "again.txt").write_text(MAYOR.format(day="May"))
    up(stack)
    assert files(stack)["again.txt"] == ["ignored"]
    done(stack, "check")

    marks = tmp_path / "marks.jsonl"
    shutil.copy(kept, marks)
    other = stack.home.parent / "other"
    other.mkdir(mode=0o755)
    done(stack, "restore", dump, ONRECORD_HOME=str(other))
    assert "1 text forgotten" in done(stack, "forget", "--again", str(marks), ONRECORD_HOME=str(other))
    assert "forgotten already" in done(stack, "forget", "--again", str(marks), ONRECORD_HOME=str(other))
    rows = json.loads(done(stack, "sql", "SELECT quote FROM quotes", "-f", "json", ONRECORD_HOME=str(other)))
    assert {row["quote"] for row in rows} == words
    saved = tmp_path / "saved.jsonl"
    done(stack, "forget", "--save", str(saved), ONRECORD_HOME=str(other))
    assert (other / "forgotten.jsonl").read_bytes() == saved.read_bytes()
    for bad in (b"\x00" * 5000, b"[]\n", b'{"kind": "text"}\n'):
        saved.write_bytes(bad)
        ran = stack.run("forget", "--again", str(saved))
        assert ran.returncode == 1
        assert "is no file of marks" in ran.stderr


def dumped_words(stack: Stack, tmp_path: Path) -> str:
    """Everything that the database holds, as one text."""
    import subprocess

    from worker.embedded.binaries import postgres_binary

    done(stack, "backup", str(tmp_path / "words.dump"))
    command = [str(postgres_binary("pg_restore")), "--file=-", str(tmp_path / "words.dump")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
