"""Files that are made to overload Onrecord end with the right reason, within the limits; other files are stored."""

import pytest

from tests.faults.hostile import HOSTILE, MEGABYTE
from tests.faults.newsroom import Newsroom
from tests.faults.scales import Scales

SMALL = ("overlapping.zip", "nested.zip", "deep.json", "laughs.xml", "file.rss", "crawl.warc", "accents.txt")
MEMBERS = "500"  # `many.zip` has 20,000


def dropped(newsroom: Newsroom, names: list[str]) -> None:
    """Drop hostile files, and one good file after each of them."""
    for number, name in enumerate(names):
        newsroom.place(name, HOSTILE[name].made())
        newsroom.note(name, None, HOSTILE[name].state)
        newsroom.drop(number)
        newsroom.fault(name)


def check_contained(newsroom: Newsroom, names: list[str], seconds: float) -> None:
    """Check that all files end as they must, that no pool process died, and that no process used too much memory."""
    newsroom.open("watch")
    worker = newsroom.start("worker", ONRECORD_MAX_MEMBERS=MEMBERS)
    newsroom.wait(lambda: "worker" in newsroom.alive(), "the worker is up")
    pool = {process.pid for process in worker.pool()}
    with Scales(worker) as scales:
        dropped(newsroom, names)
        newsroom.check(seconds)
    reasons = dict(newsroom.rows("SELECT file, reason FROM report.files WHERE state = 'quarantined'"))
    wrong = {name: reasons.get(name) for name in names if HOSTILE[name].state == "quarantined"}
    assert not {name: why for name, why in wrong.items() if why not in (HOSTILE[name].reasons or {why})}
    assert None not in wrong.values()
    assert newsroom.strikes() == []
    assert {process.pid for process in worker.pool()} >= pool
    assert 0 < scales.child < 1500 * MEGABYTE
    assert 0 < scales.pool < 800 * MEGABYTE
    assert newsroom.rows("SELECT 1 FROM report.articles WHERE text LIKE '%root:%'") == []


@pytest.mark.scenario(20, "bombs that are small")
def test_small_bombs_are_contained(newsroom: Newsroom) -> None:
    check_contained(newsroom, list(SMALL), 90)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.scenario(20, "bombs that are large")
def test_large_bombs_are_contained(newsroom: Newsroom) -> None:
    check_contained(newsroom, [name for name in HOSTILE if name not in SMALL], 600)
