"""The processes that `onrecord up` runs: each in a session of its own, and started again when it dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO

import structlog

from worker.embedded.process import die_with_parent

log = structlog.get_logger("onrecord.up")

PATIENCE = 10.0
"""Seconds a process has to end by itself before it is killed."""
STEADY = 30.0
"""A process that lived this long starts again at once; one that did not waits a little longer each time."""


def pause_after(failures: int) -> float:
    """Seconds until the next start, after so many that failed one after the other."""
    return min(2.0**failures, 30.0) if failures else 0.0


@dataclass
class Child:
    """One process that `up` looks after, with how often it failed to start."""

    name: str
    arguments: Sequence[str]
    output: IO[bytes]
    niceness: int = 0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        """Start the process; it is told to end when we are gone, and Ctrl-C at the terminal reaches only us."""
        arrange = die_with_parent(signal.SIGTERM)

        def prepare() -> None:
            arrange()
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
        self.started = time.monotonic()

    def ended(self) -> int | None:
        """The exit status, None while it runs."""
        return self.process.poll() if self.process else None

    def look_after(self) -> None:
        """Start the process again if it has died, ever more slowly if it dies at once."""
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


def stop(children: Sequence[Child], patience: float = PATIENCE) -> None:
    """Ask processes to end; kill, with what they started, those that do not."""
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
