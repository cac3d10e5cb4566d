"""Starts the companion of the embedded PostgreSQL (`companion.py`), and starts it again if it has died."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from worker.embedded import companion
from worker.embedded.process import let_go

PROGRAM = str(Path(companion.__file__))


class Companion:
    """The companion of one run of the server.

    `door`: the listening socket, and the arguments of the door. Of the pipe that the server writes its messages to, we
    keep our end only if we look after the companion (`is_kept`). If nobody read from the pipe, the server would wait.
    """

    def __init__(self, log: Path, door: tuple[socket.socket, Sequence[str]] | None, *, is_kept: bool) -> None:
        self._pipe, self.server_end = os.pipe()
        self._log = log
        self._door = door
        self._process = self._start()
        if not is_kept:
            self._close()

    def look_after(self) -> None:
        """Start the companion again if it has died."""
        if self._pipe >= 0 and self._process.poll() is not None:
            self._process = self._start()

    def wait(self, seconds: float) -> None:
        """Wait until the companion has written the last lines of a server that has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def leave(self) -> None:
        """Leave the companion to the server; it ends with the server."""
        self._close()
        let_go(self._process)

    def _start(self) -> subprocess.Popen[bytes]:
        arguments = [str(self._log)]
        passed: tuple[int, ...] = ()
        if self._door is not None:
            listener, words = self._door
            arguments += [str(listener.fileno()), *words]
            passed = (listener.fileno(),)
        return subprocess.Popen(
            [sys.executable, "-I", "-S", PROGRAM, *arguments],
            stdin=self._pipe,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            pass_fds=passed,
            start_new_session=True,
        )

    def _close(self) -> None:
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1
        if self._door is not None:
            self._door[0].close()
            self._door = None
