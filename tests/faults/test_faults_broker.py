"""The broker is emptied, is away, is killed and started again. The folder and PostgreSQL know all that it held."""

import signal
import time

import pytest
import redis

from tests.faults.ground import Ground
from tests.faults.newsroom import Newsroom
from tests.faults.wire import Wire
from tests.outside import client_of, messages

BOTH_WAYS = pytest.mark.parametrize("ground", [{}, {"port": True}], indirect=True, ids=["socket", "port"])
OUTAGE = 60.0  # seconds
PARSED = "article: after parsing"
HANGS = 20.0  # seconds, several times `ONRECORD_SEEN_SECONDS`


def queued(newsroom: Newsroom) -> int:
    """Return the number of messages in the broker."""
    with client_of(newsroom.broker_url) as client:
        return sum(messages(client, queue) for queue in ("intake", "articles", "backfill"))


def last_finished(newsroom: Newsroom) -> object:
    """Return the time at which a worker last finished a task, which health checks also read."""
    [(last,)] = newsroom.rows("SELECT max(last_finished) FROM processes WHERE kind = 'worker'")
    return last


def wait_for_work(newsroom: Newsroom) -> None:
    """Drop a file, and wait until it is read and the health check shows that a task ran."""
    before = last_finished(newsroom)
    newsroom.drop(len(newsroom.drops))
    newsroom.wait(newsroom.at_rest, "the worker works again")
    newsroom.wait(lambda: last_finished(newsroom) != before, "the health check shows that a task ran")


@pytest.mark.scenario(6, "broker flushed")
def test_what_a_flushed_broker_held_is_rung_again(newsroom: Newsroom) -> None:
    newsroom.open("watch")
    newsroom.drop_all(range(30))
    newsroom.wait(lambda: queued(newsroom) == 30, "all is queued")
    newsroom.fault("broker flushed")
    newsroom.flush_broker()
    newsroom.open("worker", ONRECORD_RING_AGAIN_SECONDS="2")
    newsroom.healed()
    newsroom.check()
    assert newsroom.strikes() == []


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.scenario(6, "broker flushed with 1,000 queued")
def test_a_thousand_files_outlive_a_flushed_broker(newsroom: Newsroom) -> None:
    newsroom.open("watch")
    newsroom.drop_all(range(1000))
    newsroom.wait(lambda: queued(newsroom) == 1000, "all is queued", 120)
    newsroom.fault("broker flushed")
    newsroom.flush_broker()
    newsroom.open("worker")
    # By default, a row that was rung for a minute ago is rung for again. The test does not wait for that minute.
    with newsroom.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE files SET rung_at = rung_at - interval '61 s'")
    newsroom.healed()
    newsroom.check(480)
    assert newsroom.strikes() == []


@pytest.mark.long
@pytest.mark.scenario(7, "broker down while files are dropped")
def test_the_watcher_goes_on_without_a_broker(grounded: Newsroom, ground: Ground) -> None:
    grounded.open()
    wait_for_work(grounded)
    grounded.fault("broker killed")
    ground.kill(ground.valkey)
    for number in range(1, 20):
        grounded.drop(number)
    grounded.wait(lambda: grounded.states().total() == 20, "every file has its row")
    assert {"watch", "worker"} <= grounded.alive()
    ground.valkey.ensure()
    grounded.healed()
    wait_for_work(grounded)
    grounded.check()
    assert grounded.strikes() == []


@pytest.mark.long
@pytest.mark.timeout(300)
@BOTH_WAYS
@pytest.mark.scenario(7, "broker down for 60 s")
def test_a_minute_without_a_broker(grounded: Newsroom, ground: Ground) -> None:
    grounded.open()
    wait_for_work(grounded)
    grounded.fault("broker down for 60 s")
    ground.kill(ground.valkey)
    until = time.monotonic() + OUTAGE
    while time.monotonic() < until:
        grounded.drop(len(grounded.drops))
        grounded.wait(lambda: grounded.states().total() == len(grounded.drops), "the file has its row")
        assert {"watch", "worker"} <= grounded.alive()
        time.sleep(1)  # drop steadily for the whole outage; the test waits for no condition here
    ground.valkey.ensure()
    grounded.healed()
    grounded.check()
    wait_for_work(grounded)
    assert grounded.strikes() == []


@pytest.mark.long
@pytest.mark.timeout(300)
@BOTH_WAYS
@pytest.mark.scenario(7, "broker down when the processes start")
def test_parts_that_start_without_a_broker(grounded: Newsroom, ground: Ground) -> None:
    grounded.fault("broker down at the start")
    ground.kill(ground.valkey)
    grounded.open("watch", "worker", "beat")
    grounded.drop_all(range(10))
    grounded.wait(lambda: grounded.states() == {"waiting": 10}, "every file has its row")
    ground.valkey.ensure()
    grounded.healed()
    grounded.check()
    wait_for_work(grounded)
    assert grounded.strikes() == []
    assert "Traceback" not in grounded.processes["watch"].said()


