"""The short form of the fault suite: things are broken while `up` runs, and nothing is lost or doubled."""

import contextlib
import os
import signal

import psutil
import redis

from tests.integration.pipeline.articles import HARBOUR
from tests.stack import Stack
from worker.embedded.servers import embedded_servers


def article(number: int) -> str:
    """A distinct article; words of its own keep it from being a near-duplicate of the others."""
    own = " ".join(
        f"{word}{number}x{number * 7 % 13}" for word in ("crane", "pier", "ferry", "quay", "grain") for _ in "ab"
    )
    return f"{own}. {HARBOUR.replace('harbour', f'harbour{number}').replace(' the ', f' the{number} ')}"


def check_all_stored_once(stack: Stack, number: int) -> None:
    """Every dropped article is stored, and each of its quotes is there once."""
    stack.wait(lambda: stack.states() == {"stored": number})
    assert stack.rows("SELECT count(*) FROM articles") == [(number,)]
    doubled = stack.rows(
        "SELECT article_id, start_char FROM quotes WHERE current GROUP BY 1, 2, kind HAVING count(*) > 1"
    )
    assert doubled == []


def test_a_killed_pool_process_loses_nothing(stack: Stack) -> None:
    stack.up()
    for number in range(30):
        stack.drop(f"{number}.txt", article(number))
    parents = [process for process in stack.processes("worker worker") if process.children()]
    pool = [child for parent in parents for child in parent.children() if "bounded" not in " ".join(child.cmdline())]
    assert pool
    for process in pool:
        with contextlib.suppress(psutil.Error):
            process.kill()
    check_all_stored_once(stack, 30)


def test_a_killed_worker_is_started_again_and_takes_over(stack: Stack) -> None:
    stack.up()
    for number in range(30):
        stack.drop(f"{number}.txt", article(number))
    for process in stack.processes("-m worker worker"):
        with contextlib.suppress(psutil.Error):
            process.kill()
    check_all_stored_once(stack, 30)


def test_a_flushed_broker_loses_nothing(stack: Stack) -> None:
    stack.up(ONRECORD_RING_AGAIN_SECONDS="3")
    for process in stack.processes("-m worker worker"):
        process.send_signal(signal.SIGSTOP)
    for number in range(30):
        stack.drop(f"{number}.txt", article(number))
    stack.wait(lambda: stack.states() == {"waiting": 30})
    url = embedded_servers(stack.home).broker_url.replace("redis+socket://", "unix://").split("?")[0]
    with redis.Redis.from_url(url) as client:
        client.flushall()
    for process in stack.processes("-m worker worker"):
        process.send_signal(signal.SIGCONT)
    check_all_stored_once(stack, 30)


def test_killed_servers_are_started_again_and_nothing_is_lost(stack: Stack) -> None:
    stack.up()
    for number in range(20):
        stack.drop(f"{number}.txt", article(number))
    servers = embedded_servers(stack.home)
    for pid in (servers.valkey.pid(), servers.postgres.pid()):
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    for number in range(20, 40):
        stack.drop(f"{number}.txt", article(number))
    check_all_stored_once(stack, 40)


def test_ctrl_c_leaves_nothing_running_and_a_second_up_is_refused(stack: Stack) -> None:
    first = stack.up()
    second = stack.run("up", "--inbox", str(stack.inbox))
    assert second.returncode == 1
    assert str(first.pid) in second.stderr
    below = psutil.Process(first.pid).children(recursive=True)
    assert below
    first.send_signal(signal.SIGINT)
    output, _ = first.communicate(timeout=30)
    assert "Stopped." in output
    assert "Traceback" not in output
    _gone, alive = psutil.wait_procs(below, timeout=5)
    assert not alive
