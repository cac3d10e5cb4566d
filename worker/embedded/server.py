"""The base class of both servers: how to start a server, wait until it answers, stop it, and know whether it runs."""

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
from worker.embedded.process import let_go, open_log, rotate, spawn, tail, works_in
from worker.waiting import waiting_for

POLL_SECONDS = 0.02
START_SECONDS = 300.0
"""Wait at most so many seconds for an answer. Recovery takes far less: it replays at most about max_wal_size."""
SOCKET_SECONDS = 5.0
"""Wait so many seconds for the socket. If the server has no socket after that, start it again."""


class Server(ABC):
    """One server on one HOME.

    Every process of the server inherits a lock on `<name>.lock`. So the server runs exactly if somebody holds the lock.
    That is also true if the server was killed, if its pid was reused, if it is a zombie, or if some of its children
    still run. And no two servers can run on one folder.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    stop_steps: ClassVar[Sequence[tuple[signal.Signals, float]]]
    """The signals that stop the server, in this order; each has the seconds to wait before the next signal."""
    memory_bytes: int = 0
    """The memory that each process of the server may have for itself; 0: no limit."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.folder = layout.store / self.name
        self.log = layout.logs / f"{self.name}.log"
        self._guard = layout.store / f"{self.name}.lock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def socket(self) -> Path:
        """The Unix socket that the server listens on."""

    @abstractmethod
    def answers(self) -> bool:
        """True if the server accepts a connection; this really connects.

        False only means: not yet. Raises `ServerFailed` if the server refuses us for a reason that will not pass.
        """

    @abstractmethod
    def pid(self) -> int | None:
        """Return the process id that the server wrote into a file. The id is valid only while the server runs."""

    @abstractmethod
    def prepare(self, guard: FileLock) -> Sequence[str | Path]:
        """Prepare the folder for a start; return the command line."""

    def mended(self, log_tail: str) -> bool:
        """Repair the cause of a failed start, if we can; return True to try again. `log_tail` is the end of the log."""
        return False

    def running(self) -> bool:
        """True if any process of the server lives."""
        with FileLock(self._guard) as guard:
            return not guard.try_acquire(shared=True)

    def look_after(self) -> None:
        """Start again what belongs to the running server and has died: nothing, of most servers."""
        return

    def ensure(self, *, supervise: bool = False) -> None:
        """Start the server if it does not run, and return when it answers. Raises `ServerFailed`."""
        with waiting_for(f"{self.title[0].lower()}{self.title[1:]} to answer"):
            self._ensure(supervise)

    def _ensure(self, supervise: bool) -> None:
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
        """Stop the server by the signals of `stop_steps`. Raises `ServerFailed` if it still runs after all of them."""
        with waiting_for(f"{self.title[0].lower()}{self.title[1:]} to stop"):
            self._stop()

    def _stop(self) -> None:
        for step, seconds in self.stop_steps:
            deadline = time.monotonic() + seconds
            is_sent = False
            while self.running():
                pid = self.pid()
                # A server that was just started has no pid file yet: send the signal as soon as the file exists.
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
        """Leave the server running for other commands."""
        if self._process is not None:
            let_go(self._process)
            self._process = None

    def _launch(self, guard: FileLock, supervise: bool) -> None:
        arguments = self.prepare(guard)
        self.leave()  # forget our earlier process, which has died
        rotate(self.log)
        self._process = spawn(
            arguments,
            self.layout.account,
            self._output(supervise),
            inherit=guard.descriptor,
            dies_with_us=self.stop_steps[0][0] if supervise else None,
            memory_bytes=self.memory_bytes,
        )

    def _output(self, supervise: bool) -> int:
        """Return the descriptor that the server writes its messages to."""
        return open_log(self.log)

    def _judge_failure(self) -> None:
        """The server ended before it answered: return if the cause could be repaired, else raise `ServerFailed`."""
        if self._process is not None:
            self._process.wait()
            self._process = None
        log_tail = tail(self.log)
        if not self.mended(log_tail):
            raise ServerFailed(f"{self.title} did not start. The end of its log, {self.log}:\n{log_tail}")
