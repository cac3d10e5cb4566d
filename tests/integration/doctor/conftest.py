"""For tests of `onrecord doctor`: servers that tests may break, a port that never answers, and findings as lines."""

import shutil
import socket
import socketserver
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from sqlalchemy import Engine

from tests.faults.ground import OpenValkey, free_port
from worker.cli.checks.finding import Finding
from worker.embedded.home import find_home
from worker.embedded.layout import erase, lay_out
from worker.embedded.postgres import OWNER, Postgres
from worker.settings import Settings
from worker.store.db import schema
from worker.store.db.engine import make_engine

MakeSettings = Callable[..., Settings]


def lines_of(findings: Iterable[Finding]) -> list[str]:
    """Return findings as lines: level, subject, message, what to do."""
    return [f"{finding.level} {finding.subject}: {finding.message} {finding.todo}".rstrip() for finding in findings]


class Stranger(socketserver.StreamRequestHandler):
    """Answers every client as a web server does."""

    def handle(self) -> None:
        self.connection.recv(8)
        self.wfile.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")


class Scratch:
    """Servers that tests may break: a migrated PostgreSQL with a port for its reader, a Valkey, and another server."""

    def __init__(self, folder: Path) -> None:
        layout = lay_out(find_home(folder / ".onrecord", create=True))
        self.home = layout.home
        self.postgres = Postgres(layout, port=free_port(), durable=False)
        self.valkey = OpenValkey(layout)
        self.postgres.ensure()
        self.valkey.ensure()
        engine = make_engine(self.database_url)
        schema.upgrade(engine)
        engine.dispose()
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Stranger)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def stranger(self) -> int:
        """The port of a server that is neither PostgreSQL nor a broker."""
        return int(self._server.server_address[1])

    @property
    def database_url(self) -> str:
        return self.postgres.url(OWNER)

    def broker(self) -> redis.Redis:
        """Return a client of the broker; the caller closes it."""
        return redis.Redis(unix_socket_path=str(self.valkey.socket))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.valkey.stop()
        self.postgres.stop()
        erase(self.home)


@pytest.fixture(scope="package")
def scratch() -> Iterator[Scratch]:
    """The servers of this folder's tests; a test that breaks a server repairs it."""
    folder = Path(tempfile.mkdtemp(prefix="onrecord-doctor-"))
    folder.chmod(0o711)
    servers = Scratch(folder)
    yield servers
    servers.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that accepts connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield int(listening.getsockname()[1])


@pytest.fixture
def make_settings(database_url: str, engine: Engine, broker_url: str, tmp_path: Path) -> MakeSettings:
    """A function that makes settings: the session's servers, the test's own folder, and changes that a test gives."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()

    def make(**changes: Any) -> Settings:
        values = {"database_url": database_url, "broker_url": broker_url, "inbox": f"news={inbox}"}
        return Settings(_env_file=None, **values | changes)

    return make
