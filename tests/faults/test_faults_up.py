"""`onrecord up` restarts the processes and servers that it started, and at its end none of them is left."""

import os
import signal

import psutil
import pytest

from tests.faults.upped import Upped


@pytest.mark.long
@pytest.mark.scenario(8, "PostgreSQL and Valkey killed under `up`")
@pytest.mark.timeout(240)
def test_killed_servers_are_started_again_and_nothing_is_lost(upped: Upped) -> None:
    upped.up()
    upped.drop_all(range(10))
    for server in (upped.servers.valkey, upped.servers.postgres):
        pid = server.pid()
        assert pid is not None
        upped.fault(f"kill -9 of {server.name}")
        os.kill(pid, signal.SIGKILL)
    upped.drop_all(range(10, 20))
    upped.healed()
    upped.check(120)
    upped.wait(lambda: not upped.strikes(), "an outage costs no strike", 0)


@pytest.mark.long
@pytest.mark.scenario(8, "PostgreSQL that cannot be started again for a while, under `up`")
@pytest.mark.timeout(240)
def test_a_server_that_does_not_start_is_tried_again(upped: Upped) -> None:
    up = upped.up()
    upped.drop_all(range(5))
    pid = upped.servers.postgres.pid()
    assert pid is not None
    needed = upped.servers.postgres.folder / "global" / "pg_control"
    aside = needed.with_name("pg_control.aside")
    needed.rename(aside)
    upped.fault("kill -9 of postgres, which then does not start")
    os.kill(pid, signal.SIGKILL)
    upped.drop_all(range(5, 10))
    upped.wait(lambda: up.said().count("a server does not start; tried again") >= 2 or not up.running, "it says so")
    aside.rename(needed)
    upped.healed()
    upped.check(120)
    assert up.running
    assert upped.strikes() == []


@pytest.mark.scenario(23, "a second `up` on one HOME; Ctrl-C")
@pytest.mark.timeout(240)
def test_a_second_up_is_refused_and_ctrl_c_leaves_nothing_running(upped: Upped) -> None:
    first = upped.up()
    upped.drop_all(range(3))
    upped.fault("a second `up`, and two `up --once`")
    others = [upped.start(f"up {number}", "up", *options) for number, options in enumerate(((), *2 * (("--once",),)))]
    upped.wait(lambda: not any(other.running for other in others), "they are refused")
    for other in others:
        assert other.status == 1, other.said()
        assert f"process {first.pid}" in other.said()
    upped.check(120)
    below = first.family()[1:]
    assert below
    first.send(signal.SIGINT, first.family()[:1])
    upped.wait(lambda: not first.running, "`up` has ended", 60)
    assert first.status == 0
    assert "Stopped." in first.said()
    assert "Traceback" not in first.said()
    assert psutil.wait_procs(below, timeout=10)[1] == []
