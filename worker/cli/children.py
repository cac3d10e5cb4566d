"""The processes of `onrecord up`: it starts each process in its own session, and restarts a process that has died."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

import structlog

from worker.cli.forked import Forked
from worker.embedded.process import die_with_parent

log = structlog.get_logger("onrecord.up")

PATIENCE = 10.0
"""Wait this many seconds for a process to end by itself; then kill the process."""
KILL_SECONDS = 2.0
"""Wait at most this many seconds for a process that was killed."""
STEADY = 30.0
"""Start a dead process again at once if it lived longer than this many seconds; otherwise count a failure and wait."""
LONGEST_PAUSE = 30.0
"""Wait at most this many seconds before the next start."""


def pause_after(failures: int) -> float:
    """Return the seconds to wait before the next start, if this many starts in a row have failed."""
    return min(2.0**failures, LONGEST_PAUSE) if failures else 0.0


@dataclass
class SupervisedProcess:
    """One process that `up` keeps running, and how many times in a row it died soon after its start."""

    name: str
    arguments: Sequence[str]
    output: IO[bytes]
    niceness: int = 0
    forked: Forked | None = None
    """What it is at its first start; then it is a program of its own."""
    process: subprocess.Popen[bytes] | Forked | None = None
    started: float = 0.0
    failures: int = 0
    not_before: float = field(default=0.0)
    resting_since: float | None = None
    """The moment, by the monotonic clock, at which it was asked to end because nobody needs it."""

    def start(self) -> None:
        """Start the process. It gets SIGTERM when `up` dies; Ctrl-C at the terminal reaches only `up`."""
        self.started = time.monotonic()
        if self.forked is not None:
            self.process, self.forked = self.forked, None
            if self.niceness:
                os.setpriority(os.PRIO_PROCESS, self.process.pid, self.niceness)
            with suppress(OSError):  # it has ended meanwhile, which `look_after` notices
                self.process.send_orders(self.arguments, self.output)
            return
        bind_to_parent = die_with_parent(signal.SIGTERM)

        def prepare() -> None:
            bind_to_parent()
            if self.niceness:
                os.nice(self.niceness)

        self.process = subprocess.Popen(
            [sys.executable, "-m", "worker", *self.arguments],
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
            preexec_fn=prepare,
            start_new_session=True,
        )

    def ended(self) -> int | None:
        """Return the exit status; None if the process runs or was not started yet."""
        return self.process.poll() if self.process else None

    def kill(self) -> None:
        """Kill the process and its child processes, which then need no time to end."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            with suppress(subprocess.TimeoutExpired):  # a process that hangs in a dead disk cannot even be killed
                self.process.wait(KILL_SECONDS)

    def rest(self) -> None:
        """Ask the process, which nobody needs now, to end; call this again until `process` is None.

        This never waits. A later call kills the process if it still runs after `PATIENCE` seconds.
        """
        now = time.monotonic()
        if self.process is None or self.process.poll() is not None:
            self.process = self.resting_since = None
        elif self.resting_since is None:
            self.resting_since = now
            self.process.terminate()
        elif now - self.resting_since > PATIENCE:
            os.killpg(self.process.pid, signal.SIGKILL)

    def look_after(self) -> None:
        """Start the process if it does not run. After each early death, wait longer before the next start."""
        status = self.ended()
        if self.process is not None and status is None:
            return
        now = time.monotonic()
        if self.process is not None:
            self.process = None
            self.failures = 0 if now - self.started > STEADY else self.failures + 1
            self.not_before = now + pause_after(self.failures)
            log.warning("a process has ended and is started again", process=self.name, status=status)
        if now >= self.not_before:
            self.start()


def stop(children: Sequence[SupervisedProcess], patience: float = PATIENCE) -> None:
    """Ask the processes to end. After `patience` seconds, kill those that still run, and their child processes."""
    running = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + patience
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
