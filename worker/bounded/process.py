"""One child process as its parent sees it: started warm, asked, watched, killed."""

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
START_SECONDS = 60.0  # a machine under load starts Python slowly; this is no document's fault
KILL_SECONDS = 5.0
SETTINGS = "set ONRECORD_PARSE_SECONDS or ONRECORD_PARSE_MEMORY_BYTES higher and retry it"
# The child sees no secret: nothing of the parent's environment but what Python and the libraries need.
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SYSTEMROOT")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


class Child:
    """A running child; whoever made it must `kill` it."""

    def __init__(self, memory_bytes: int, seconds: float, most_raw: int) -> None:
        """Start it and wait until it is ready. Raises `Refused(crashed)` where it does not start."""
        self._seconds = seconds
        self.owner = os.getpid()  # a fork has a copy of this object, but not the child
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
        self._channel = Channel(ours, most_raw)
        try:
            self._channel.receive(START_SECONDS)
        except (TimeoutError, Closed, Garbled) as error:
            self.kill()
            raise Refused(Reason.CRASHED, "The process that reads files did not start. Retry it.") from error

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def usable(self) -> bool:
        """Whether it lives, and is this process's own."""
        return self.owner == os.getpid() and self._process.poll() is None

    def send(self, frame: Frame, descriptor: int | None = None) -> None:
        """Send a request, and the open file that belongs to it. Raises `Refused` as `receive` does."""
        try:
            self._channel.send(frame, self._seconds)
            if descriptor is not None:
                self._channel.send_file(descriptor)
        except (TimeoutError, Closed) as error:
            raise self._breach(error) from error

    def receive(self) -> Frame:
        """The next answer. Raises `Refused`: `timeout` or `crashed` where the child is dead now, or its own refusal."""
        try:
            frame = self._channel.receive(self._seconds)
            while "progress" in frame.header:  # a long way between two members
                frame = self._channel.receive(self._seconds)
            if "reason" in frame.header:
                raise Refused(Reason(frame.header["reason"]), str(frame.header["message"]))
        except (TimeoutError, Closed, Garbled, ValueError) as error:
            raise self._breach(error) from error
        return frame

    def kill(self) -> None:
        """End it now, whatever it does."""
        self._channel.sock.close()
        if self.owner != os.getpid():
            return
        self._process.kill()
        self._process.wait(KILL_SECONDS)

    def nonsense(self, error: Exception) -> Refused:
        """What to raise where an answer does not hold what it must; the child is killed."""
        return self._breach(error)

    def _arguments(self, theirs: socket.socket, memory_bytes: int) -> list[str]:
        # A parent-death signal comes when the *thread* that started the child ends: only the main thread asks for it.
        watched = os.getpid() if threading.current_thread() is threading.main_thread() else 0
        return [str(theirs.fileno()), str(watched), str(memory_bytes), str(self._seconds)]

    def _breach(self, error: Exception) -> Refused:
        """Kill it, and say what it died of."""
        closed = isinstance(error, Closed)
        if closed:  # it is dying: its own exit status says why
            try:
                self._process.wait(KILL_SECONDS)
            except subprocess.TimeoutExpired:
                closed = False
        status = self._process.poll()
        self.kill()
        if isinstance(error, TimeoutError) or status == -signal.SIGXCPU:
            return Refused(Reason.TIMEOUT, f"It took longer than {self._seconds:g} s. If it is sound, {SETTINGS}.")
        return Refused(Reason.CRASHED, f"The process that read it {_ended(status)}. If it is sound, {SETTINGS}.")


def _ended(status: int | None) -> str:
    if status is None:
        return "answered nonsense"
    if status == -signal.SIGKILL:
        return "was killed from outside, perhaps by the system for want of memory"
    if status < 0:
        return f"died of {signal.Signals(-status).name}"
    return f"ended with status {status}"


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    return {**kept, **ONE_THREAD, "PYTHONPATH": str(Path(worker.__path__[0]).parent)}
