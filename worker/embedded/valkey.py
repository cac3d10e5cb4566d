"""The embedded Valkey, which is the broker. It listens on a socket only. No harm is done if all its data is lost."""

import shutil
import signal
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from worker.embedded.binaries import valkey_for
from worker.embedded.errors import ServerFailed
from worker.embedded.layout import Layout
from worker.embedded.lock import FileLock
from worker.embedded.server import POLL_SECONDS, Server

PATIENCE = 2.0
"""Wait at most so many seconds for the answer of a server that runs already."""
APPEND_ONLY_FOLDER = "appendonlydir"


class Valkey(Server):
    """Valkey on one HOME. If we are root, it runs as the same user as PostgreSQL; it needs only its own folder."""

    name: ClassVar[str] = "valkey"
    title: ClassVar[str] = "The embedded Valkey"
    stop_steps: ClassVar[Sequence[tuple[signal.Signals, float]]] = ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0))

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        self._mended = False

    @property
    def socket(self) -> Path:
        return self.layout.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        """The URL for Celery and kombu."""
        return f"redis+socket://{self.socket}?virtual_host=0"

    @property
    def _pid_file(self) -> Path:
        return self.folder / "valkey.pid"

    def pid(self) -> int | None:
        try:
            return int(self._pid_file.read_text())
        except (FileNotFoundError, ValueError):  # missing, or not written yet
            return None

    def answers(self) -> bool:
        """True if the server answers anything.

        If it refuses (all its connections are taken, or its disk is full), it runs, and starting it again is no help.
        """
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1.0)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                answer = line.recv(64)
            except (BrokenPipeError, ConnectionResetError):  # it has accepted the connection, and closed it or died
                return self.running()
            except OSError:  # not started yet, or it hangs
                return False
        if answer.startswith(b"-NOAUTH"):
            raise ServerFailed(
                f"{self.title} runs, but does not let us in. Its log is {self.log}. Stop it with `kill {self.pid()}` "
                f"and try again."
            )
        return bool(answer)

    def ensure(self, *, supervise: bool = False) -> None:
        """Start the server if it does not run, and return when it answers. Raises `ServerFailed`.

        A server that runs and does not answer is not waited for: its processes wait for it, and no command need hang.
        """
        if self.running() and self.socket.exists() and not self.answers_soon():
            raise ServerFailed(
                f"{self.title} (process {self.pid()}) runs but does not answer. Its log is {self.log}. If it stays so, "
                f"stop it with `kill -9 {self.pid()}`; it is started again, and nothing is lost."
            )
        super().ensure(supervise=supervise)

    def answers_soon(self) -> bool:
        """True if the server answers within `PATIENCE`."""
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def prepare(self, guard: FileLock) -> Sequence[str | Path]:
        self.layout.make_owned(self.folder)
        self._pid_file.unlink(missing_ok=True)
        self.layout.make_sockets()
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "pidfile": str(self._pid_file),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "hz": "2",  # so often a second it looks after itself; messages do not wait for that
        }
        flags = [word for name, option in options.items() for word in (f"--{name}", option)]
        return [valkey_for(self.layout), *flags]

    def mended(self, log_tail: str) -> bool:
        """Put the append-only file aside, once. It may be damaged; PostgreSQL and the inbox know all that it holds."""
        append_only, damaged = self.folder / APPEND_ONLY_FOLDER, self.folder / "damaged"
        if self._mended or not append_only.exists():
            return False
        shutil.rmtree(damaged, ignore_errors=True)
        append_only.rename(damaged)
        self._mended = True
        return True
