"""The tables and the running processes: every way in which they can be wrong."""

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

from tests.integration.doctor.conftest import Given, told
from worker.cli.checks.clock import check_clock
from worker.cli.checks.database import check_database
from worker.cli.checks.pipeline import check_pipeline
from worker.store import processes
from worker.store.db import schema
from worker.store.tables import models

NEEDED = ("watch", "worker", "beat")


@pytest.fixture
def running(engine: Engine) -> None:
    """Every process that is needed has just said that it lives."""
    for kind in NEEDED:
        processes.register(engine, kind)


def run(engine: Engine, *statements: str, **values: Any) -> None:
    """Statements in a transaction."""
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def bad(given: Given, **changes: Any) -> list[str]:
    """What the checks of the pipeline say that is not well; folders are another test's.

    The processes of these tests send no heartbeat, so they count as alive for most of a minute, however busy the
    machine is.
    """
    lines = told(check_pipeline(given(inbox="", seen_seconds=50, **changes)))
    return [line for line in lines if not line.startswith("ok ")]


@pytest.fixture
def files(engine: Engine) -> Any:
    """Adds rows of files: `files(3, state="stored", …)`."""
    with engine.begin() as connection:
        inbox = add(connection, models.Inbox, name="drop", path=b"/drop")
    made = iter(range(1_000_000))

    def put(count: int, **values: Any) -> None:
        with engine.begin() as connection:
            for number in (next(made) for _ in range(count)):
                named = {"inbox_id": inbox, "path": b"%d" % number, "shown": f"{number}.txt"}
                add(connection, models.File, **named, **values)

    return put


def add(connection: Connection, table: Any, **values: Any) -> int:
    return int(connection.execute(insert(table).values(**values).returning(table.id)).scalar_one())


@pytest.mark.usefixtures("running")
def test_a_sound_pipeline_is_only_ok(given: Given) -> None:
    assert bad(given) == []


def test_a_database_without_tables(engine: Engine, given: Given) -> None:
    schema.downgrade(engine, "base")
    (line,) = bad(given)
    assert line.startswith("problem schema: The database has no tables yet; this release needs 0")
    assert "Run `onrecord migrate`" in line


def test_an_older_schema(engine: Engine, given: Given) -> None:
    schema.downgrade(engine, "0002")
    (line,) = bad(given)
    assert line.startswith(f"problem schema: The schema is at 0002, and this release needs {schema.newest_revision()}.")
    assert "Run `onrecord migrate`" in line


def test_a_newer_schema(engine: Engine, given: Given) -> None:
    run(engine, "UPDATE alembic_version SET version_num = '9999'")
    (line,) = bad(given)
    assert line.startswith("problem schema: The schema is at 9999, which this release (")
    assert "a newer Onrecord has migrated it. Run the newer release on this machine too" in line


@pytest.mark.usefixtures("running")
def test_tables_that_do_not_answer(engine: Engine, given: Given) -> None:
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE documents"))
        (line,) = bad(given)
    assert line.startswith("problem pipeline: The tables could not be asked within 5 seconds. PostgreSQL is very busy")


def test_nothing_runs(given: Given) -> None:
    assert bad(given) == ["problem pipeline: Nothing is running. Start it with `onrecord up`."]


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("kind", NEEDED)
def test_a_process_is_absent(kind: str, engine: Engine, given: Given) -> None:
    run(engine, "UPDATE processes SET stopped_at = now() WHERE kind = :kind", kind=kind)
    assert bad(given) == [f"problem pipeline: No {kind} is running. Start one: `onrecord {kind}`."]


@pytest.mark.usefixtures("running")
def test_a_process_that_is_not_seen_any_more(engine: Engine, given: Given) -> None:
    run(engine, "UPDATE processes SET last_seen = now() - interval '1 minute' WHERE kind = 'worker'")
    lines = bad(given)
    assert lines[0].startswith(
        f"warning process: worker on {socket.gethostname()}, process {os.getpid()} was last seen "
    )
    assert lines[1] == "problem pipeline: No worker is running. Start one: `onrecord worker`."


@pytest.mark.usefixtures("running")
def test_processes_of_another_version(engine: Engine, given: Given) -> None:
    run(engine, "UPDATE processes SET version = '0.0.9' WHERE kind = 'beat'")
    (line,) = bad(given)
    assert "is of Onrecord 0.0.9, and this one is" in line
    assert line.endswith("Bring all processes to one version, and start them again.")


