"""Several commands on one HOME: the first command starts the servers, the last stops them, a killed one cannot."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from worker.embedded.errors import EmbeddedError, UpRunning
from worker.embedded.layout import lay_out
from worker.embedded.servers import Servers, embedded_servers
from worker.embedded.uplock import UpLock

from .conftest import User


def test_the_last_one_to_leave_stops_the_servers(used_home: Path, user: Callable[..., User]) -> None:
    first = user()
    pids = first.pids()
    second = user()
    assert second.pids() == pids  # the second process uses the running servers
    servers = Servers(lay_out(used_home))
    assert first.leave() == 0
    assert servers.postgres.answers()
    assert servers.valkey.answers()
    assert second.leave() == 0
    assert not servers.postgres.running()
    assert not servers.valkey.running()


def test_users_that_come_at_once_share_one_start(used_home: Path, user: Callable[..., User]) -> None:
    users = [user() for _ in range(4)]
    assert len({tuple(command.pids()) for command in users}) == 1
    assert [command.leave() for command in users] == [0, 0, 0, 0]
    assert not Servers(lay_out(used_home)).postgres.running()


def test_one_that_needs_less_leaves_the_rest_alone(used_home: Path, user: Callable[..., User]) -> None:
    first = user()
    pids = first.pids()
    with embedded_servers(used_home, valkey=False, durable=False) as servers:
        assert servers.postgres.pid() == pids[0]
    assert servers.valkey.running()
    first.leave()


def test_what_a_killed_user_left_behind_is_taken_over(used_home: Path, user: Callable[..., User]) -> None:
    killed = user()
    pids = killed.pids()
    killed.end()
    servers = Servers(lay_out(used_home))
    assert servers.postgres.running()
    with embedded_servers(used_home, durable=False) as servers:
        assert servers.postgres.pid() not in pids
        assert servers.postgres.answers()
    assert not servers.postgres.running()
    assert not servers.valkey.running()


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_supervised_servers_die_with_the_supervisor(
    used_home: Path, user: Callable[..., User], eventually: Callable[..., None]
) -> None:
    up = user("supervise")
    up.pids()
    up.process.send_signal(signal.SIGKILL)
    servers = Servers(lay_out(used_home))
    eventually(lambda: not servers.postgres.running() and not servers.valkey.running())


def test_a_fork_that_leaves_does_not_stop_the_servers(used_home: Path) -> None:
    with embedded_servers(used_home, postgres=False, durable=False) as servers:
        pid = os.fork()
        if pid == 0:
            servers.__exit__(None, None, None)
            os._exit(0)
        assert os.waitpid(pid, 0)[1] == 0
        assert servers.valkey.answers()


def test_a_start_that_fails_leaves_nothing_running(home: Path) -> None:
    (home / "postgres").mkdir(mode=0o700)
    (home / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(Exception, match="PostgreSQL 9"), embedded_servers(home, durable=False):
        pass
    assert not Servers(lay_out(home)).valkey.running()


def test_a_lock_that_cannot_be_had_says_what_to_do(home: Path) -> None:
    (home / "users.lock").symlink_to("/nowhere")  # links are not followed: the folder may be another user's
    with pytest.raises(EmbeddedError, match="ONRECORD_HOME"):
        embedded_servers(home).__enter__()


def test_a_second_up_is_refused_with_the_pid_of_the_first(used_home: Path) -> None:
    layout = lay_out(used_home)
    with UpLock(layout), pytest.raises(UpRunning, match=f"process {os.getpid()}"), UpLock(layout):
        pass
    with UpLock(layout):  # a second `up` may start when the first has ended
        pass
