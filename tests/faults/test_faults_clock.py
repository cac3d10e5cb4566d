"""Wall clocks are moved, and files have impossible times.

The clock of PostgreSQL's machine is not moved here. Leases use that clock, so it must be right.
"""

import os
import signal
from functools import partial
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from tests.faults.invented import invented
from tests.faults.newsroom import Newsroom

DAY = 86_400
SECOND = 1_000_000_000  # in nanoseconds


def move(newsroom: Newsroom, name: str, seconds: int) -> None:
    """Move the clock of the processes that have `clock=NAME` among their faults."""
    aside = newsroom.marks / f"{name}.new"
    aside.write_text(str(seconds))
    aside.rename(newsroom.marks / name)
    newsroom.fault("clock moved by a day")


def wait_for_sweep(newsroom: Newsroom) -> None:
    """Wait for a sweep: add a process that was last seen an hour ago, and wait until the sweep marks it as stopped."""
    with newsroom.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO processes (kind, host, pid, version, last_seen)"
                " VALUES ('worker', 'elsewhere', 1, '0', now() - interval '1 hour')"
            )
        )
    unburied = "SELECT 1 FROM processes WHERE host = 'elsewhere' AND stopped_at IS NULL"
    newsroom.wait(lambda: not newsroom.rows(unburied), "somebody has swept")


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.scenario(22, "every process's clock moved by a day, both ways, while it works")
def test_moved_clocks_neither_end_claims_nor_hold_anything_up(newsroom: Newsroom) -> None:
    archive = newsroom.folder / "archive"
    settings = {"ONRECORD_AFTER": "archive", "ONRECORD_ARCHIVE": str(archive), "ONRECORD_SCAN_SECONDS": "2"}
    claimed, parsed = "article: after the claim", "article: after parsing"
    newsroom.start("worker", faults=f"clock=ahead; {claimed}=hang", **settings)
    newsroom.start("worker 2", "worker", faults=f"clock=behind; {parsed}=hang", **settings)
    newsroom.start("beat", faults="clock=behind; beat=2", **settings)
    newsroom.open("watch", faults="clock=ahead", **settings)
    newsroom.wait(lambda: {"watch", "worker", "beat"} <= newsroom.alive(), "all processes are up")
    move(newsroom, "ahead", DAY)
    move(newsroom, "behind", -DAY)
    newsroom.drop_all(range(14))
    both = [claimed, parsed]
    newsroom.wait(lambda: all(map(newsroom.met, both)), "a process of each worker is in the middle of an article")
    newsroom.wait(lambda: newsroom.states()["stored"] == 12, "the others are stored")
    wait_for_sweep(newsroom)
    move(newsroom, "ahead", -DAY)
    move(newsroom, "behind", DAY)
    newsroom.drop_all(range(14, 18))
    newsroom.wait(lambda: newsroom.states()["stored"] == 16, "and those that came after")
    wait_for_sweep(newsroom)
    newsroom.healed()
    newsroom.let_go()
    newsroom.check(120)
    assert newsroom.strikes() == []  # no sweep ended the claims of the hanging processes
    # beat's messages arrive, no matter which clock is ahead, and their jobs are done
    newsroom.wait(lambda: newsroom.rows("SELECT count(*) FROM articles WHERE NOT reconciled") == [(0,)], "looked again")
    newsroom.wait(lambda: len([*archive.rglob("*.txt")]) == 18, "every file is in the archive")
    assert [*newsroom.inbox.iterdir()] == []


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.scenario(22, "beat's clock put back a day; its messages a day old")
def test_beat_goes_on_ringing_when_its_clock_is_put_back(newsroom: Newsroom) -> None:
    move(newsroom, "behind", -DAY)
    newsroom.open("watch", "worker")
    beat = newsroom.start("beat", faults="clock=behind; beat=2")
    for number, seconds in enumerate((0, -2 * DAY, DAY)):
        newsroom.drop(number)
        looked = f"SELECT count(*) FROM articles WHERE reconciled HAVING count(*) = {number + 1}"
        newsroom.wait(partial(newsroom.rows, looked), "housekeeping has looked at it")
        move(newsroom, "behind", seconds)
    newsroom.healed()
    newsroom.check()
    assert beat.running
    assert "Traceback" not in beat.said()


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.scenario(22, "a process that died with its clock a day ahead or behind")
def test_the_claims_of_the_dead_end_by_the_databases_clock(newsroom: Newsroom) -> None:
    held = "article: after parsing"
    move(newsroom, "ahead", DAY)
    newsroom.open("watch")
    newsroom.start("worker", faults=f"clock=ahead; {held}=stop")
    newsroom.drop_all(range(3))
    newsroom.wait(lambda: newsroom.met(held), "a process is in the middle of an article")
    move(newsroom, "behind", -DAY)
    newsroom.start("worker 2", "worker", faults="clock=behind")
    newsroom.fault("kill -9 of a pool process")
    psutil.Process(newsroom.met(held)[0]).send_signal(signal.SIGKILL)
    newsroom.healed()
    newsroom.check()
    assert newsroom.strikes() == [1]


def write(newsroom: Newsroom, number: int, moment: int, name: str | None = None) -> Path:
    """Drop an article whose modification time is `moment`, in nanoseconds since 1970."""
    drop = newsroom.note(name or f"{number:05}.txt", invented(number), "stored")
    aside = newsroom.folder / "aside" / drop.path
    aside.write_bytes(invented(number).content)
    os.utime(aside, ns=(moment, moment))
    aside.rename(newsroom.inbox / drop.path)
    newsroom.fault("an impossible time of a file")
    return newsroom.inbox / drop.path


@pytest.mark.timeout(240)
@pytest.mark.scenario(22, "files from the future, of 1970, from before it, and with equal times")
def test_files_with_impossible_times_are_read_once(newsroom: Newsroom) -> None:
    moments = [0, 1, -SECOND, -5 * 10**9 * SECOND, 4 * 10**9 * SECOND, 10**10 * SECOND]
    for number, moment in enumerate(moments):
        write(newsroom, number, moment)
    newsroom.open("watch", "worker", ONRECORD_SCAN_SECONDS="0.5")
    for number, moment in enumerate(moments, start=len(moments)):  # and files that are dropped while the watcher runs
        write(newsroom, number, moment)
    newsroom.healed()
    newsroom.check()
    # a file with other words, but the same size and the same time to the nanosecond, is a new version
    old, new = invented(50), invented(50)
    new = type(new)(new.text.replace("Maria", "Marta"), new.quotes)
    assert len(old.content) == len(new.content)
    for article in (old, new):
        path = newsroom.place("twin.txt", article.content)
        os.utime(path, ns=(0, 0))
        newsroom.wait(
            partial(
                newsroom.rows,
                "SELECT 1 FROM report.files WHERE file = 'twin.txt' AND state = 'stored' AND sha256 = :sha256",
                sha256=article.sha256,
            ),
            "this content is stored",
        )
    scans = "SELECT last_scan FROM inboxes WHERE last_scan > :before"
    for _ in range(3):  # after several scans of the folder, nothing has been read again
        before = newsroom.rows("SELECT clock_timestamp()")[0][0]
        newsroom.wait(partial(newsroom.rows, scans, before=before), "another scan has ended")
    again = newsroom.rows("SELECT shown, attempt FROM files WHERE attempt > 1 AND path <> 'twin.txt'")
    assert again == []
    assert newsroom.rows("SELECT count(*) FROM files") == [(2 * len(moments) + 2,)]
