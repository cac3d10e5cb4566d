"""Workers and their pool processes are killed, stopped, or hang."""

import signal

import psutil
import pytest

from tests.faults.invented import Article, invented
from tests.faults.newsroom import Newsroom
from worker.store.queues import LOOK
from worker.store.sweeping import STRUCK_OUT

PARSED = "article: after parsing"
READ = "article: after reading"
TAKEN = "intake: after reading"

# With these settings, a claim's lease ends before its process counts as dead. Rows whose messages went to such a
# worker wait until they are rung for again.
LEASE_FIRST = {"ONRECORD_LEASE_SECONDS": "12", "ONRECORD_SEEN_SECONDS": "30", "ONRECORD_RING_AGAIN_SECONDS": "5"}


def send(number: signal.Signals, *pids: int) -> None:
    """Send a signal to processes, which must exist."""
    for pid in pids:
        psutil.Process(pid).send_signal(number)


def workers(newsroom: Newsroom) -> int:
    """Return the number of pool processes that have a recent heartbeat."""
    seen = "kind = 'worker' AND stopped_at IS NULL AND last_seen > clock_timestamp() - interval '3 s'"
    return int(newsroom.rows(f"SELECT count(*) FROM processes WHERE {seen}")[0][0])


def namesake(number: int, of: int) -> Article:
    """Return the invented article `number`, but about a person with the surname of the person in article `of`."""
    article, other = invented(number), invented(of)
    own, shared = (text.split(" said.")[0].split()[-1] for text in (article.text, other.text))
    return Article(article.text.replace(own, shared), article.quotes)


@pytest.mark.long
@pytest.mark.scenario(1, "kill -9 of a pool process in mid-task")
def test_a_pool_process_killed_in_mid_task_costs_one_strike(newsroom: Newsroom) -> None:
    newsroom.open(faults=f"{PARSED}=stop; {TAKEN}=stop")
    newsroom.drop_all(range(20))
    newsroom.wait(lambda: newsroom.met(PARSED) and newsroom.met(TAKEN), "both pool processes are in mid-task")
    newsroom.fault("kill -9 of a pool process", 2)
    send(signal.SIGKILL, *newsroom.met(PARSED), *newsroom.met(TAKEN))
    newsroom.healed()
    newsroom.check()
    assert newsroom.strikes() == [1, 1]


@pytest.mark.long
@pytest.mark.scenario(1, "a file and an article that kill their process each time, and one that raises")
def test_what_kills_its_process_each_time_is_quarantined_and_can_be_tried_again(newsroom: Newsroom) -> None:
    file, killing, raising = "00003.txt", "report 5 of", "report 7 of"
    newsroom.open(faults=f"{TAKEN}=kill*3@{file}; {PARSED}=kill*3@{killing}; {PARSED}=raise*3@{raising}")
    newsroom.drop_all(range(20))
    newsroom.fault("kill -9 of a pool process", 6)
    newsroom.fault("exception in a task", 3)
    newsroom.wait(lambda: newsroom.states() == {"stored": 17, "quarantined": 3}, "three are given up", 120)
    refused = newsroom.rows("SELECT file, reason, message FROM report.files WHERE state = 'quarantined' ORDER BY file")
    assert [row[:2] for row in refused] == [(f"{number:05}.txt", "crashed") for number in (3, 5, 7)]
    assert refused[0][2] == refused[1][2] == f"{STRUCK_OUT} {LOOK}"
    assert "Broken: a fault that the test built in" in refused[2][2]
    assert "onrecord retry" in refused[2][2]
    newsroom.healed()
    again = newsroom.start("retry", "retry", "--all")
    newsroom.wait(lambda: again.status is not None, "onrecord retry has ended")
    assert again.status == 0, again.said()
    newsroom.wait(lambda: newsroom.states() == {"stored": 20}, "they are stored")
    newsroom.check()
    assert newsroom.strikes() == []


@pytest.mark.long
@pytest.mark.scenario(2, "kill -9 of a whole worker with tasks reserved")
def test_another_worker_takes_over_from_a_killed_one(newsroom: Newsroom) -> None:
    newsroom.open(faults=f"{PARSED}=stop*2")
    newsroom.drop_all(range(40))
    newsroom.wait(lambda: len(newsroom.met(PARSED)) == 2, "the worker is in mid-task")
    newsroom.wait(lambda: newsroom.reserved() > 0, "it has tasks reserved")
    newsroom.start("worker 2", "worker")
    newsroom.wait(lambda: workers(newsroom) >= 2, "another worker lives")
    newsroom.fault("kill -9 of a worker and its pool")
    newsroom.processes["worker"].kill()
    newsroom.healed()
    newsroom.check()
    assert newsroom.strikes() == [1, 1]


