"""`onrecord files`, `retry`, `status` and `doctor` show what happened, what is stuck, and why."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.integration.report.conftest import HOSTILE, Command
from worker.store import processes
from worker.watch.hold import Holds


@pytest.fixture
def running(engine: Engine) -> None:
    """Register a living process of every kind that is needed."""
    for kind in ("watch", "worker", "beat"):
        processes.register(engine, kind)


@pytest.mark.usefixtures("press")
def test_files_and_members(onrecord: Command, tmp_path: Path) -> None:
    rows = json.loads(onrecord("files", "-f", "json").out)
    assert {row["file"] for row in rows} >= {"vienna.txt", "dump.jsonl", "empty.txt", HOSTILE}
    bad = onrecord("files", "--state", "quarantined")
    messages = [row["message"] for row in json.loads(onrecord("files", "--state", "quarantined", "-f", "json").out)]
    assert any("drop it again" in message for message in messages)
    assert "empty.txt" in bad.out
    assert "vienna.txt" not in bad.out
    assert "--members" in bad.err, "a stored file has a quarantined member"
    members = json.loads(onrecord("files", "--members", "--state", "quarantined", "-f", "json").out)
    assert [(row["member"], row["reason"]) for row in members] == [("dump.jsonl:17", "malformed")]
    assert "No such file" in onrecord("files", "--file", "nix").err
    for arguments in (["files"], ["files", "--members"], ["speakers", "list"]):
        assert onrecord(*arguments, "-o", str(tmp_path / "saved.json")).code == 0
        assert json.loads((tmp_path / "saved.json").read_text()) == json.loads(onrecord(*arguments, "-f", "json").out)


@pytest.mark.usefixtures("press")
def test_files_with_warnings(onrecord: Command, engine: Engine) -> None:
    assert "Nothing had to be mended" in onrecord("files", "--warnings").err
    with engine.begin() as connection:
        connection.execute(text("UPDATE articles SET warnings = '{damaged UTF-8: 1 character,date: 05/04/2015}'"))
    rows = json.loads(onrecord("files", "--warnings", "--file", "vienna.txt", "-f", "json").out)
    assert [(row["member"], row["warning"]) for row in rows] == [
        ("vienna.txt", "damaged UTF-8: 1 character"), ("vienna.txt", "date: 05/04/2015"),
    ]  # fmt: skip
    shown = json.loads(onrecord("sql", "SELECT DISTINCT unnest(warnings) AS w FROM articles", "-f", "json").out)
    assert {row["w"] for row in shown} == {"damaged UTF-8: 1 character", "date: 05/04/2015"}
    assert onrecord("files", "--warnings", "--members").code == 2
    assert "No such file" in onrecord("files", "--warnings", "--file", "nix").err


@pytest.mark.usefixtures("press")
def test_retry(onrecord: Command, engine: Engine) -> None:
    def waiting() -> set[str]:
        with engine.connect() as connection:
            return set(connection.execute(text("SELECT shown FROM files WHERE state = 'waiting'")).scalars())

    assert onrecord("retry").code == 1
    assert onrecord("retry", "--file", "vienna.txt").code == 1
    assert onrecord("retry", "--file", "drop/empty.txt").code == 0
    assert waiting() == {"empty.txt"}
    assert onrecord("retry", "--all").code == 0
    assert waiting() == {"empty.txt", "bad.zip", "dump.jsonl"}
    assert "nothing" in onrecord("retry", "--all").err


@pytest.mark.usefixtures("press")
def test_retry_of_a_stored_file_with_an_ignored_member(onrecord: Command, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE file_documents SET reason = 'unsupported_type' WHERE reason = 'malformed'"))
    assert onrecord("retry", "--state", "ignored").code == 0
    with engine.connect() as connection:
        waiting = connection.execute(text("SELECT shown FROM files WHERE state = 'waiting'")).scalars().all()
    assert waiting == ["dump.jsonl"]


def test_status_of_a_database_where_nothing_runs(onrecord: Command) -> None:
    ran = onrecord("status")
    assert ran.code == 1
    assert "onrecord up" in ran.out


@pytest.mark.usefixtures("press", "running")
def test_status_when_all_is_well(onrecord: Command) -> None:
    ran = onrecord("status", "--json")
    answer = json.loads(ran.out)
    assert (ran.code, answer["healthy"], answer["problems"]) == (0, True, [])
    assert answer["last_hour"] == {"files": {"duplicate": 1, "quarantined": 2, "stored": 3}, "articles": 3}
    assert answer["oldest"] == []
    assert answer["files"] == {"duplicate": 1, "quarantined": 2, "stored": 3}
    assert {process["kind"] for process in answer["processes"]} == {"watch", "worker", "beat"}
    shown = onrecord("status")
    assert shown.code == 0
    assert "last hour: 6 files ended (1 duplicate, 2 quarantined, 3 stored), 3 articles stored" in shown.out
    assert "SQL: your own server, as the role onrecord_reader" in shown.out


@pytest.mark.usefixtures("press", "running")
def test_status_when_a_row_is_stuck(onrecord: Command, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE documents SET state = 'waiting', finished_at = NULL, article_id = NULL,"
                 " created_at = now() - interval '6 minutes' WHERE id = (SELECT min(id) FROM documents)")
        )  # fmt: skip
    ran = onrecord("status", "--json")
    assert ran.code == 1
    answer = json.loads(ran.out)
    (oldest,) = answer["oldest"]
    assert (oldest["queue"], oldest["what"]) == ("articles", "drop/vienna.txt")
    assert 359 < oldest["seconds"] < 420
    assert "waits for longest: drop/vienna.txt, for 6 minutes (articles)" in onrecord("status").out
    (trouble,) = answer["problems"]
    assert "1 row waits for the queue articles, one for 6 minutes" in trouble["said"]


@pytest.mark.usefixtures("press", "running")
def test_status_when_a_process_is_dead(onrecord: Command, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE processes SET last_seen = now() - interval '1 minute' WHERE kind = 'worker'"))
    ran = onrecord("status")
    assert ran.code == 1
    assert "No worker is running. Start one: `onrecord worker`." in ran.out


@pytest.mark.usefixtures("press", "running")
def test_doctor(
    onrecord: Command, engine: Engine, broker_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from worker.settings import settings

    monkeypatch.setenv("ONRECORD_BROKER_URL", broker_url)
    monkeypatch.setenv("ONRECORD_INBOX", f"drop={tmp_path}")
    settings.cache_clear()
    with engine.begin() as connection:
        inbox = connection.execute(text("SELECT id FROM inboxes WHERE name = 'drop'")).scalar_one()
    watching = Holds(engine)
    assert watching.take(inbox)
    ran = onrecord("doctor")
    watching.drop()
    assert ran.code == 0, ran.out
    levels = {line[8:19].strip(): line.split()[0] for line in ran.out.splitlines()}
    expected = (
        "folder",
        "disk",
        "open files",
        "database",
        "clock",
        "schema",
        "process",
        "quarantine",
        "reader",
        "broker",
    )
    for subject in expected:
        assert levels[subject] in ("ok", "warning"), ran.out
    monkeypatch.setenv("ONRECORD_BROKER_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("ONRECORD_INBOX", f"{tmp_path}/nix")
    settings.cache_clear()
    ran = onrecord("doctor")
    assert ran.code == 1
    problems = [line for line in ran.out.splitlines() if line.startswith("problem")]
    assert [line.split()[1] for line in problems] == ["folder", "broker"]


def test_a_database_that_is_not_migrated(onrecord: Command, engine: Engine) -> None:
    from worker.store.db import schema

    schema.downgrade(engine, "base")
    for arguments in (("quotes",), ("status",), ("sql", "SELECT * FROM quotes"), ("doctor",)):
        ran = onrecord(*arguments)
        assert ran.code == 1, arguments
        assert "onrecord migrate" in ran.out + ran.err, arguments
    assert "from nothing to" in onrecord("migrate").out
    assert onrecord("quotes").code == 0


def test_a_database_that_does_not_answer(onrecord: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from worker.settings import settings

    monkeypatch.setenv("ONRECORD_DATABASE_URL", "postgresql://me:secret@127.0.0.1:1/nothing")
    settings.cache_clear()
    for arguments in (
        ("quotes",),
        ("status",),
        ("speakers",),
        ("retry", "--all"),
        ("backup", str(tmp_path / "x")),
        ("doctor",),
    ):
        ran = onrecord(*arguments)
        assert ran.code == 1
        assert "Connection refused" in ran.out + ran.err
        assert "secret" not in ran.out + ran.err
        assert "Traceback" not in ran.err
