"""What the two servers have in common: a lock that lives as long as they do, start, wait until they answer, stop."""

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
# recovery after a crash replays at most about max_wal_size; this is far above what that takes
START_SECONDS = 300.0
SOCKET_SECONDS = 5.0


class Server(ABC):
    """One server on one HOME.

    Every process of it inherits a lock on `<name>.lock`, so "is it running?" is "is the lock taken?". That holds for
    killed servers, reused pids, zombies and lingering children alike, and two can never run on one folder.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    # what to send, and how many seconds to wait, one after the other
    stop_steps: ClassVar[Sequence[tuple[signal.Signals, float]]]

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
        """Whether it takes connections, tried for real."""

    @abstractmethod
    def pid(self) -> int | None:
        """The process id that the server wrote down; only true while `running`."""

    @abstractmethod
    def prepare(self, guard: FileLock) -> Sequence[str | Path]:
        """Bring the folder into a state to start from; the command line."""

    def mended(self, said: str) -> bool:
        """Whether a start that failed, saying `said`, is worth another try."""
        return False

    def running(self) -> bool:
        """Whether any process of it lives."""
        with FileLock(self._guard) as guard:
            return not guard.try_acquire(shared=True)

    def ensure(self, *, supervise: bool = False) -> None:
        """Return when it answers: the one that runs, or a new one. Raises `ServerFailed`."""
        begun = time.monotonic()
        launched: float | None = None
        while time.monotonic() - begun < START_SECONDS:
            with FileLock(self._guard) as guard:
                if guard.try_acquire():
                    if launched is not None:
                        self._judge_failure()
                    self._launch(guard, supervise)
                    launched = time.monotonic()
            if self.answers():
                return
            if time.monotonic() - (launched or begun) > SOCKET_SECONDS and not self.socket.exists():
                self.stop()  # somebody deleted the socket (a cleaner of /tmp): nobody can reach it
                launched = None
            time.sleep(POLL_SECONDS)
        raise ServerFailed(
            f"{self.title} runs but has not answered for {START_SECONDS:.0f} s. Its log is {self.log}. Stop it with "
            f"`kill {self.pid()}` and try again."
        )

    def stop(self) -> None:
        """Stop it, gently first; nothing if it does not run. Raises `ServerFailed` if it survives that."""
        for step, seconds in self.stop_steps:
            deadline = time.monotonic() + seconds
            sent = False
            while self.running():
                pid = self.pid()
                # only just started, it has not written its pid yet: send as soon as it has
                if not sent and pid is not None and works_in(pid, self.folder):
                    with suppress(ProcessLookupError):
                        os.kill(pid, step)
                    sent = True
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
        """Leave it running for others."""
        if self._process is not None:
            let_go(self._process)
            self._process = None

    def _launch(self, guard: FileLock, supervise: bool) -> None:
        arguments = self.prepare(guard)
        self.leave()  # a former one of ours that has died
        rotate(self.log)
        self._process = spawn(
            arguments,
            self.layout.account,
            self.log,
            inherit=guard.descriptor,
            dies_with_us=self.stop_steps[0][0] if supervise else None,
        )

    def _judge_failure(self) -> None:
        """The server that we started has ended before it answered: raise why, unless that is mended now."""
        if self._process is not None:
            self._process.wait()
            self._process = None
        said = tail(self.log)
        if not self.mended(said):
            raise ServerFailed(f"{self.title} did not start. The end of its log, {self.log}:\n{said}")
