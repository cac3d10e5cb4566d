"""The fixture `house` of the security tests: embedded servers with an open port, and a database with articles."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.faults.ground import free_port
from tests.integration.report.conftest import fill
from tests.outside import without_settings
from worker.embedded.home import find_home
from worker.embedded.layout import erase
from worker.embedded.servers import Servers, embedded_servers
from worker.store.db import schema
from worker.store.db.engine import make_engine

PATIENCE = 120.0


@dataclass(frozen=True)
class House:
    """The running servers of one HOME, and ways to use them: as the reader, or by a command."""

    servers: Servers
    folder: Path

    @property
    def home(self) -> Path:
        """The HOME of the servers."""
        return self.servers.layout.home

    @contextmanager
    def reader(self, *, writing: bool = False) -> Iterator[psycopg.Connection]:
        """Log in as the reader over TCP. `writing` turns the read-only default off, which the reader may do."""
        assert self.servers.reader_url is not None
        with psycopg.connect(self.servers.reader_url, autocommit=True, connect_timeout=10) as connection:
            if writing:
                connection.execute("SET default_transaction_read_only = off")
            yield connection

    def environment(self, **settings: str) -> dict[str, str]:
        """Return the environment of a command, without the developer's own settings."""
        return (
            without_settings()
            | {"ONRECORD_HOME": str(self.home), "PYTHONPATH": str(Path(__file__).parents[2])}
            | settings
        )

    def run(self, *arguments: str, given: str | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command until it ends."""
        return subprocess.run(
            [sys.executable, "-m", "worker", *arguments],
            env=self.environment(**settings),
            cwd=self.folder,
            input=given,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )


@contextmanager
def new_folder() -> Iterator[Path]:
    """Make a folder that every user can pass through, like a usual project folder; delete it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="onrecord-safe-")).resolve()
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """The house that all these tests share. No test may leave a change in it."""
    with new_folder() as folder:
        home = find_home(folder / ".onrecord", create=True)
        try:
            with embedded_servers(home, port=free_port(), durable=False) as servers:
                engine = make_engine(servers.database_url)
                schema.upgrade(engine)
                fill(engine)
                engine.dispose()
                assert servers.grant_reader_login()
                yield House(servers, folder)
        finally:
            erase(home)
