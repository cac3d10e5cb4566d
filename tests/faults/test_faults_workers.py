"""Workers and their pool processes are killed."""

import signal

import psutil
import pytest

from tests.faults.newsroom import Newsroom


@pytest.mark.scenario(1, "kill -9 of a pool process in mid-task")
def test_a_pool_process_killed_in_mid_task_costs_one_strike(newsroom: Newsroom) -> None:
    newsroom.open(faults="article: after parsing=stop")
    newsroom.drop_all(range(20))
    newsroom.wait(lambda: newsroom.met("article: after parsing"), "a pool process is in the middle of an article")
    newsroom.fault("kill -9 of the pool process")
    psutil.Process(newsroom.met("article: after parsing")[0]).send_signal(signal.SIGKILL)
    newsroom.healed()
    newsroom.check()
    assert newsroom.strikes() == [1]
