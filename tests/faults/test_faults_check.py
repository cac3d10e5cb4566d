"""`onrecord check` finds nothing wrong at any moment, while articles arrive, are copied, replaced and read again."""

import json
import threading

import pytest

from tests.faults.invented import invented
from tests.faults.newsroom import Newsroom
from tests.faults.test_faults_reprocess import FULL, reprocess, runs
from worker.checks.check import check
from worker.store.db.engine import make_engine


class Checking:
    """Checks all tables again and again, in a thread of its own, and keeps what it finds."""

    def __init__(self, database_url: str) -> None:
        self.checks = 0
        self.found: list[str] = []
        self._engine = make_engine(database_url, application="onrecord check")
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._poll, daemon=True)

    def _poll(self) -> None:
        while not self._ending.is_set():
            self.found += map(str, check(self._engine))
            self.checks += 1

    def __enter__(self) -> "Checking":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()
        self._engine.dispose()


def lines(numbers: range) -> bytes:
    """Return a file of JSON lines with these articles."""
    return b"".join(json.dumps({"text": invented(number).text}).encode() + b"\n" for number in numbers)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.scenario(28, "the questions of `onrecord check`, asked all the time")
def test_nothing_is_wrong_at_any_moment(newsroom: Newsroom) -> None:
    newsroom.open("watch", "worker", "backfill")
    with Checking(newsroom.database_url) as checking:
        newsroom.drop_all(range(12))
        for number in range(4):  # copies of texts that are being stored
            newsroom.place(f"copy{number}.txt", invented(number).content + b"\n")
            newsroom.note(f"copy{number}.txt", None, "stored", "duplicate")
        for name, numbers in (("many.jsonl", range(8, 60)), ("more.jsonl", range(40, 70))):
            newsroom.place(name, lines(numbers))
            newsroom.note(name, None, "stored", "duplicate")
        newsroom.wait(newsroom.at_rest, "every file has ended")
        newsroom.replaced(invented(5))
        newsroom.drop(invented(5, edition=2), "00005.txt")  # a newer version of a file
        newsroom.wait(newsroom.at_rest, "the newer version has ended")
        for process in ("worker", "backfill"):
            newsroom.processes[process].end(20)
        newsroom.open("worker", "backfill", **FULL)
        reprocess(newsroom)
        newsroom.wait(lambda: runs(newsroom) == ["done"], "everything was read again", 120)
    assert checking.found == []
    assert checking.checks > 3
    newsroom.check()
