"""The base class of both servers: a lock that lives as long as the server, start, wait for an answer, stop."""

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from worker.embedded.errors import ServerFailed
from worker.embedded.layout import Layout
from worker.embedded.lock import FileLock
from worker.embedded.process import let_go, rotate, spawn, tail, works_in

POLL_SECONDS = 0.02
START_SECONDS = 300.0
"""Wait at most so many seconds for an answer. Recovery replays about max_wal_size at most, and takes far less."""
SOCKET_SECONDS = 5.0
"""Wait so many seconds for the socket; a server without one after that is started again."""


class Server(ABC):
    """One server on one HOME.

    Every process of the server inherits a lock on `<name>.lock`, so the server runs exactly if the lock is taken. That
    is true for killed servers, reused pids, zombies and lingering children too, and no two servers run on one folder.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    stop_steps: ClassVar[Sequence[tuple[signal.Signals, float]]]
    """Signals to stop it, one after the other, each with the seconds to wait after it."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.folder = layout.store / self.name
        self.log = layout.logs / f"{self.name}.log"
        self._guard = layout.store / f"{self.name}.lock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def socket(self) -> Path:
        """The Unix socket that it listens on."""

    @abstractmethod
    def answers(self) -> bool:
        """True if it accepts a connection; one is really tried."""

    @abstractmethod
    def pid(self) -> int | None:
        """Return the process id that the server wrote into a file. It is valid only while `running`."""

    @abstractmethod
    def prepare(self, guard: FileLock) -> Sequence[str | Path]:
        """Prepare the folder for a start; return the command line."""

    def mended(self, log_tail: str) -> bool:
        """Repair the cause of a failed start, whose log ends with `log_tail`; return True to try again."""
        return False

    def running(self) -> bool:
        """True if any process of the server lives."""
        with FileLock(self._guard) as guard:
            return not guard.try_acquire(shared=True)

    def ensure(self, *, supervise: bool = False) -> None:
        """Start the server unless it runs, and return when it answers. Raises `ServerFailed`."""
        began = time.monotonic()
        launched: float | None = None
        while time.monotonic() - began < START_SECONDS:
            with FileLock(self._guard) as guard:
                if guard.try_acquire():
                    if launched is not None:
                        self._judge_failure()
                    self._launch(guard, supervise)
                    launched = time.monotonic()
            if self.answers():
                return
            if time.monotonic() - (launched or began) > SOCKET_SECONDS and not self.socket.exists():
                self.stop()  # the socket was deleted (by a cleaner of /tmp), so nobody can connect
                launched = None
            time.sleep(POLL_SECONDS)
        raise ServerFailed(
            f"{self.title} runs but has not answered for {START_SECONDS:.0f} s. Its log is {self.log}. Stop it with "
            f"`kill {self.pid()}` and try again."
        )

    def stop(self) -> None:
        """Stop the server, gently first; do nothing if it does not run. Raises `ServerFailed` if it survives."""
        for step, seconds in self.stop_steps:
            deadline = time.monotonic() + seconds
            is_sent = False
            while self.running():
                pid = self.pid()
                # a server that was just started has no pid file yet: send as soon as it has
                if not is_sent and pid is not None and works_in(pid, self.folder):
                    with suppress(ProcessLookupError):
                        os.kill(pid, step)
                    is_sent = True
                if time.monotonic() > deadline:
                    break
                time.sleep(POLL_SECONDS)
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1.0)
            self.leave()
        if self.running():
            raise ServerFailed(f"{self.title} (process {self.pid()}) does not stop. Its log is {self.log}.")

    def leave(self) -> None:
        """Leave the server running for others."""
        if self._process is not None:
            let_go(self._process)
            self._process = None

    def _launch(self, guard: FileLock, supervise: bool) -> None:
        arguments = self.prepare(guard)
        self.leave()  # our earlier process, which has died
        rotate(self.log)
        self._process = spawn(
            arguments,
            self.layout.account,
            self.log,
            inherit=guard.descriptor,
            dies_with_us=self.stop_steps[0][0] if supervise else None,
        )

    def _judge_failure(self) -> None:
        """Raise `ServerFailed` for a server that ended before it answered, unless the cause could be repaired."""
        if self._process is not None:
            self._process.wait()
            self._process = None
        log_tail = tail(self.log)
        if not self.mended(log_tail):
            raise ServerFailed(f"{self.title} did not start. The end of its log, {self.log}:\n{log_tail}")
