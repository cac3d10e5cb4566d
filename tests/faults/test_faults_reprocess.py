"""Re-processing is killed halfway, and reads articles on which its extractor fails."""

import pytest

from tests.faults.broken import POINTS
from tests.faults.newsroom import Newsroom
from worker.store.queues import KEPT
from worker.store.sweeping import STRUCK_OUT

FULL = {"ONRECORD_EXTRACTOR": "full"}  # this extractor has a higher generation than the newsroom's extractor, `quoted`


def reprocess(newsroom: Newsroom) -> str:
    """Run `onrecord reprocess --detach` with the full extractor; return its output."""
    name = f"reprocess {len(newsroom.processes)}"
    command = newsroom.start(name, "reprocess", "--detach", **FULL)
    newsroom.wait(lambda: command.status is not None, "onrecord reprocess has ended")
    assert command.status == 0, command.said()
    return command.said()


def items(newsroom: Newsroom) -> dict[str, int]:
    """Return how many articles of all jobs are in each state."""
    return dict(newsroom.rows("SELECT state, count(*) FROM reprocess_items GROUP BY state"))


def runs(newsroom: Newsroom) -> list[str]:
    """Return the states of all jobs."""
    return [row[0] for row in newsroom.rows("SELECT state FROM reprocess_runs ORDER BY id")]


def direct(newsroom: Newsroom) -> set[tuple[int, str]]:
    """Return the direct quotations with their ids."""
    rows = newsroom.rows("SELECT quote_id, quote FROM report.quotes WHERE kind = 'direct'")
    return {(number, words) for number, words in rows}


def extractors(newsroom: Newsroom) -> set[tuple[str, str]]:
    """Return for each article the mode of the extractor whose quotes are shown."""
    query = (
        "SELECT DISTINCT substring(a.text FROM 'report (\\d+) of'), split_part(q.extractor, '-', 1)"
        " FROM report.quotes q JOIN report.articles a USING (article_id)"
    )
    return {(number, mode) for number, mode in newsroom.rows(query)}


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.scenario(25, "re-processing killed at every point, then as a whole, then with everything else")
def test_a_killed_reprocessing_goes_on(newsroom: Newsroom) -> None:
    points = [point for point in POINTS if point.startswith("backfill: ")]
    newsroom.open()
    newsroom.drop_all(range(30))
    newsroom.wait(lambda: newsroom.states() == {"stored": 30}, "the older extractor has read them")
    before = direct(newsroom)
    reprocess(newsroom)
    faults = "; ".join(f"{point}=kill" for point in points)
    newsroom.open("backfill", faults=faults, **FULL)
    newsroom.wait(lambda: all(newsroom.met(point) for point in points), "a process has died at each point", 120)
    newsroom.fault("kill -9 at a point", len(points))
    newsroom.wait(lambda: items(newsroom).get("done", 0) >= 8, "some are done")
    newsroom.processes["backfill"].kill()
    newsroom.fault("kill -9 of the backfill worker")
    assert items(newsroom).get("waiting", 0) > 0, "nothing was left to do, so this shows nothing"
    newsroom.processes["backfill"].start()
    newsroom.wait(lambda: items(newsroom).get("done", 0) >= 14, "some more are done")
    for process in ("backfill", "worker", "watch"):
        newsroom.processes[process].kill()
    newsroom.fault("kill -9 of everything")
    assert items(newsroom).get("done", 0) < 30, "nothing was left to do, so this shows nothing"
    for process in ("watch", "worker", "backfill"):
        newsroom.processes[process].start()
    newsroom.healed()
    newsroom.wait(lambda: runs(newsroom) == ["done"], "the job has ended", 120)
    newsroom.check()
    assert items(newsroom) == {"done": 30}
    assert extractors(newsroom) == {(str(number), "full") for number in range(30)}
    assert direct(newsroom) == before
    strikes = newsroom.rows("SELECT sum(strikes) FROM reprocess_items")[0][0]
    assert len(points) <= strikes <= len(points) + 2


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.scenario(25, "the extractor crashes on one article each time, and raises on another")
def test_an_article_that_cannot_be_read_keeps_its_quotes(newsroom: Newsroom) -> None:
    point = "backfill: before reading"
    newsroom.open()
    newsroom.drop_all(range(10))
    newsroom.wait(lambda: newsroom.states() == {"stored": 10}, "the older extractor has read them")
    before = direct(newsroom)
    reprocess(newsroom)
    newsroom.open("backfill", faults=f"{point}=kill*9@report 3 of; {point}=raise*9@report 6 of", **FULL)
    newsroom.wait(lambda: runs(newsroom) == ["done"], "the job has ended", 120)
    newsroom.fault("kill -9 in the extractor", 3)
    newsroom.fault("exception in the extractor", 3)
    assert len(newsroom.met(point)) == 6
    newsroom.healed()
    newsroom.check()
    assert items(newsroom) == {"done": 8, "failed": 2}
    assert extractors(newsroom) == {(str(number), "quoted" if number in (3, 6) else "full") for number in range(10)}
    assert direct(newsroom) == before
    told = [row[0] for row in newsroom.rows("SELECT message FROM reprocess_items WHERE state = 'failed' ORDER BY id")]
    assert sorted(told, key=lambda message: "Broken" in message)[0] == f"{STRUCK_OUT} {KEPT}"
    assert sum("Broken: a fault that the test built in" in message for message in told) == 1
    assert "Nothing to do" in reprocess(newsroom)
