"""PostgreSQL is stopped, killed, cut off or away. All committed rows are kept, and no row gets a strike for it."""

import os
import signal
import time

import psutil
import pytest
from sqlalchemy.exc import SQLAlchemyError

from tests.faults.ground import Ground
from tests.faults.newsroom import Newsroom
from worker.embedded.postgres import DATABASE

STANDSTILL = 18.0  # seconds, several times `ONRECORD_SEEN_SECONDS`
SCANS = {"ONRECORD_SCAN_SECONDS": "3"}  # the next scan finds files that were seen just before a crash


def busy(newsroom: Newsroom, count: int) -> None:
    """Drop articles, and wait until some of them, but not all, are stored."""
    done = newsroom.states()["stored"]
    newsroom.drop_all(range(len(newsroom.drops), len(newsroom.drops) + count))
    newsroom.wait(lambda: newsroom.states()["stored"] > done + 1, "the workers are busy")


def claimed(newsroom: Newsroom) -> int:
    """Return the number of rows that are being worked on."""
    query = (
        "SELECT (SELECT count(*) FROM files WHERE state = 'reading')"
        " + (SELECT count(*) FROM documents WHERE state = 'working')"
    )
    return sum(row[0] for row in newsroom.rows(query))


def backends(newsroom: Newsroom) -> list[int]:
    """Return the pids of PostgreSQL's processes that serve our workers."""
    return [
        row[0] for row in newsroom.rows("SELECT pid FROM pg_stat_activity WHERE application_name = 'onrecord worker'")
    ]


def stand_still(newsroom: Newsroom, ground: Ground) -> None:
    """Stop the server for a while. Then wait until its workers are seen again, and check that none counts as dead."""
    ground.send(ground.postgres, signal.SIGSTOP)
    since = time.monotonic()
    newsroom.wait(lambda: time.monotonic() - since > STANDSTILL, "longer than a process may go unseen", STANDSTILL + 5)
    ground.send(ground.postgres, signal.SIGCONT)
    [(before,)] = newsroom.rows("SELECT clock_timestamp()")
    seen = "SELECT 1 FROM processes WHERE kind = 'worker' AND stopped_at IS NULL AND last_seen > :before"
    newsroom.wait(lambda: len(newsroom.rows(seen, before=before)) == 2, "both are seen again, and not buried")


def shut(ground: Ground, *, open_again: bool = False) -> None:
    """Refuse new connections to the database, and cut the existing ones; `open_again` allows connections again."""
    with ground.postgres.connect("postgres") as connection:
        connection.execute(f"ALTER DATABASE {DATABASE} ALLOW_CONNECTIONS {open_again}")
        if not open_again:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [DATABASE])


def check_without_strikes(newsroom: Newsroom, seconds: float = 120) -> None:
    """Check that everything is stored once, and that no outage has cost a strike."""
    newsroom.healed()
    newsroom.check(seconds)
    assert newsroom.strikes() == []
    for name in newsroom.processes:
        assert "raised unexpected" not in newsroom.processes[name].said(), "an outage is no traceback"


@pytest.mark.scenario(8, "connections cut again and again")
def test_cut_connections_cost_nothing(newsroom: Newsroom) -> None:
    newsroom.open(**SCANS)
    for _ in range(5):
        busy(newsroom, 8)
        newsroom.fault("all connections cut")
        with newsroom.engine.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    check_without_strikes(newsroom)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("by", ["SIGINT", "SIGQUIT", "SIGKILL"], ids=["fast", "immediate", "killed"])
@pytest.mark.scenario(8, "database restarted in mid-transaction")
def test_a_restarted_database_loses_and_doubles_nothing(grounded: Newsroom, ground: Ground, by: str) -> None:
    grounded.open("watch", "worker", "beat", **SCANS)
    for _ in range(2):
        busy(grounded, 12)
        grounded.fault(f"database restarted by {by}")
        ground.stop(ground.postgres, signal.Signals[by])
        ground.postgres.ensure()
    check_without_strikes(grounded)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.scenario(8, "a process of the database killed")
