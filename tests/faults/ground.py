"""Servers of a scenario's own, each of which can be killed, stopped and started again."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from worker.embedded.home import find_home
from worker.embedded.layout import Layout, erase, lay_out
from worker.embedded.lock import FileLock
from worker.embedded.postgres import OWNER, Postgres
from worker.embedded.server import Server
from worker.embedded.valkey import Valkey
from worker.store.db import schema
from worker.store.db.engine import make_engine


class OpenValkey(Valkey):
    """Valkey on a port of 127.0.0.1, beside its socket: as a managed broker is reached."""

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def prepare(self, guard: FileLock) -> Sequence[str | Path]:
        return [*super().prepare(guard), "--port", str(self.port), "--bind", "127.0.0.1"]


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def mount(*arguments: str | Path) -> None:
    """Run `mount`; skip the test where that is not allowed."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount")
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")


class Disk:
    """A file system of its own, so small that it can be filled; skips the test where we may not mount one."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"
        folder.mkdir(exist_ok=True)
        mount("-t", "tmpfs", "-o", f"size={megabytes}m,mode=0711", "onrecord", folder)

    def fill(self) -> None:
        """Leave no room."""
        with self._ballast.open("ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue

    def clear(self) -> None:
        """Give the room back."""
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        """Unmount it, busy or not."""
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


class Ground:
    """A durable PostgreSQL, migrated, and a Valkey, in a HOME that is gone after `close`.

    `port`: Valkey is reached by TCP. `megabytes`: HOME is on a small disk of its own (`disk`).
    """

    def __init__(self, *, port: bool = False, megabytes: int = 0) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="onrecord-faults-"))
        self.folder.chmod(0o711)
        self.disk = Disk(self.folder, megabytes) if megabytes else None
        layout = lay_out(find_home(self.folder / ".onrecord", create=True))
        self.home = layout.home
        self.postgres = Postgres(layout)
        self.valkey: Valkey = OpenValkey(layout) if port else Valkey(layout)
        self.postgres.ensure()
        self.valkey.ensure()
        engine = make_engine(self.database_url, application="onrecord migrate")
        schema.upgrade(engine)
        engine.dispose()

    @property
    def database_url(self) -> str:
        """PostgreSQL as the owner."""
        return self.postgres.url(OWNER).render_as_string()

    @property
    def broker_url(self) -> str:
        """Valkey."""
        return self.valkey.url

    def kill(self, server: Server) -> None:
        """SIGKILL to a server, and wait until no process of it lives."""
        self.stop(server, signal.SIGKILL)

    def stop(self, server: Server, by: signal.Signals) -> None:
        """End a server by a signal (SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one), and wait."""
        pid = server.pid()
        assert pid is not None
        os.kill(pid, by)
        server.stop()

    def processes(self, server: Server) -> list[psutil.Process]:
        """A server's processes, the first one first."""
        pid = server.pid()
        assert pid is not None
        return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]

    def send(self, server: Server, number: signal.Signals) -> None:
        """A signal to every process of a server."""
        for process in self.processes(server):
            process.send_signal(number)

    def sql(self, *statements: str) -> None:
        """Statements of the database's owner, each on its own."""
        with self.postgres.connect() as connection:
            for statement in statements:
                connection.execute(statement)

    def close(self) -> None:
        """Stop both and remove all."""
        if self.disk:
            self.disk.clear()
        for server in (self.valkey, self.postgres):
            if server.running():
                self.send(server, signal.SIGCONT)
        self.valkey.stop()
        self.postgres.stop()
        erase(self.home)
        if self.disk:
            self.disk.close()
        shutil.rmtree(self.folder, ignore_errors=True)
