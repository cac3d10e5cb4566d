"""The real `onrecord up` as a subprocess, with servers, workers and a folder of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from worker.embedded.layout import erase
from worker.embedded.servers import embedded_servers
from worker.store.engine import make_engine

PATIENCE = 60.0


class Stack:
    """One HOME, one inbox, and the commands run on them."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / ".onrecord"
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.started: list[subprocess.Popen[str]] = []
        self._engine: Engine | None = None

    def environment(self, **settings: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
        return kept | {"ONRECORD_HOME": str(self.home), "ONRECORD_CONCURRENCY": "2"} | settings

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "worker", *arguments],
            env=self.environment(**settings),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def start(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """Start a command and go on."""
        process = subprocess.Popen(
            [sys.executable, "-m", "worker", *arguments],
            env=self.environment(**settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def up(self, **settings: str) -> subprocess.Popen[str]:
        """Start everything and wait until a worker and the watcher live."""
        process = self.start("up", "--inbox", str(self.inbox), **settings)
        self.wait(lambda: {"watch", "worker"} <= self.alive())
        return process

    def alive(self) -> set[str]:
        return {
            row[0]
            for row in self.rows(
                "SELECT kind FROM parts WHERE stopped_at IS NULL AND last_seen > now() - interval '10 s'"
            )
        }

    def drop(self, name: str, content: str) -> None:
        """Drop a file as careful programs do: write elsewhere, then rename."""
        partial = self.inbox / f".{name}.part"
        partial.write_text(content)
        partial.rename(self.inbox / name)

    def rows(self, query: str) -> list[tuple]:  # type: ignore[type-arg]
        """The rows of a query; none while the servers are not there."""
        try:
            if self._engine is None:
                self._engine = make_engine(embedded_servers(self.home).database_url)
            with self._engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(query))]
        except (SQLAlchemyError, OSError):
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None
            return []

    def states(self) -> dict[str, int]:
        """How many files are in each state, ignored patterns left out."""
        return dict(self.rows("SELECT state, count(*) FROM files WHERE reason IS DISTINCT FROM 'pattern' GROUP BY 1"))

    def wait(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until `condition` holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                log = self.home / "logs" / "parts.log"
                raise AssertionError(f"it did not come about; states {self.states()}\n{log.read_text()[-3000:]}")
            time.sleep(0.05)

    def processes(self, words: str) -> list[psutil.Process]:
        """Our running processes whose command line has `words`, children included."""
        found = []
        for started in self.started:
            if started.poll() is None:
                for process in psutil.Process(started.pid).children(recursive=True):
                    try:
                        if words in " ".join(process.cmdline()):
                            found.append(process)
                    except psutil.Error:
                        continue
        return found

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                try:
                    process.communicate(timeout=30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()
        if self._engine is not None:
            self._engine.dispose()


@pytest.fixture
def stack() -> Iterator[Stack]:
    """A HOME and an inbox that are gone afterwards, with whatever runs on them."""
    folder = Path(tempfile.mkdtemp(prefix="onrecord-up-"))
    folder.chmod(0o711)
    made = Stack(folder)
    yield made
    made.close()
    if made.home.exists():
        servers = embedded_servers(made.home)
        servers.valkey.stop()
        servers.postgres.stop()
        erase(made.home)
    shutil.rmtree(folder, ignore_errors=True)