def test_a_killed_backend_restarts_the_database_and_costs_nothing(grounded: Newsroom, ground: Ground) -> None:
    grounded.open(**SCANS)
    for _ in range(3):
        busy(grounded, 10)
        grounded.wait(lambda: backends(grounded), "a worker is connected")
        grounded.fault("kill -9 of a process of the database")
        os.kill(backends(grounded)[0], signal.SIGKILL)
    check_without_strikes(grounded)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.scenario(8, "database down in the middle of a final transaction")
def test_a_database_that_goes_in_the_final_transaction(grounded: Newsroom, ground: Ground) -> None:
    grounded.open(faults="article: before the commit=stop")
    grounded.drop_all(range(10))
    point = "article: before the commit"
    grounded.wait(lambda: grounded.met(point), "a worker is about to commit")
    grounded.fault("database killed before a commit")
    ground.kill(ground.postgres)
    psutil.Process(grounded.met(point)[0]).send_signal(signal.SIGCONT)
    ground.postgres.ensure()
    check_without_strikes(grounded)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.scenario(8, "database down when the processes start")
def test_parts_that_start_without_a_database(grounded: Newsroom, ground: Ground) -> None:
    grounded.fault("database down at the start")
    ground.kill(ground.postgres)
    grounded.drop_all(range(10))
    for name in ("watch", "worker", "beat"):
        grounded.start(name)
    grounded.wait(lambda: "database" in grounded.processes["worker"].said(), "the worker says that it waits")
    grounded.wait(lambda: "database" in grounded.processes["watch"].said(), "the watcher says that it waits")
    ground.postgres.ensure()

    def are_up() -> bool:
        for name in ("watch", "worker", "beat"):
            process = grounded.processes[name]
            if not process.running:  # a process that needs the database ends, and its supervisor starts it again
                assert process.status != 0
                assert "Traceback" not in process.said()
                process.start()
        return {"watch", "worker", "beat"} <= grounded.alive()

    grounded.wait(are_up, "all processes are up", 120)
    grounded.witness.start()
    check_without_strikes(grounded)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.scenario(8, "database stands still with claims open")
def test_a_database_that_stands_still_makes_nobody_dead(grounded: Newsroom, ground: Ground) -> None:
    grounded.open(faults="article: after parsing=hang*2", **SCANS)
    grounded.drop_all(range(12))
    grounded.wait(lambda: len(grounded.met("article: after parsing")) == 2, "both pool processes hold a claim")
    for _ in range(2):
        grounded.fault("database stands still")
        stand_still(grounded, ground)
        assert claimed(grounded) == 2, "the claims hold"
    grounded.let_go()
    check_without_strikes(grounded)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.scenario(8, "database down for longer than a process may go unseen")
def test_an_outage_that_is_longer_than_a_claim_without_a_heartbeat(grounded: Newsroom, ground: Ground) -> None:
    grounded.open("watch", "worker", "beat", faults="article: after parsing=hang*2", **SCANS)
    grounded.drop_all(range(12))
    grounded.wait(lambda: len(grounded.met("article: after parsing")) == 2, "both pool processes hold a claim")
    grounded.fault("database down")
    ground.stop(ground.postgres, signal.SIGINT)
    since = time.monotonic()
    grounded.let_go()
    while time.monotonic() - since < STANDSTILL:
        with pytest.raises(SQLAlchemyError):
            grounded.engine.connect()
        time.sleep(0.5)  # the outage must last
    ground.postgres.ensure()
    check_without_strikes(grounded)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.scenario(8, "database out of reach for longer than a task may wait")
def test_an_outage_that_is_longer_than_a_task_may_wait(grounded: Newsroom, ground: Ground) -> None:
    bounds = {"ONRECORD_TASK_SECONDS": "12", "ONRECORD_LEASE_SECONDS": "30"}
    grounded.open("watch", "worker", "beat", faults="article: after parsing=hang*2", **bounds, **SCANS)
    grounded.drop_all(range(12))
    grounded.wait(lambda: len(grounded.met("article: after parsing")) == 2, "both pool processes hold a claim")
    grounded.fault("database out of reach")
    shut(ground)  # the server itself goes on: only a restart of the server excuses every claim
    grounded.let_go()
    worker = grounded.processes["worker"]
    grounded.wait(lambda: worker.said().count("once the database answers") == 2, "both tasks have given up")
    shut(ground, open_again=True)
    check_without_strikes(grounded)
