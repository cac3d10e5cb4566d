"""The servers of one scenario, which it can kill, stop and start again."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
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
    """Valkey that also listens on a port of 127.0.0.1. A managed broker is used through a port, too."""

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def prepare(self, guard: FileLock) -> Sequence[str | Path]:
        return [*super().prepare(guard), "--port", str(self.port), "--bind", "127.0.0.1"]


def free_port() -> int:
    """Return a port of 127.0.0.1 on which no process listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def mount(*arguments: str | Path) -> None:
    """Run `mount`; skip the test if that is not allowed."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount")
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")


class Disk:
    """A separate file system that is small enough to be filled. Skips the test if we may not mount a file system."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"
        folder.mkdir(exist_ok=True)
        mount("-t", "tmpfs", "-o", f"size={megabytes}m,mode=0711", "onrecord", folder)

    def fill(self) -> None:
        """Fill the disk."""
        with self._ballast.open("ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue

    def clear(self) -> None:
        """Free the space again."""
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        """Unmount the disk, even if it is in use."""
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


class Ground:
    """A durable PostgreSQL with a migrated database, and a Valkey, in a HOME that `close` deletes.

    `port`: Valkey is used over TCP. `megabytes`: HOME is on a separate small disk (`disk`) of this size.
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
        """The URL of PostgreSQL as the owner of the database."""
        return self.postgres.url(OWNER)

    @property
    def broker_url(self) -> str:
        """The URL of Valkey."""
        return self.valkey.url

    def kill(self, server: Server) -> None:
        """Send SIGKILL to a server, and wait until none of its processes lives."""
        self.stop(server, signal.SIGKILL)

    def stop(self, server: Server, by: signal.Signals) -> None:
        """End a server by a signal and wait. For PostgreSQL, SIGINT is a fast, SIGQUIT an immediate shutdown."""
        pid = server.pid()
        assert pid is not None
        os.kill(pid, by)
        server.stop()

    def processes(self, server: Server) -> list[psutil.Process]:
        """Return the processes of a server; the main process comes first."""
        pid = server.pid()
        assert pid is not None
        return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]

    def send(self, server: Server, number: signal.Signals) -> None:
        """Send a signal to every process of a server."""
        for process in self.processes(server):
            with suppress(psutil.NoSuchProcess):  # one of its connections has just ended
                process.send_signal(number)

    def sql(self, *statements: str) -> None:
        """Run statements as the owner of the database, each in its own transaction."""
        with self.postgres.connect() as connection:
            for statement in statements:
                connection.execute(statement)

    def close(self) -> None:
        """Stop both servers and delete everything."""
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
