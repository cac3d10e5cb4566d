"""The watched folder goes away, comes back, is made again, is replaced, or does not exist at the start."""

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.ground import mount
from tests.faults.invented import invented
from tests.faults.newsroom import Newsroom

DOORBELLS = 20


def is_away(newsroom: Newsroom, name: str = "news") -> bool:
    """True if the ledger knows that a folder is away."""
    return newsroom.rows("SELECT away_at IS NOT NULL FROM inboxes WHERE name = :name", name=name) == [(True,)]


def states(newsroom: Newsroom, inbox: str) -> Counter[str]:
    """Return how many files of one folder are in each state."""
    query = "SELECT state, count(*) FROM report.files WHERE inbox = :inbox GROUP BY 1"
    return Counter(dict(newsroom.rows(query, inbox=inbox)))


@pytest.mark.long
@pytest.mark.scenario(16, "deleted and made again, renamed away and back, replaced")
def test_a_folder_that_goes_and_comes_is_watched_again(newsroom: Newsroom) -> None:
    newsroom.open()
    inbox, aside = newsroom.inbox, newsroom.folder / "elsewhere"
    newsroom.drop_all(range(3))
    newsroom.wait(newsroom.at_rest, "the first files are stored")

    newsroom.fault("folder deleted")
    shutil.rmtree(inbox)
    newsroom.wait(lambda: is_away(newsroom), "the watcher knows that the folder is gone")
    inbox.mkdir()
    newsroom.wait(lambda: not is_away(newsroom), "the watcher knows that it is back")
    newsroom.drop_all(range(3, 6))
    newsroom.wait(newsroom.at_rest, "files of the new folder are stored")

    newsroom.fault("folder renamed")
    inbox.rename(aside)
    newsroom.wait(lambda: is_away(newsroom), "the watcher knows that the folder is gone")
    (aside / "00006.txt").write_bytes(invented(6).content)  # nobody watches this folder now
    newsroom.note("00006.txt", invented(6), "stored")
    aside.rename(inbox)
    newsroom.drop_all(range(7, 9))
    newsroom.wait(newsroom.at_rest, "files are stored that came while it was away, and after")

    newsroom.fault("folder replaced by another")
    other = newsroom.folder / "other"
    other.mkdir()
    (other / "00009.txt").write_bytes(invented(9).content)
    newsroom.note("00009.txt", invented(9), "stored")
    inbox.rename(aside)
    other.rename(inbox)
    newsroom.drop_all(range(10, 12))
    newsroom.healed()
    newsroom.check()
    assert "the folder is away; its files wait until it is back" in newsroom.processes["watch"].said()
    assert newsroom.states() == {"stored": 12}


@pytest.mark.long
@pytest.mark.parametrize("watched", [True, False], ids=["the watcher says so", "only the worker finds it"])
@pytest.mark.scenario(16, "a folder goes away while more of its files wait than there are doorbells")
def test_files_of_an_absent_folder_wait_and_keep_no_doorbell_from_others(newsroom: Newsroom, watched: bool) -> None:
    other, aside = newsroom.folder / "other", newsroom.folder / "elsewhere"
    other.mkdir()
    both = {"ONRECORD_INBOX": f"other={other}:news={newsroom.inbox}", "ONRECORD_DOORBELLS": str(DOORBELLS)}
    newsroom.open("watch", **both)
    for number in range(100, 100 + 3 * DOORBELLS):
        (other / f"{number}.txt").write_bytes(invented(number).content)
    newsroom.wait(lambda: states(newsroom, "other")["waiting"] == 3 * DOORBELLS, "they wait for a worker")
    newsroom.drop_all(range(5))
    newsroom.wait(lambda: states(newsroom, "news")["waiting"] == 5, "so do those of the other folder")

    newsroom.fault("folder renamed")
    if not watched:
        newsroom.processes["watch"].kill()
    other.rename(aside)
    if watched:
        newsroom.wait(lambda: is_away(newsroom, "other"), "the watcher knows that the folder is gone")
    newsroom.open("worker", **both)
    newsroom.wait(lambda: states(newsroom, "news")["stored"] == 5, "the folder that is there is read", 50)
    # A worker takes a file whose message was sent before, and puts it back when it finds no folder.
    newsroom.wait(lambda: states(newsroom, "other") == {"waiting": 3 * DOORBELLS}, "the others wait")

    aside.rename(other)
    newsroom.healed()
    if not watched:
        newsroom.processes["watch"].start()
    newsroom.wait(lambda: states(newsroom, "other")["stored"] == 3 * DOORBELLS, "they are read when it is back")
    newsroom.check()
    assert newsroom.strikes() == []


@pytest.mark.long
@pytest.mark.scenario(16, "unmounted while files wait, and mounted again")
def test_files_on_a_disk_that_is_unmounted_wait_for_it(newsroom: Newsroom) -> None:
    disk = newsroom.folder / "disk"
    disk.mkdir()
    newsroom.checked = True  # so that a skip by `mount` is no failure; `check` follows below
    mount("-t", "tmpfs", "-o", "size=10m", "tmpfs", disk)
    try:
        mount("--bind", disk, newsroom.inbox)
        try:
            newsroom.checked = False
            unmounted(newsroom, disk)
        finally:
            for process in newsroom.processes.values():
                process.end(10)
            subprocess.run(["umount", "--lazy", newsroom.inbox], capture_output=True, check=False)
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def unmounted(newsroom: Newsroom, disk: Path) -> None:
    """Take the folder away and give it back; check what happens."""
    newsroom.open("watch", ONRECORD_DOORBELLS="5")
    for number in range(10):
        (newsroom.inbox / f"{number:05}.txt").write_bytes(invented(number).content)
        newsroom.note(f"{number:05}.txt", invented(number), "stored")
    newsroom.wait(lambda: newsroom.states() == {"waiting": 10}, "they wait for a worker")

    newsroom.fault("unmounted")
    subprocess.run(["umount", "--lazy", newsroom.inbox], check=True)
    newsroom.wait(lambda: is_away(newsroom), "the watcher knows that the folder is gone")
    newsroom.open("worker", ONRECORD_DOORBELLS="5")
    rung = "SELECT count(*) FROM files WHERE rung_at IS NOT NULL"
    newsroom.wait(
        lambda: newsroom.rows(rung) == [(0,)] and newsroom.states() == {"waiting": 10},
        "the messages that had been sent are answered, and all files wait",
    )

    mount("--bind", disk, newsroom.inbox)
    newsroom.healed()
    newsroom.check()
    assert newsroom.states() == {"stored": 10}


@pytest.mark.scenario(16, "an absent folder at the start")
def test_a_watcher_says_what_to_do_about_a_folder_that_is_not_there(newsroom: Newsroom) -> None:
    newsroom.fault("folder absent")
    newsroom.inbox.rmdir()
    process = newsroom.start("watch")
    newsroom.wait(lambda: process.status is not None, "it ends")
    assert process.status == 1
    assert f"The folder {newsroom.inbox} does not exist; make it, or name another." in " ".join(process.said().split())
    assert "Traceback" not in process.said()
    newsroom.inbox.mkdir()
    newsroom.healed()
    newsroom.drop(0)
    newsroom.open()
    newsroom.check()
