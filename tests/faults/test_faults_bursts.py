"""Very many files at once: nothing is lost, and neither memory nor the number of messages grows with the files."""

import contextlib
import signal
import time
from pathlib import Path

import psutil
import pytest

from tests.faults.invented import invented
from tests.faults.newsroom import Newsroom
from worker.store.ringing import BEYOND

EVENTS = Path("/proc/sys/fs/inotify/max_queued_events")
DOORBELLS = 200
RINGERS = 3  # the watcher and two pool processes: none of them counts doorbells that the others have not committed yet
MEGABYTE = 1 << 20


def write_all(newsroom: Newsroom, texts: int, names: int) -> None:
    """Write `texts` texts, each under `names` names, as fast as possible."""
    articles = [invented(number) for number in range(texts)]
    for name in range(names):
        for number, article in enumerate(articles):
            (newsroom.inbox / f"{number:04}-{name:02}.txt").write_bytes(article.content)
            newsroom.note(f"{number:04}-{name:02}.txt", article, "stored", "duplicate")


def overflows(newsroom: Newsroom) -> int:
    """Return how often the watcher says that the kernel dropped events."""
    (row,) = newsroom.rows("SELECT coalesce(max(events_lost), 0) FROM processes WHERE kind = 'watch'")
    return int(row[0])


def rung(newsroom: Newsroom) -> int:
    """Return the number of open doorbells of the fuller one of the two queues."""
    waiting = "SELECT count(*) FROM {} WHERE state = 'waiting' AND rung_at IS NOT NULL"
    return max(int(row[0]) for table in ("files", "documents") for row in newsroom.rows(waiting.format(table)))


class Memory:
    """The largest PSS that any process of each command has had (PSS divides shared pages among their processes)."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self.peak: dict[str, int] = {}
        self._next = 0.0
        self.idle = dict(self.look())

    def look(self) -> dict[str, int]:
        """Measure now, but at most every two seconds; return the largest values so far."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + 2
            for name, command in self._newsroom.processes.items():
                for process in command.family():
                    with contextlib.suppress(psutil.Error):
                        self.peak[name] = max(self.peak.get(name, 0), process.memory_full_info().pss)
        return self.peak

    def growth(self) -> dict[str, float]:
        """Return by how many MiB the largest process of each command has grown."""
        return {name: (self.peak[name] - self.idle[name]) / MEGABYTE for name in self.idle}


@pytest.mark.long
@pytest.mark.timeout(1_500)
@pytest.mark.scenario(14, "10,000 files at once")
def test_ten_thousand_files_at_once_are_all_stored_within_bounds(newsroom: Newsroom) -> None:
    newsroom.open(ONRECORD_DOORBELLS=str(DOORBELLS))
    newsroom.drop(9_999)  # so that libraries and models are loaded
    newsroom.wait(newsroom.at_rest, "the first file is stored")
    memory = Memory(newsroom)
    newsroom.fault("file at once", 10_000)
    write_all(newsroom, texts=1_000, names=10)
    newsroom.healed()
    most = 0

    def all_ended() -> bool:
        nonlocal most
        most = max(most, rung(newsroom))
        memory.look()
        return newsroom.at_rest()

    newsroom.wait(all_ended, "all have ended", 1_200)
    newsroom.check()
    # The watcher may hold ten thousand sightings and hints of one or two kilobytes; a worker holds one file at a time.
    assert max(memory.growth().values()) < 40, memory.growth()
    assert newsroom.states() == {"stored": 1_001, "duplicate": 9_000}
    assert most <= (DOORBELLS + BEYOND) * RINGERS


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.scenario(15, "5,000 files while the watcher is stopped")
def test_files_whose_events_were_dropped_are_found_by_a_scan(newsroom: Newsroom) -> None:
    if not EVENTS.exists():
        newsroom.checked = True
        pytest.skip("inotify is Linux's")
    newsroom.open()
    watcher = newsroom.processes["watch"]
    newsroom.fault("watcher stopped")
    watcher.send(signal.SIGSTOP)
    write_all(newsroom, texts=100, names=50)
    # To make, write and close a file gives at least three events. If that is too few for an overflow, files that are
    # made and deleted again give the missing events.
    for number in range(max(0, int(EVENTS.read_text()) - 3 * 5_000) // 4 + 1_000):
        passing = newsroom.inbox / f"passing-{number}.part"
        passing.write_text("x")
        passing.unlink()
    watcher.send(signal.SIGCONT)
    newsroom.healed()
    newsroom.check(400)
    newsroom.wait(lambda: overflows(newsroom) >= 1, "the watcher says that events were lost")
    assert newsroom.states() == {"stored": 100, "duplicate": 4_900}
