"""The database accepts no writes, its disk is full, or the archive accepts no files. Onrecord says so, and waits."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.ground import Disk, Ground
from tests.faults.newsroom import Newsroom


def told(newsroom: Newsroom, command: str) -> str:
    """Run `onrecord COMMAND`, check that it reports a failure, and return its output."""
    done = subprocess.run(
        [sys.executable, "-m", "worker", command],
        env=newsroom.environment({"PYTHONPATH": str(Path(__file__).parents[2])}),
        cwd=newsroom.folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1, done.stdout
    return done.stdout + done.stderr


def restored(newsroom: Newsroom) -> None:
    """Check that everything is stored once, and that no outage has cost a strike or printed a traceback."""
    newsroom.healed()
    newsroom.check(150)
    assert newsroom.strikes() == []
    for process in newsroom.processes.values():
        assert "raised unexpected" not in process.said()


# the database


@pytest.mark.scenario(9, "database read-only")
def test_a_database_that_takes_no_writes_is_waited_for(grounded: Newsroom, ground: Ground) -> None:
    grounded.open(ONRECORD_SCAN_SECONDS="3")
    grounded.drop_all(range(10))
    grounded.wait(lambda: grounded.states()["stored"] > 1, "the workers are busy")
    grounded.fault("database read-only")
    ground.sql("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    grounded.drop_all(range(10, 20))
    for name in ("worker", "watch"):
        grounded.wait(lambda name=name: "read-only" in grounded.processes[name].said(), f"the {name} says so")  # type: ignore[misc]
    assert "takes no writes" in told(grounded, "status")
    ground.sql(
        "SET default_transaction_read_only = off",
        "ALTER SYSTEM RESET default_transaction_read_only",
        "SELECT pg_reload_conf()",
    )
    restored(grounded)


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.parametrize("ground", [{"megabytes": 250}], indirect=True, ids=["small"])
@pytest.mark.scenario(9, "disk of the database (and of the broker) full")
def test_a_full_disk_is_waited_for(grounded: Newsroom, ground: Ground) -> None:
    assert ground.disk is not None
    grounded.open("watch", "worker", "beat", ONRECORD_SCAN_SECONDS="3")
    grounded.drop_all(range(10))
    grounded.wait(lambda: grounded.states()["stored"] > 1, "the workers are busy")
    grounded.fault("disk full")
    ground.disk.fill()
    grounded.drop_all(range(10, 60))
    grounded.wait(
        lambda: "No space left" in grounded.processes["worker"].said(), "a worker says that the disk is full", 90
    )
    ground.disk.clear()
    ground.postgres.ensure()  # PostgreSQL ends if there is no space for its log; its supervisor would start it again
    ground.valkey.ensure()
    grounded.healed()
    grounded.wait(lambda: supervised(grounded), "every file has ended", 150)
    grounded.check()
    assert grounded.strikes() == []
    assert grounded.processes["watch"].running
    assert grounded.processes["worker"].running


def supervised(newsroom: Newsroom) -> bool:
    """Start beat again if it has ended because its database is away; return True if every file has ended."""
    if not newsroom.processes["beat"].running:
        newsroom.processes["beat"].start()
    return newsroom.at_rest()


# the archive


@pytest.fixture
def full(folder: Path) -> Iterator[Disk]:
    """A small, full disk for the archive."""
    made = Disk(folder / "archive", 2)
    made.fill()
    yield made
    made.close()


def archiving(newsroom: Newsroom, archive: Path, **settings: str) -> None:
    """Open a newsroom that archives stored files."""
    newsroom.open(ONRECORD_AFTER="archive", ONRECORD_ARCHIVE=str(archive), **settings)


def messages(newsroom: Newsroom) -> list[str]:
    """Return the messages that say why files have not been archived."""
    return [row[0] for row in newsroom.rows("SELECT after_message FROM files WHERE after_message IS NOT NULL")]


def left(folder: Path) -> list[str]:
    """Return the files in a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def stays(newsroom: Newsroom, why: str) -> None:
    """Check that all files were read once and stored, and are still in the inbox, with the reason `why`."""
    names = sorted(drop.path for drop in newsroom.drops)
    newsroom.wait(lambda: len(messages(newsroom)) == len(names), "every file says why it has not been archived", 90)
    assert all(why in message for message in messages(newsroom)), messages(newsroom)
    assert left(newsroom.inbox) == names
    assert newsroom.states() == {"stored": len(names)}
    assert "not archived or deleted" in told(newsroom, "status")
    assert newsroom.rows("SELECT count(*), max(attempt) FROM files") == [(len(names), 1)], "nothing was read again"


def archived(newsroom: Newsroom, archive: Path) -> None:
    """Check that all files come to the archive unchanged when the archive accepts files again."""
    newsroom.wait(lambda: not left(newsroom.inbox), "every file is in the archive", 150)
    newsroom.wait(lambda: not messages(newsroom), "no file says that it is not")
    assert left(archive / "news") == sorted(drop.path for drop in newsroom.drops)
    for drop in newsroom.drops:
        if drop.article is not None:
            assert (archive / "news" / drop.path).read_bytes() == drop.article.content
    restored(newsroom)
    assert newsroom.rows("SELECT max(attempt) FROM files") == [(1,)], "only the move was tried again"


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.scenario(10, "archive full")
def test_a_full_archive_keeps_files_where_they_are(newsroom: Newsroom, full: Disk) -> None:
    archiving(newsroom, full.folder)
    newsroom.fault("archive full")
    newsroom.drop_all(range(5))
    newsroom.drop(5, "deep/in/it.txt")
    stays(newsroom, "No space left on device")
    full.clear()
    archived(newsroom, full.folder)


@pytest.mark.long
@pytest.mark.scenario(10, "archive in the way")
def test_a_file_where_the_archive_should_be(newsroom: Newsroom) -> None:
    archive = newsroom.folder / "archive"
    archive.write_text("a file of somebody's")
    archiving(newsroom, archive)
    newsroom.fault("archive cannot be made")
    newsroom.drop_all(range(3))
    stays(newsroom, "Archiving failed")
    newsroom.healed()
    archive.unlink()
    archived(newsroom, archive)


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.scenario(10, "archive not writable")
def test_an_archive_that_may_not_be_written(newsroom: Newsroom) -> None:
    archive = newsroom.folder / "archive"
    archive.mkdir(mode=0o500)
    archiving(newsroom, archive)
    newsroom.fault("archive not writable")
    newsroom.drop_all(range(5))
    stays(newsroom, "Permission denied")
    archive.chmod(0o700)
    archived(newsroom, archive)