@pytest.mark.usefixtures("running")
def test_articles_wait_to_be_read_again_and_no_backfill_runs(engine: Engine, given: Given) -> None:
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
    assert bad(given) == [
        "problem pipeline: 1 articles wait to be read again, and no backfill worker is running."
        " Start one: `onrecord worker --queue backfill`."
    ]
    processes.register(engine, "backfill")
    assert bad(given) == []


@pytest.mark.usefixtures("running")
def test_a_worker_that_pulses_while_its_rows_wait(engine: Engine, given: Given, files: Any) -> None:
    files(2)
    assert bad(given) == [], "rows may wait for a moment"
    run(
        engine,
        "UPDATE files SET first_seen = now() - interval '10 minutes'",
        "UPDATE processes SET started_at = now() - interval '1 hour', last_finished = now() - interval '9 minutes'"
        " WHERE kind = 'worker'",
    )
    (line,) = bad(given)
    assert line.startswith(
        "problem pipeline: 1 worker process pulse, but nothing has run for 9 minutes while rows wait"
        " (2 of intake, the oldest for 10 minutes)."
    )
    run(engine, "UPDATE processes SET queues = '{articles}' WHERE kind = 'worker'")
    (line,) = bad(given)
    assert line.startswith("problem pipeline: 2 rows wait for the queue intake"), "its own queue is empty"


@pytest.mark.usefixtures("running")
def test_a_worker_in_the_middle_of_a_long_task_is_healthy(engine: Engine, given: Given, files: Any) -> None:
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
    assert bad(given) == []
    run(engine, "UPDATE files SET lease_until = now() - interval '2 seconds' WHERE state = 'reading'")
    assert "nothing has run for" in bad(given)[0]


@pytest.mark.usefixtures("running")
def test_beat_rings_and_no_worker_answers(engine: Engine, given: Given) -> None:
    run(
        engine,
        "UPDATE processes SET started_at = now() - interval '1 day', last_finished = now() - interval '20 seconds'",
        "UPDATE processes SET last_finished = now() - interval '10 minutes' WHERE kind = 'worker'",
    )
    (line,) = bad(given)
    assert line.startswith("problem pipeline: Beat rings every minute, and no worker has answered for 10 minutes.")
    run(engine, "UPDATE processes SET last_finished = now() - interval '10 minutes' WHERE kind = 'beat'")
    (line,) = bad(given)
    assert line.startswith("problem pipeline: Beat lives, but has not rung for 10 minutes.")


@pytest.mark.usefixtures("running")
def test_a_watcher_that_scans_no_more_or_has_lost_its_folder(engine: Engine, given: Given) -> None:
    run(engine, "UPDATE processes SET started_at = now() - interval '1 hour' WHERE kind = 'watch'")
    (line,) = bad(given)
    assert line.startswith("problem pipeline: The watcher lives, but has not ended a scan for 60 minutes.")
    away = "detail = 'news (away)', folders_away = '{news}'"
    run(engine, f"UPDATE processes SET last_finished = now(), {away} WHERE kind = 'watch'")
    (line,) = bad(given)
    assert line.startswith("problem pipeline: A watched folder is not there: news (away).")


@pytest.mark.usefixtures("running")
def test_a_folder_that_the_settings_name_and_nobody_watches(given: Given, tmp_path: Path) -> None:
    lines = told(check_pipeline(given()))
    assert (
        "problem folder: No watcher watches the folder 'news', though one is running."
        " Start it again with this ONRECORD_INBOX, or a second one for this folder."
    ) in lines


@pytest.mark.usefixtures("running")
def test_claims_that_nobody_ends(engine: Engine, given: Given, files: Any) -> None:
    with engine.begin() as connection:
        worker = connection.execute(text("SELECT id FROM processes WHERE kind = 'worker'")).scalar_one()
    held = {"state": "reading", "claimed_by": worker, "claimed_at": text("now()")}
    files(2, **held, lease_until=text("now() - interval '2 minutes'"))
    assert bad(given) == [
        "problem leases: 2 claims are past their lease, and nobody has ended them: no sweeper runs."
        " Every worker sweeps each few seconds: start one, or see its log."
    ]


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("sentence", ["waits for the database: disk full", "Other words altogether", None])
def test_health_reads_the_codes_of_a_process_and_not_its_sentence(
    sentence: str | None, engine: Engine, given: Given
) -> None:
    run(engine, "UPDATE processes SET detail = 'intake, waits for the database: x (away)'")
    assert bad(given) == [], "a sentence alone troubles nobody"
    run(engine, "UPDATE processes SET detail = :sentence", sentence=sentence)
    run(engine, "UPDATE processes SET trouble = 'database' WHERE kind = 'worker'")
    (line,) = bad(given)
    assert line.startswith(f"problem pipeline: A worker {sentence or 'waits for the database'}. Nothing is lost")
    run(engine, "UPDATE processes SET trouble = NULL")
    run(engine, "UPDATE processes SET folders_away = '{news}' WHERE kind = 'watch'")
    (line,) = bad(given)
    assert line.startswith(f"problem pipeline: A watched folder is not there: {sentence or 'news'}.")


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("sentence", ["Archiving failed: No space left on device.", "Other words altogether."])
@pytest.mark.parametrize(
    ("reason", "counts"), [("failed", True), ("no_archive", True), ("changed", False), ("left_alone", False)]
)
def test_health_reads_the_code_of_a_failed_move_and_not_its_sentence(
    sentence: str, reason: str, counts: bool, given: Given, files: Any
) -> None:
    files(2, state="stored", finished_at=text("now()"), after="archive", after_reason=reason, after_message=sentence)
    problems = [line for line in bad(given) if line.startswith("problem")]
    expected = f"problem pipeline: 2 stored files were not archived or deleted. {sentence}"
    assert problems == ([expected] if counts else [])


