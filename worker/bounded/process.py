"""The parent's side of one child process: starting the child, asking it, watching it and killing it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import worker
from worker.bounded.frames import Channel, Closed, Frame, Garbled
from worker.reasons import Reason, Refused

MODULE = "worker.bounded.child"
START_SECONDS = 60.0  # wait at most this long for a child to start; a machine under load starts Python slowly
PATIENCE = 3.0
"""Seconds by the clock for each second of CPU time. A machine under load lets a sound document wait, and a child that
hangs uses no CPU time."""
KILL_SECONDS = 5.0  # wait at most this long for the end of a process that is killed or dies
ADVICE = "If it is sound, set ONRECORD_PARSE_SECONDS or ONRECORD_PARSE_MEMORY_BYTES higher and retry it."
# The child gets only these environment variables, which Python and the libraries need. None of them is a secret.
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SYSTEMROOT")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


class Child:
    """A running child process; the code that made it must `kill` it."""

    def __init__(self, memory_bytes: int, seconds: float, max_raw: int) -> None:
        """Start the child and wait until it is ready. Raise `Refused(crashed)` if it does not start."""
        self._seconds = seconds
        self._patience = PATIENCE * seconds
        self.owner = os.getpid()  # after a fork, the new process has a copy of this object, but not the child
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", MODULE, *self._arguments(theirs, memory_bytes)],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=_environment(),
            )
        self._channel = Channel(ours, max_raw)
        try:
            self._channel.receive(START_SECONDS)
        except (TimeoutError, Closed, Garbled) as error:
            self.kill()
            raise Refused(Reason.CRASHED, "The process that reads files did not start. Retry it.") from error

    @property
    def pid(self) -> int:
        """The process id of the child."""
        return self._process.pid

    @property
    def usable(self) -> bool:
        """True if the child lives, and this process started it."""
        return self.owner == os.getpid() and self._process.poll() is None

    def send(self, frame: Frame, descriptor: int | None = None) -> None:
        """Send a request, and the open file that belongs to it. Raise `Refused`: `timeout` or `crashed`."""
        try:
            self._channel.send(frame, self._patience)
            if descriptor is not None:
                self._channel.send_file(descriptor)
        except (TimeoutError, Closed) as error:
            raise self.failure(error) from error

    def receive(self) -> Frame:
        """Return the next answer.

        Raise `Refused`: `timeout` or `crashed` (the child is then dead), or the refusal that the child sent. Raise
        `ImportError` if a library that a format needs is not installed.
        """
        try:
            frame = self._channel.receive(self._patience)
            while "progress" in frame.header:  # the child reads a long file between two members
                frame = self._channel.receive(self._patience)
            if "not_installed" in frame.header:
                raise ImportError(str(frame.header["not_installed"]))
            if "reason" in frame.header:
                raise Refused(Reason(frame.header["reason"]), str(frame.header["message"]))
        except (TimeoutError, Closed, Garbled, ValueError) as error:
            raise self.failure(error) from error
        return frame

    def kill(self) -> None:
        """Kill the child at once. After a fork, only the process that started the child kills it."""
        self._channel.sock.close()
        if self.owner != os.getpid():
            return
        self._process.kill()
        self._process.wait(KILL_SECONDS)

    def _arguments(self, theirs: socket.socket, memory_bytes: int) -> list[str]:
        """Return the arguments that `child.main` takes."""
        # The parent-death signal comes when the *thread* that started the child ends: only the main thread asks for it.
        parent = os.getpid() if threading.current_thread() is threading.main_thread() else 0
        return [str(theirs.fileno()), str(parent), str(memory_bytes), str(self._seconds)]

    def failure(self, error: Exception) -> Refused:
        """Kill the child after an error or an invalid answer, and return the refusal that tells the cause."""
        if isinstance(error, Closed):  # the child is dying: its exit status tells the cause
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(KILL_SECONDS)
        status = self._process.poll()
        self.kill()
        if status == -signal.SIGXCPU:
            return Refused(Reason.TIMEOUT, f"It took longer than {self._seconds:g} s of CPU time. {ADVICE}")
        if isinstance(error, TimeoutError):
            return Refused(Reason.TIMEOUT, f"It was not read within {self._patience:g} s. {ADVICE}")
        return Refused(Reason.CRASHED, f"The process that read it {_end(status)}. {ADVICE}")


def _end(status: int | None) -> str:
    """Return how the child ended, as the rest of a sentence; its exit status is None if it was still running."""
    if status is None:
        return "sent an invalid answer"
    if status == -signal.SIGKILL:
        return "was killed from outside, perhaps by the system because memory ran out"
    if status < 0:
        return f"died of {signal.Signals(-status).name}"
    return f"ended with status {status}"


def _environment() -> dict[str, str]:
    """Return the environment of the child."""
    copied = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    return {**copied, **ONE_THREAD, "PYTHONPATH": str(Path(worker.__path__[0]).parent)}
