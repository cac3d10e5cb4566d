"""The checks of the tables and of the running processes; each test makes one fault."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, text

from tests.integration.doctor.conftest import MakeSettings, lines_of
from worker.cli.checks.clock import check_clock
from worker.cli.checks.database import check_database
from worker.cli.checks.pipeline import check_pipeline
from worker.store import inboxes, processes
from worker.store.db import schema
from worker.store.db.locks import of_inbox, try_to_keep
from worker.store.tables import models

NEEDED = ("watch", "worker", "beat")


@pytest.fixture
def running(engine: Engine) -> None:
    """Register a living process of every kind that is needed."""
    for kind in NEEDED:
        processes.register(engine, kind)


def run(engine: Engine, *statements: str, **values: Any) -> None:
    """Run statements in one transaction."""
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def bad(make_settings: MakeSettings, **changes: Any) -> list[str]:
    """Return the warnings and problems that the checks of the pipeline find; folders have tests of their own.

    The processes of these tests send no heartbeat. So here they count as alive for 50 seconds, even on a busy machine.
    """
    lines = lines_of(check_pipeline(make_settings(inbox="", seen_seconds=50, **changes)))
    return [line for line in lines if not line.startswith("ok ")]


def test_another_floor_than_the_settings(engine: Engine, running: None, make_settings: MakeSettings) -> None:
    assert bad(make_settings) == []
    (line,) = bad(make_settings, least_confidence=0.7)
    assert "confidence of 0.5 and more" in line
    assert "ONRECORD_LEAST_CONFIDENCE is 0.7" in line


@pytest.fixture
def files(engine: Engine) -> Any:
    """Adds rows of files: `files(3, state="stored", …)`."""
    with engine.begin() as connection:
        inbox = add(connection, models.Inbox, name="drop", path=b"/drop")
    numbers = iter(range(1_000_000))

    def put(count: int, **values: Any) -> None:
        with engine.begin() as connection:
            for number in (next(numbers) for _ in range(count)):
                columns = {"inbox_id": inbox, "path": b"%d" % number, "shown": f"{number}.txt"}
                add(connection, models.File, **columns, **values)

    return put


def add(connection: Connection, table: Any, **values: Any) -> int:
    return int(connection.execute(insert(table).values(**values).returning(table.id)).scalar_one())


@pytest.mark.usefixtures("running")
def test_a_sound_pipeline_is_only_ok(make_settings: MakeSettings) -> None:
    assert bad(make_settings) == []


def test_a_database_without_tables(engine: Engine, make_settings: MakeSettings) -> None:
    schema.downgrade(engine, "base")
    (line,) = bad(make_settings)
    assert line.startswith("problem schema: The database has no tables yet; this release needs 0")
    assert "Run `onrecord migrate`" in line


def test_an_older_schema(engine: Engine, make_settings: MakeSettings) -> None:
    schema.downgrade(engine, "0002")
    (line,) = bad(make_settings)
    assert line.startswith(f"problem schema: The schema is at 0002, and this release needs {schema.newest_revision()}.")
    assert "Run `onrecord migrate`" in line


def test_a_newer_schema(engine: Engine, make_settings: MakeSettings) -> None:
    run(engine, "UPDATE alembic_version SET version_num = '9999'")
    (line,) = bad(make_settings)
    assert line.startswith("problem schema: The schema is at 9999, which this release (")
    assert "a newer Onrecord has migrated it. Run the newer release on this machine too" in line


@pytest.mark.usefixtures("running")
def test_tables_that_do_not_answer(engine: Engine, make_settings: MakeSettings) -> None:
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE documents"))
        (line,) = bad(make_settings)
    assert line.startswith("problem pipeline: The tables could not be asked within 3 seconds. PostgreSQL is very busy")


def test_nothing_runs(make_settings: MakeSettings) -> None:
    assert bad(make_settings) == ["problem pipeline: Nothing is running. Start it with `onrecord up`."]


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("kind", NEEDED)
def test_a_process_is_absent(kind: str, engine: Engine, make_settings: MakeSettings) -> None:
    run(engine, "UPDATE processes SET stopped_at = now() WHERE kind = :kind", kind=kind)
    assert bad(make_settings) == [f"problem pipeline: No {kind} is running. Start one: `onrecord {kind}`."]


@pytest.mark.usefixtures("running")
def test_a_process_that_is_not_seen_any_more(engine: Engine, make_settings: MakeSettings) -> None:
    run(engine, "UPDATE processes SET last_seen = now() - interval '1 minute' WHERE kind = 'worker'")
    lines = bad(make_settings)
    assert lines[0].startswith(
        f"warning process: worker on {socket.gethostname()}, process {os.getpid()} was last seen "
    )
    assert lines[1] == "problem pipeline: No worker is running. Start one: `onrecord worker`."


@pytest.mark.usefixtures("running")
def test_processes_of_another_version(engine: Engine, make_settings: MakeSettings) -> None:
    run(engine, "UPDATE processes SET version = '0.0.9' WHERE kind = 'beat'")
    (line,) = bad(make_settings)
    assert "is of Onrecord 0.0.9, and this one is" in line
    assert line.endswith("Bring all processes to one version, and start them again.")


@pytest.mark.usefixtures("running")
def test_articles_wait_to_be_read_again_and_no_backfill_runs(engine: Engine, make_settings: MakeSettings) -> None:
    run(
        engine,
        """
        WITH story AS (INSERT INTO stories DEFAULT VALUES RETURNING id),
        article AS (INSERT INTO articles (text, body_start, body_end, canonical_hash, story_id)
                    SELECT 'Hello there, she said.', 0, 22, '\\x01', id FROM story RETURNING id),
        version AS (INSERT INTO extractor_versions (name, mode, generation) VALUES ('r', 'r', 1) RETURNING id),
        run AS (INSERT INTO reprocess_runs (version_id, selection) SELECT id, 'all' FROM version RETURNING id)
        INSERT INTO reprocess_items (run_id, article_id) SELECT run.id, article.id FROM run, article
        """,
    )
    assert bad(make_settings) == [], "a running `up` starts a backfill worker within a minute"
    run(engine, "UPDATE reprocess_runs SET created_at = now() - interval '61 s'")
    assert bad(make_settings) == [
        "problem pipeline: 1 article waits to be read again, and no backfill worker is running."
        " Start one: `onrecord worker --queue backfill`."
    ]
    processes.register(engine, "backfill")
    assert bad(make_settings) == []


@pytest.mark.usefixtures("running")
def test_a_worker_that_only_sends_heartbeats_while_its_rows_wait(
    engine: Engine, make_settings: MakeSettings, files: Any
) -> None:
    files(2)
    assert bad(make_settings) == [], "rows may wait for a moment"
    run(
        engine,
        "UPDATE files SET first_seen = now() - interval '10 minutes'",
        "UPDATE processes SET started_at = now() - interval '1 hour', last_finished = now() - interval '9 minutes'"
        " WHERE kind = 'worker'",
    )
    (line,) = bad(make_settings)
    assert line.startswith(
        "problem pipeline: 1 worker process sends heartbeats, but nothing has run for 9 minutes while rows wait"
        " (2 of intake, the oldest for 10 minutes)."
    )
    run(engine, "UPDATE processes SET queues = '{articles}' WHERE kind = 'worker'")
    (line,) = bad(make_settings)
    assert line.startswith("problem pipeline: 2 rows wait for the queue intake"), "its own queue is empty"


@pytest.mark.usefixtures("running")
def test_a_worker_in_the_middle_of_a_long_task_is_healthy(
    engine: Engine, make_settings: MakeSettings, files: Any
) -> None:
    files(1)
    with engine.begin() as connection:
        worker = connection.execute(text("SELECT id FROM processes WHERE kind = 'worker'")).scalar_one()
    held = {"state": "reading", "claimed_by": worker, "claimed_at": text("now()")}
    files(1, **held, lease_until=text("now() + interval '1 minute'"))
    run(
        engine,
        "UPDATE files SET first_seen = now() - interval '200 seconds'",
        "UPDATE processes SET started_at = now() - interval '1 hour'",
        "UPDATE processes SET last_finished = now() WHERE kind <> 'worker'",
    )
    assert bad(make_settings) == []
    run(engine, "UPDATE files SET lease_until = now() - interval '2 seconds' WHERE state = 'reading'")
    assert "nothing has run for" in bad(make_settings)[0]


@pytest.mark.usefixtures("running")
def test_beat_rings_and_no_worker_answers(engine: Engine, make_settings: MakeSettings) -> None:
    run(
        engine,
        "UPDATE processes SET started_at = now() - interval '1 day', last_finished = now() - interval '20 seconds'",
        "UPDATE processes SET last_finished = now() - interval '10 minutes' WHERE kind = 'worker'",
    )
    (line,) = bad(make_settings)
    assert line.startswith("problem pipeline: Beat rings every minute, and no worker has answered for 10 minutes.")
    run(engine, "UPDATE processes SET last_finished = now() - interval '10 minutes' WHERE kind = 'beat'")
    (line,) = bad(make_settings)
    assert line.startswith("problem pipeline: Beat lives, but has not rung for 10 minutes.")


@pytest.mark.usefixtures("running")
def test_a_watcher_that_scans_no_more_or_has_lost_its_folder(engine: Engine, make_settings: MakeSettings) -> None:
    run(engine, "UPDATE processes SET started_at = now() - interval '1 hour' WHERE kind = 'watch'")
    (line,) = bad(make_settings)
    assert line.startswith("problem pipeline: The watcher lives, but has not ended a scan for 60 minutes.")
    away = "detail = 'news (away)', folders_away = '{news}'"
    run(engine, f"UPDATE processes SET last_finished = now(), {away} WHERE kind = 'watch'")
    (line,) = bad(make_settings)
    assert line.startswith("problem pipeline: A watched folder is not there: news (away).")


@pytest.mark.usefixtures("running")
def test_a_folder_that_the_watcher_may_not_list(engine: Engine, make_settings: MakeSettings) -> None:
    run(engine, "UPDATE processes SET folders_unreadable = '{/news/2024: Permission denied}' WHERE kind = 'watch'")
    (line,) = bad(make_settings)
    assert line.startswith(
        "problem pipeline: A folder may not be listed, so its files wait: /news/2024: Permission denied. Give the user"
    )


@pytest.mark.usefixtures("running")
def test_the_folders_of_the_running_watcher_are_checked(
    engine: Engine, make_settings: MakeSettings, tmp_path: Path
) -> None:
    folder = tmp_path / "given to up"
    folder.mkdir()
    with engine.connect() as holder:
        inbox_id = inboxes.register(holder, "given", os.fsencode(folder))
        assert try_to_keep(holder, of_inbox(inbox_id))
        holder.commit()
        assert f"ok folder: {folder} can be read." in lines_of(check_pipeline(make_settings()))
    holder.close()


@pytest.mark.usefixtures("running")
def test_a_folder_that_the_settings_name_and_nobody_watches(make_settings: MakeSettings, tmp_path: Path) -> None:
    lines = lines_of(check_pipeline(make_settings()))
    assert (
        "problem folder: No watcher watches the folder 'news', though one is running."
        " Start it again with this ONRECORD_INBOX, or a second one for this folder."
    ) in lines


@pytest.mark.usefixtures("running")
def test_claims_that_nobody_ends(engine: Engine, make_settings: MakeSettings, files: Any) -> None:
    with engine.begin() as connection:
        worker = connection.execute(text("SELECT id FROM processes WHERE kind = 'worker'")).scalar_one()
    held = {"state": "reading", "claimed_by": worker, "claimed_at": text("now()")}
    files(2, **held, lease_until=text("now() - interval '2 minutes'"))
    assert bad(make_settings) == [
        "problem leases: 2 claims are past the lease, and nobody ends that: no worker sweeps."
        " Every worker sweeps every few seconds: start one, or see its log."
    ]


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("sentence", ["waits for the database: disk full", "Other words altogether", None])
def test_health_reads_the_codes_of_a_process_and_not_its_sentence(
    sentence: str | None, engine: Engine, make_settings: MakeSettings
) -> None:
    run(engine, "UPDATE processes SET detail = 'intake, waits for the database: x (away)'")
    assert bad(make_settings) == [], "a sentence alone troubles nobody"
    run(engine, "UPDATE processes SET detail = :sentence", sentence=sentence)
    run(engine, "UPDATE processes SET trouble = 'database' WHERE kind = 'worker'")
    (line,) = bad(make_settings)
    assert line.startswith(f"problem pipeline: A worker {sentence or 'waits for the database'}. Nothing is lost")
    run(engine, "UPDATE processes SET trouble = NULL")
    run(engine, "UPDATE processes SET folders_away = '{news}' WHERE kind = 'watch'")
    (line,) = bad(make_settings)
    assert line.startswith(f"problem pipeline: A watched folder is not there: {sentence or 'news'}.")


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("sentence", ["Archiving failed: No space left on device.", "Other words altogether."])
@pytest.mark.parametrize(
    ("reason", "counts"), [("failed", True), ("no_archive", True), ("changed", False), ("left_alone", False)]
)
def test_health_reads_the_code_of_a_failed_move_and_not_its_sentence(
    sentence: str, reason: str, counts: bool, make_settings: MakeSettings, files: Any
) -> None:
    files(2, state="stored", finished_at=text("now()"), after="archive", after_reason=reason, after_message=sentence)
    problems = [line for line in bad(make_settings) if line.startswith("problem")]
    expected = f"problem pipeline: 2 stored files were not archived or deleted. {sentence}"
    assert problems == ([expected] if counts else [])


@pytest.mark.usefixtures("running")
def test_files_that_cannot_be_archived(engine: Engine, make_settings: MakeSettings, files: Any) -> None:
    files(
        2,
        state="stored",
        finished_at=text("now()"),
        after="archive",
        after_reason="failed",
        after_message="No space left on device.",
    )
    line = bad(make_settings)[-1]
    assert line.startswith("warning archive: 2 stored files stay in the folder (0.txt): No space left on device.")


@pytest.mark.usefixtures("running")
def test_quarantine_that_grows(make_settings: MakeSettings, files: Any) -> None:
    files(60, state="stored", finished_at=text("now() - interval '3 days'"))
    files(3, state="quarantined", reason="empty", finished_at=text("now() - interval '3 days'"))
    files(40, state="stored", finished_at=text("now() - interval '2 hours'"))
    files(2, state="quarantined", reason="empty", finished_at=text("now() - interval '2 hours'"))
    assert bad(make_settings) == [], "no worse than before"
    files(2, state="quarantined", reason="malformed", finished_at=text("now() - interval '10 minutes'"))
    files(1, state="quarantined", reason="bomb", finished_at=text("now() - interval '10 minutes'"))
    files(9, state="stored", finished_at=text("now() - interval '10 minutes'"))
    (line,) = bad(make_settings)
    assert line.startswith(
        "warning quarantine: 3 of 12 files of the last hour were quarantined (25%; 5% in the week before)."
        " Reasons: empty 2, malformed 2, bomb 1. `onrecord files --state quarantined` says why of each"
    )


@pytest.mark.usefixtures("running")
def test_clocks_of_other_machines(engine: Engine, make_settings: MakeSettings) -> None:
    run(engine, "UPDATE processes SET host = 'north', clock_ahead = 7 WHERE kind = 'worker'")
    run(engine, "UPDATE processes SET host = 'south', clock_ahead = -3600 WHERE kind = 'beat'")
    lines = bad(make_settings)
    assert lines[0].startswith("warning clock: The clock of north is 7.0 s ahead of the database's. Set them by NTP")
    assert lines[1].startswith("problem clock: The clock of south is 3,600.0 s behind the database's.")


SKEWED = "import time; real = time.time; time.time = lambda: real() - 90; from worker.cli import main; main(['beat'])"


def test_a_real_process_with_a_clock_that_is_slow(engine: Engine, make_settings: MakeSettings) -> None:
    settings = make_settings()
    urls = {"ONRECORD_DATABASE_URL": settings.database_url, "ONRECORD_BROKER_URL": settings.broker_url}
    program = [sys.executable, "-c", SKEWED]
    with subprocess.Popen(program, env=os.environ | urls, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT) as beat:
        deadline = time.monotonic() + 60
        while not (clocks := [line for line in bad(make_settings) if " clock: " in line]):
            assert time.monotonic() < deadline
            assert beat.poll() is None
            time.sleep(0.1)
        beat.send_signal(signal.SIGTERM)
        beat.wait(30)
    assert clocks[0].startswith(f"problem clock: The clock of {socket.gethostname()} is 9")
    assert "s behind the database's." in clocks[0]


def test_this_machines_clock_and_the_databases(make_settings: MakeSettings) -> None:
    (clock,) = [line for line in lines_of(check_database(make_settings())) if " clock: " in line]
    assert clock == "ok clock: This clock and the database's are 0.0 s apart."
    from datetime import UTC, datetime, timedelta

    now = datetime.now(UTC)
    (line,) = lines_of([check_clock(now, now + timedelta(seconds=61), now)])
    assert line.startswith("problem clock: This clock and the database's are 61.0 s apart. Set them by NTP")
