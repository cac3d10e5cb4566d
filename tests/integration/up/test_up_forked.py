"""The processes of `up` are forked from it, and are otherwise as if they were programs of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from pytest import FixtureRequest

from tests.integration.up.test_up_page import line_with, running
from tests.stack import Stack
from worker.cli.forked import Forked, run_orders
from worker.web.address import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="`up` forks where there is /proc"),
]


def command(process: psutil.Process) -> str:
    return " ".join(process.cmdline()).strip()


def children(up: int) -> dict[str, psutil.Process]:
    """Return the processes of `up`, by their commands."""
    found = {command(process).partition("-m worker ")[2]: process for process in psutil.Process(up).children()}
    return {name: process for name, process in found.items() if name}  # without the servers


def is_forked(process: psutil.Process) -> bool:
    """True if the process began with the environment that `up` began with, which names no server."""
    return "ONRECORD_BROKER_URL" not in process.environ()


def opened(process: psutil.Process) -> set[str]:
    """Return the files and folders that a process has open."""
    found = set()
    for descriptor in Path(f"/proc/{process.pid}/fd").iterdir():
        with suppress(OSError):
            found.add(str(descriptor.readlink()))
    return found


def test_they_are_forked_and_have_their_own_names_and_files(stack: Stack) -> None:
    port = free_port("127.0.0.1", 0)
    with running(stack, "up", "--inbox", str(stack.inbox), ONRECORD_WEB_PORT=str(port)) as up:
        line_with(up, "Ready")
        own = children(up.pid)
        assert own.keys() == {"beat", "watch", "web --port " + str(port), "worker"}
        locks = {name for name in opened(psutil.Process(up.pid)) if name.endswith(".lock")}
        assert locks
        log = str(stack.home / "logs" / "processes.log")
        for process in own.values():
            assert is_forked(process)
            files = opened(process)
            assert not files & locks
            assert log in files
            assert os.getpgid(process.pid) == os.getsid(process.pid) == process.pid


def test_one_that_has_died_becomes_a_program_of_its_own(stack: Stack) -> None:
    with running(stack, "up", "--inbox", str(stack.inbox)) as up:
        line_with(up, "Ready")
        own = children(up.pid)
        assert own.keys() == {"beat", "watch", "worker"}  # the one for the page has ended: there is no page
        first = own["watch"]
        first.send_signal(signal.SIGKILL)
        (stack.inbox / "wall.txt").write_text("The harbour wall goes up, said Ruta Linden.")
        line_with(up, "stored")  # by the watcher that came after it
        second = children(up.pid)["watch"]
        assert second.pid != first.pid
        assert not is_forked(second)


def test_a_program_in_python_that_calls_up_goes_on_once(stack: Stack) -> None:
    (stack.inbox / "wall.txt").write_text("“The harbour wall goes up,” said Ruta Linden.")
    program = f"""
from worker.cli import main
try:
    main(["up", "--once", "--inbox", {str(stack.inbox)!r}])
except SystemExit as ended:
    print("went on", ended.code)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], env=stack.environment({}), capture_output=True, text=True, check=True
    )
    assert done.stdout.count("went on 0") == done.stdout.count("went on") == 1, done.stderr
    assert "1 file: 1 stored" in done.stdout


def test_a_file_is_read_though_the_watcher_died_before_its_orders(stack: Stack) -> None:
    (stack.inbox / "wall.txt").write_text("“The harbour wall goes up,” said Ruta Linden.")
    program = """
import os, signal, sys
from worker.cli import forked, main
take = forked.WaitingProcesses.take
def killed(self, name):
    process = take(self, name)
    if name == "watch":
        os.kill(process.pid, signal.SIGKILL)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    return process
forked.WaitingProcesses.take = killed
sys.argv[1:] = ["up", "--once", "--inbox", sys.argv[1]]
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(stack.inbox)], env=stack.environment({}), capture_output=True, text=True
    )
    assert "1 file: 1 stored" in done.stdout, done.stderr


def test_it_ends_where_nobody_may_ask_how(request: FixtureRequest) -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    request.addfinalizer(lambda: signal.signal(signal.SIGCHLD, before))
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if not pid:
        ours.close()
        os._exit(run_orders(theirs))
    theirs.close()
    forked = Forked(pid, ours)
    forked.close_orders()
    assert forked.wait(60) == 0


def test_they_end_with_up_while_they_wait(stack: Stack) -> None:
    up = stack.start("up", "--inbox", str(stack.inbox))
    while len(own := psutil.Process(up.pid).children()) < 4:
        assert up.poll() is None
        time.sleep(0.01)
    up.kill()
    up.communicate()
    _, left = psutil.wait_procs(own, timeout=60)
    assert not left