@pytest.mark.long
@pytest.mark.scenario(2, "kill -9 of a worker's first process only")
def test_a_pool_without_its_worker_ends(newsroom: Newsroom) -> None:
    newsroom.open(faults=f"{PARSED}=stop")
    newsroom.drop_all(range(20))
    newsroom.wait(lambda: newsroom.met(PARSED), "a pool process is in mid-task")
    newsroom.start("worker 2", "worker")
    newsroom.wait(lambda: workers(newsroom) >= 3, "another worker lives")
    pool = newsroom.processes["worker"].pool()
    newsroom.fault("kill -9 of a worker without its pool")
    send(signal.SIGKILL, newsroom.processes["worker"].pid)
    newsroom.healed()
    send(signal.SIGCONT, *newsroom.met(PARSED))
    newsroom.check()
    newsroom.wait(lambda: not any(process.is_running() for process in pool), "its pool processes end")


@pytest.mark.long
@pytest.mark.scenario(2, "a process that hangs but is seen: its lease ends")
def test_a_lease_ends_although_its_process_is_seen(newsroom: Newsroom) -> None:
    newsroom.settings |= LEASE_FIRST
    newsroom.open(faults=f"{READ}=hang; {TAKEN}=hang")
    newsroom.start("worker 2", "worker")
    newsroom.drop_all(range(10))
    newsroom.wait(lambda: newsroom.met(READ) and newsroom.met(TAKEN), "both pool processes hang")
    newsroom.fault("hanging pool process", 2)
    newsroom.healed()
    newsroom.wait(newsroom.at_rest, "another worker has done their work")
    newsroom.let_go()
    newsroom.wait(lambda: newsroom.processes["worker"].said().count("claim lost") == 2, "both late writes are refused")
    newsroom.check()
    assert newsroom.strikes() == [1, 1]


@pytest.mark.long
@pytest.mark.scenario(2, "an article past the hard limit, in the task of its file")
def test_an_article_past_the_hard_limit_ends_its_process_and_no_other(newsroom: Newsroom) -> None:
    newsroom.open(faults=f"{READ}=hang@report 5 of", ONRECORD_TASK_SECONDS="20")
    newsroom.drop_all(range(10))
    newsroom.wait(lambda: newsroom.met(f"{READ}.report 5 of"), "a pool process hangs")
    newsroom.fault("hanging pool process")
    (hanging,) = newsroom.met(f"{READ}.report 5 of")
    newsroom.wait(lambda: not psutil.pid_exists(hanging), "it has ended")
    newsroom.healed()
    newsroom.check()
    assert newsroom.strikes() == [1]
    assert "Timeout" in newsroom.processes["worker"].said()


@pytest.mark.long
@pytest.mark.parametrize(
    ("ending", "timing"),
    [
        ("not seen", {}),
        ("lease over", LEASE_FIRST),
    ],
)
@pytest.mark.scenario(5, "worker stopped past its claim, then resumed")
def test_a_late_write_is_refused(newsroom: Newsroom, ending: str, timing: dict[str, str]) -> None:
    newsroom.settings |= timing
    newsroom.open(faults=f"{READ}=stop; {TAKEN}=stop")
    newsroom.start("worker 2", "worker")
    newsroom.wait(lambda: workers(newsroom) == 4, "another worker lives")
    if timing:
        steady = f"SELECT min(last_seen - started_at) > interval '{timing['ONRECORD_SEEN_SECONDS']} s' FROM processes"
        newsroom.wait(lambda: newsroom.rows(steady) == [(True,)], "it has been there for long enough to judge others")
    newsroom.drop_all(range(20))
    newsroom.wait(lambda: newsroom.met(READ) and newsroom.met(TAKEN), "two pool processes are stopped")
    newsroom.fault(f"SIGSTOP of a pool process ({ending})", 2)
    newsroom.wait(lambda: newsroom.strikes() == [1, 1], "their claims have ended")
    stopped = "SELECT count(*) FROM processes WHERE kind = 'worker' AND stopped_at IS NOT NULL"
    assert newsroom.rows(stopped) == [(0 if timing else 2,)]
    newsroom.wait(newsroom.at_rest, "another worker has done their work")
    send(signal.SIGCONT, *newsroom.met(READ), *newsroom.met(TAKEN))
    newsroom.healed()
    newsroom.wait(lambda: newsroom.processes["worker"].said().count("claim lost") == 2, "both late writes are refused")
    newsroom.check()
    assert newsroom.strikes() == [1, 1]


@pytest.mark.long
@pytest.mark.scenario(5, "worker stopped inside its final transaction")
def test_a_worker_stopped_in_its_transaction_holds_nobody_up(newsroom: Newsroom) -> None:
    point = "article: before the commit"
    newsroom.open(faults=f"{point}=stop")
    newsroom.drop(0)
    newsroom.wait(lambda: newsroom.met(point), "a pool process is stopped in its transaction")
    newsroom.fault("SIGSTOP of a pool process that holds locks")
    for number in range(1, 5):
        newsroom.drop(namesake(number, 0), f"{number:05}.txt")
    newsroom.healed()
    newsroom.wait(newsroom.at_rest, "the others are stored, and the article itself")
    send(signal.SIGCONT, *newsroom.met(point))
    newsroom.drop(9)
    newsroom.check()
    assert newsroom.strikes() == [1]
