"""Readers that mean harm: whatever they do, articles go on being stored."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.faults.command import ROOT
from tests.faults.conftest import observed
from tests.faults.ground import free_port
from tests.faults.newsroom import Newsroom
from tests.faults.upped import Upped
from worker.embedded.companion import MAX_LOG_BYTES

SLOWER = 3.0
"""At most so many times as long as without hostile readers may the p95 of drop to row be."""
DISK_BYTES = 6_000_000_000
"""At most so much may the disk grow for 12 readers: 500 MB of temporary files each, and the logs."""
STEP_SECONDS = 0.3


@pytest.fixture
def upped(folder: Path, request: pytest.FixtureRequest) -> Iterator[Upped]:
    """A newsroom in its own HOME, with a port that is open to analysts."""
    yield from observed(Upped(folder, port=free_port()), request)


def opened(upped: Upped) -> str:
    """Start `up`; return the URL of the analysts' role."""
    upped.up()
    url = upped.servers.reader_url
    assert url is not None
    return url


@contextmanager
def hostile(url: str, readers: int, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    """Let hostile readers do harm in the background."""
    command = [sys.executable, "-m", "tests.faults.hostile_readers", url, str(readers), str(seconds)]
    with subprocess.Popen(command, cwd=ROOT, start_new_session=True) as running:
        try:
            yield running
        finally:
            running.kill()


def seconds_to_row(room: Newsroom, numbers: range) -> list[float]:
    """Drop articles one after the other; return for each the seconds until it is stored."""
    taken = []
    query = "SELECT 1 FROM files WHERE shown = :name AND state = 'stored'"
    for number in numbers:
        drop = room.drop(number)
        began = time.monotonic()
        room.wait(lambda name=drop.path: room.rows(query, name=name), f"{drop.path} is stored")  # type: ignore[misc]
        taken.append(time.monotonic() - began)
        time.sleep(STEP_SECONDS)
    return taken


def p95(values: list[float]) -> float:
    """Return the value that 95 % of the values do not exceed."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def disk(folder: Path) -> int:
    """Return the bytes of disk that a folder takes."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_blocks * 512
    return total


def endure(upped: Upped, readers: int, articles: int) -> tuple[float, int]:
    """Store articles beside hostile readers; return how many times slower that was, and how the disk grew."""
    url = opened(upped)
    seconds_to_row(upped, range(5))
    quiet = p95(seconds_to_row(upped, range(100, 100 + articles // 2)))
    before, most = disk(upped.home), 0
    server = upped.servers.postgres.pid()
    upped.fault("hostile reader", readers)
    taken: list[float] = []
    with hostile(url, readers, 600):
        for first in range(200, 200 + articles, 5):
            taken += seconds_to_row(upped, range(first, min(first + 5, 200 + articles)))
            most = max(most, disk(upped.home) - before)
    assert upped.servers.postgres.pid() == server, "the server has not been started again"
    with upped.servers.postgres.connect() as owner:
        started = owner.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'onrecord'").fetchone()
        assert started is not None
    upped.healed()
    upped.check()
    return p95(taken) / quiet, most


@pytest.mark.long
@pytest.mark.scenario(40, "12 hostile readers: memory, sorting, temporary files, locks, notifications, errors, …")
@pytest.mark.timeout(300)
def test_articles_are_stored_beside_hostile_readers(upped: Upped) -> None:
    slower, grown = endure(upped, readers=12, articles=30)
    assert slower < SLOWER
    assert grown < DISK_BYTES
    logs = upped.home / "logs"
    assert sum(path.stat().st_size for path in logs.glob("postgres.log*")) <= 2 * MAX_LOG_BYTES + 100_000
    assert b"\x1b" not in (logs / "postgres.log").read_bytes()


@pytest.mark.long
@pytest.mark.scenario(40, "50 hostile readers")
@pytest.mark.timeout(600)
def test_articles_are_stored_beside_fifty_hostile_readers(upped: Upped) -> None:
    slower, grown = endure(upped, readers=50, articles=100)
    print(f"{slower:.2f} times the quiet p95; the disk grew by {grown / 1e6:.0f} MB")
    assert slower < SLOWER
    assert grown < 2 * DISK_BYTES


@pytest.mark.scenario(41, "the analysts' role spoiled by an analyst, and its password changed")
@pytest.mark.timeout(240)
def test_the_role_of_analysts_is_put_back(upped: Upped) -> None:
    url = opened(upped)
    upped.fault("a library that does not exist, in the settings of the role")
    upped.fault("another password of the role")
    with psycopg.connect(url, autocommit=True) as analyst:
        analyst.execute("SET default_transaction_read_only = off")
        analyst.execute("ALTER ROLE onrecord_reader IN DATABASE onrecord SET local_preload_libraries = 'nonexistent'")
        analyst.execute("ALTER ROLE onrecord_reader SET local_preload_libraries = 'nonexistent'")
        analyst.execute("ALTER ROLE onrecord_reader PASSWORD 'mine'")
        asked = upped.start("sql", "sql", "SELECT count(*) FROM quotes")
        upped.wait(lambda: not asked.running, "our own command has ended")
    assert asked.status == 0, asked.said()
    upped.wait(lambda: comes_in(url), "the analysts can log in again", 30)
    upped.drop_all(range(3))
    upped.healed()
    upped.check()


def comes_in(url: str) -> bool:
    """True if an analyst can log in."""
    with suppress(psycopg.Error), psycopg.connect(url, connect_timeout=5):
        return True
    return False


@pytest.mark.long
@pytest.mark.scenario(42, "120 and more connections that send nothing, and sessions that never end")
@pytest.mark.timeout(240)
def test_connections_that_are_left_take_none_of_ours(upped: Upped) -> None:
    url = opened(upped)
    program = Path(__file__).with_name("silent_connections.py")
    upped.fault("connection that sends only its start", 300)
    command = [sys.executable, str(program), str(make_url(url).port), "300"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as silent:
        assert silent.stdout is not None
        assert silent.stdout.readline(), "all are open"
        try:
            upped.drop_all(range(10))
            with upped.servers.postgres.connect() as owner:
                assert owner.execute("SELECT 1").fetchone() == (1,)
            asked = upped.start("sql", "sql", "SELECT 1")
            upped.wait(lambda: not asked.running, "our own command has ended")
            assert asked.status == 0, asked.said()
            upped.wait(lambda: comes_in(url), "an analyst comes in beside them", 30)
            upped.healed()
            upped.check()
        finally:
            silent.kill()


@pytest.mark.scenario(43, "a reader of an own server that holds every advisory lock it knows")
@pytest.mark.timeout(240)
def test_no_advisory_lock_stops_the_work(newsroom: Newsroom) -> None:
    """These are the numbers of earlier releases, and all that `pg_locks` shows while the processes work."""
    keys = "SELECT pg_advisory_lock(k) FROM unnest(ARRAY[1117201, 1138207, 1137741, 1138409, 1162919]) AS k"
    folders = "SELECT pg_advisory_lock(hashtextextended('onrecord watch ' || g, 0)) FROM generate_series(1, 100) AS g"
    migration = "SELECT pg_advisory_lock(8029480965433684580)"
    url = make_url(newsroom.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as reader:
        reader.execute("SET ROLE onrecord_reader")
        for statement in (keys, folders, migration):
            reader.execute(statement)
        newsroom.fault("advisory lock held by a reader", 106)
        migrating = newsroom.start("migrate", "migrate")
        newsroom.wait(lambda: not migrating.running, "the migration has ended")
        assert migrating.status == 0, migrating.said()
        newsroom.open("watch", "worker", "beat")
        newsroom.drop_all(range(10))
        newsroom.wait(lambda: newsroom.states()["stored"] == 10, "all articles are stored")
        with psycopg.connect(url) as owner:
            seen = owner.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone()
        assert seen == (106,), "nobody but the reader holds or wants an advisory lock"
    newsroom.healed()
    newsroom.check()
