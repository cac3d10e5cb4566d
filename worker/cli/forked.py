"""Processes that `up` forks when it has loaded the libraries that all of them use, and that wait for their orders.

They share the memory of these libraries, and each is loaded once (docs/benchmarks.md says what that saves). A fork has
copies of all that is open, but of no thread. So this is done before `up` opens anything, and while it has one thread.
A process that must be started again is a program of its own (`children.py`).
"""

import ctypes
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Self

from worker import interrupts
from worker.cli.app import run
from worker.embedded.process import die_with_parent
from worker.settings import settings
from worker.waiting import is_telling, stop_telling, tell

SHARED = ("worker.logs", "worker.store.db.engine", "celery.beat", "kombu.transport.redis", "rich.console")
"""What all processes of `up`, or all but the page, load. Importing it opens nothing, and begins no thread."""
CHUNK = 1 << 16
STANDARD_ERROR = 2
LOOK_SECONDS = 0.05
"""Wait so many seconds between two looks whether the process has ended."""
OWN_FILES = Path("/proc/self/fd")
ARGUMENTS_START, ARGUMENTS_END = 45, 46
"""The places of `arg_start` and `arg_end` among the fields of /proc/PID/stat that follow the program's name."""


class Forked:
    """A process that waits until it is told which command to run. `up` asks of it what it asks of a `Popen`."""

    def __init__(self, pid: int, orders: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._orders = orders

    def send_orders(self, arguments: Sequence[str], output: IO[bytes]) -> None:
        """Let it run `onrecord` with these arguments and our environment. Raise `OSError` if it has ended."""
        told = {"arguments": list(arguments), "environment": dict(os.environ)}
        with self._orders:
            socket.send_fds(self._orders, [b"!"], [output.fileno()])
            self._orders.sendall(json.dumps(told).encode())

    def dismiss(self) -> None:
        """End it, as it is not needed; without orders it has begun nothing."""
        self.close_orders()
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def close_orders(self) -> None:
        """Close our end of its orders."""
        self._orders.close()

    def poll(self) -> int | None:
        """Return the exit status, or None if it runs."""
        if self.returncode is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # whoever started `up` lets it ignore SIGCHLD, so nobody knows the status
                pid, status = self.pid, 0
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status when it has ended. Raises `subprocess.TimeoutExpired`."""
        until = time.monotonic() + (timeout or 0)
        while (status := self.poll()) is None:
            if timeout is not None and time.monotonic() >= until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(LOOK_SECONDS)
        return status

    def terminate(self) -> None:
        """Ask it to end."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


class WaitingProcesses:
    """The forked processes that have no orders yet, each for one command. A `with` block ends by dismissing them."""

    def __init__(self, names: Sequence[str]) -> None:
        """Fork. Each forked process runs the command that it is told, and then ends.

        Nothing is forked if `up` was called by a program in Python, which has a life of its own; if this process has
        other threads; or if the system is not made for it (macOS; no /proc).
        """
        self._waiting: dict[str, Forked] = {}
        if not (is_telling() and OWN_FILES.is_dir()):
            return
        for module in SHARED:
            import_module(module)
        stop_telling()  # it is a thread
        if threading.active_count() == 1:
            gc.collect()
            gc.freeze()  # a search for unused objects would write into what is shared
            with suppress(OSError):  # there are too many processes: the rest are programs of their own
                for name in names:
                    self._waiting[name] = self._fork()
        tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.dismiss()

    def dismiss(self) -> None:
        """End those that are left: that of the page, for example, if there is none."""
        for forked in self._waiting.values():
            forked.dismiss()
        self._waiting.clear()

    def take(self, name: str) -> Forked | None:
        """Return the process for a command, or None if there is none."""
        return self._waiting.pop(name, None)

    def _fork(self) -> Forked:
        ours, theirs = socket.socketpair()
        bind_to_parent = die_with_parent(signal.SIGTERM)
        with theirs:
            try:
                pid = os.fork()
            except OSError:
                ours.close()
                raise
            if pid:
                return Forked(pid, ours)
            interrupts.end_at_once()
            os.setsid()
            bind_to_parent()
            ours.close()
            for other in self._waiting.values():
                other.close_orders()
            close_all_but(theirs.fileno())
            raise SystemExit(run_orders(theirs))


def close_all_but(kept: int) -> None:
    """Close what was opened by whoever started `up`, as the start of a program does."""
    for number in [int(path.name) for path in OWN_FILES.iterdir()]:
        if number > STANDARD_ERROR and number != kept:
            with suppress(OSError):  # the one by which the folder was read
                os.close(number)


def run_orders(orders: socket.socket) -> int:
    """Wait for the orders, and run the command; return its exit status. Without orders, return at once."""
    with orders:
        _, descriptors, _, _ = socket.recv_fds(orders, 1, 1)
        if not descriptors:
            return 1
        told = json.loads(b"".join(iter(lambda: orders.recv(CHUNK), b"")))
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    for number in (1, STANDARD_ERROR):
        os.dup2(descriptors[0], number)
    os.close(descriptors[0])
    os.environ.clear()
    os.environ.update(told["environment"])
    settings.cache_clear()
    sys.argv[1:] = told["arguments"]
    be_called([Path(sys.executable).name, "-m", "worker", *told["arguments"]])
    return run(None)


def be_called(words: Sequence[str]) -> None:
    """Let `ps` show these words as our command line, or a shorter one if they do not fit in the place of that of `up`.

    `onrecord watch` says as much as `python -m worker watch`. What does not fit either is cut.
    """
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = int(fields[ARGUMENTS_START]), int(fields[ARGUMENTS_END])
    if start:
        whole, short = (
            b"".join(os.fsencode(word) + b"\0" for word in line) for line in (words, ["onrecord", *words[3:]])
        )
        line = whole if len(whole) < end - start else short[: end - start - 1]
        ctypes.memmove(start, line.ljust(end - start, b"\0"), end - start)