@pytest.mark.long
@pytest.mark.timeout(600)
@BOTH_WAYS
@pytest.mark.scenario(7, "broker killed and started again, idle and busy in turn")
def test_workers_resume_by_themselves_each_time_the_broker_comes_back(grounded: Newsroom, ground: Ground) -> None:
    grounded.open(ONRECORD_RING_AGAIN_SECONDS="10")
    for turn in range(8):
        wait_for_work(grounded)
        if turn % 2:
            grounded.drop_all(range(len(grounded.drops), len(grounded.drops) + 12))
            grounded.wait(lambda: grounded.states()["stored"] > len(grounded.drops) - 11, "the workers are busy")
        grounded.fault("broker killed " + ("busy" if turn % 2 else "idle"))
        ground.kill(ground.valkey)
        ground.valkey.ensure()
        grounded.healed()
    grounded.check()
    wait_for_work(grounded)
    assert grounded.strikes() == []


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("ground", [{"port": True}], indirect=True, ids=["port"])
@pytest.mark.scenario(7, "connections to the broker dead without a word")
def test_connections_that_die_without_a_word_are_made_anew(grounded: Newsroom, wire: Wire) -> None:
    grounded.broker_url = f"redis://127.0.0.1:{wire.port}/0"
    grounded.open(ONRECORD_RING_AGAIN_SECONDS="10")
    for _ in range(2):
        wait_for_work(grounded)
        grounded.fault("connections to the broker dead")
        wire.cut()
        grounded.drop_all(range(len(grounded.drops), len(grounded.drops) + 10))
        grounded.healed()
        grounded.wait(grounded.at_rest, "every file has ended", 120)
    grounded.check()
    assert grounded.strikes() == []


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.scenario(7, "a worker that hears nothing")
def test_a_worker_that_hears_nothing_ends_and_is_started_again(grounded: Newsroom) -> None:
    grounded.open(faults="worker: a message comes=hang")
    worker = grounded.processes["worker"]
    grounded.fault("consumer hangs")
    grounded.drop_all(range(10))
    grounded.wait(lambda: told_by_workers(grounded), "the worker says so in its row, which `status` shows", 200)
    grounded.wait(lambda: not worker.running, "the worker ends", 100)
    assert worker.status != 0, "or some would not start it again"
    assert worker.said().count("none reaches this worker") == 1
    grounded.start("worker 2", "worker")  # a supervisor would do that
    grounded.healed()
    grounded.check()
    wait_for_work(grounded)
    assert grounded.strikes() == []


def told_by_workers(newsroom: Newsroom) -> bool:
    """True if a worker's row says that the worker receives nothing."""
    return bool(newsroom.rows("SELECT 1 FROM processes WHERE kind = 'worker' AND trouble = 'deaf'"))


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.scenario(7, "broker hangs")
def test_a_broker_that_hangs_costs_no_strike(grounded: Newsroom, ground: Ground) -> None:
    grounded.open()
    wait_for_work(grounded)
    grounded.drop_all(range(1, 20))
    grounded.fault("broker stopped")
    ground.send(ground.valkey, signal.SIGSTOP)
    for number in range(20, 30):
        grounded.drop(number)
    hung = time.monotonic()
    grounded.wait(lambda: grounded.states().total() == 30, "every file has its row", 120)
    grounded.wait(lambda: time.monotonic() - hung > HANGS, "the broker hangs for long enough", HANGS + 10)
    assert "worker" in grounded.alive()
    ground.send(ground.valkey, signal.SIGCONT)
    grounded.healed()
    grounded.check(120)
    wait_for_work(grounded)
    assert grounded.strikes() == []


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
@pytest.mark.scenario(7, "broker takes no writes")
def test_a_broker_that_takes_no_writes_is_waited_for(grounded: Newsroom, ground: Ground, busy: bool) -> None:
    grounded.open(faults=f"{PARSED}=hang*2" if busy else "")
    if busy:
        grounded.drop_all(range(20))
        grounded.wait(lambda: len(grounded.met(PARSED)) == 2 and grounded.reserved() > 0, "more tasks are reserved")
    else:
        wait_for_work(grounded)
    grounded.fault("broker takes no writes")
    with redis.Redis(unix_socket_path=str(ground.valkey.socket)) as client:
        client.config_set("min-replicas-to-write", 1)  # refuses every write, as a full disk does
        grounded.let_go()  # the messages that are delivered now cannot be acknowledged
        grounded.drop_all(range(20, 40))
        grounded.wait(lambda: grounded.states().total() == len(grounded.drops), "every file has its row", 120)
        grounded.wait(lambda: "refuses to work" in grounded.processes["worker"].said(), "the worker says so")
        client.config_set("min-replicas-to-write", 0)
    grounded.healed()
    grounded.check(120)
    wait_for_work(grounded)
    assert grounded.strikes() == []
    assert all(process.running for process in grounded.processes.values())