@pytest.mark.usefixtures("running")
def test_files_that_cannot_be_archived(engine: Engine, given: Given, files: Any) -> None:
    files(
        2,
        state="stored",
        finished_at=text("now()"),
        after="archive",
        after_reason="failed",
        after_message="No space left on device.",
    )
    line = bad(given)[-1]
    assert line.startswith("warning archive: 2 stored files stay in the folder (0.txt): No space left on device.")


@pytest.mark.usefixtures("running")
def test_quarantine_that_grows(given: Given, files: Any) -> None:
    files(60, state="stored", finished_at=text("now() - interval '3 days'"))
    files(3, state="quarantined", reason="empty", finished_at=text("now() - interval '3 days'"))
    files(40, state="stored", finished_at=text("now() - interval '2 hours'"))
    files(2, state="quarantined", reason="empty", finished_at=text("now() - interval '2 hours'"))
    assert bad(given) == [], "no worse than before"
    files(2, state="quarantined", reason="malformed", finished_at=text("now() - interval '10 minutes'"))
    files(1, state="quarantined", reason="bomb", finished_at=text("now() - interval '10 minutes'"))
    files(9, state="stored", finished_at=text("now() - interval '10 minutes'"))
    (line,) = bad(given)
    assert line.startswith(
        "warning quarantine: 3 of 12 files of the last hour were quarantined (25%; 5% in the week before)."
        " Reasons: empty 2, malformed 2, bomb 1. `onrecord files --state quarantined` says why of each"
    )


@pytest.mark.usefixtures("running")
def test_clocks_of_other_machines(engine: Engine, given: Given) -> None:
    run(engine, "UPDATE processes SET host = 'north', clock_ahead = 7 WHERE kind = 'worker'")
    run(engine, "UPDATE processes SET host = 'south', clock_ahead = -3600 WHERE kind = 'beat'")
    lines = bad(given)
    assert lines[0].startswith("warning clock: The clock of north is 7.0 s ahead of the database's. Set them by NTP")
    assert lines[1].startswith("problem clock: The clock of south is 3,600.0 s behind the database's.")


SKEWED = (
    "import time; real = time.time; time.time = lambda: real() - 90; from worker.cli.app import main; main(['beat'])"
)


def test_a_real_process_with_a_clock_that_is_slow(engine: Engine, given: Given) -> None:
    settings = given()
    urls = {"ONRECORD_DATABASE_URL": settings.database_url, "ONRECORD_BROKER_URL": settings.broker_url}
    program = [sys.executable, "-c", SKEWED]
    with subprocess.Popen(program, env=os.environ | urls, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT) as beat:
        deadline = time.monotonic() + 60
        while not (found := [line for line in bad(given) if " clock: " in line]):
            assert time.monotonic() < deadline
            assert beat.poll() is None
            time.sleep(0.1)
        beat.send_signal(signal.SIGTERM)
        beat.wait(30)
    assert found[0].startswith(f"problem clock: The clock of {socket.gethostname()} is 9")
    assert "s behind the database's." in found[0]


def test_this_machines_clock_and_the_databases(given: Given) -> None:
    (clock,) = [line for line in told(check_database(given())) if " clock: " in line]
    assert clock == "ok clock: This clock and the database's are 0.0 s apart."
    from datetime import UTC, datetime, timedelta

    now = datetime.now(UTC)
    (line,) = told([check_clock(now, now + timedelta(seconds=61), now)])
    assert line.startswith("problem clock: This clock and the database's are 61.0 s apart. Set them by NTP")
