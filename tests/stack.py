"""The fixture `stack`: a HOME and an inbox with which tests run the real `onrecord` until it ends."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outside import without_settings
from worker.embedded.layout import erase
from worker.embedded.servers import embedded_servers

PATIENCE = 180.0


class Stack:
    """Run commands until they end. For commands that keep running, see `tests.faults.upped`."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / ".onrecord"
        self.inbox = folder / "inbox"
        self.inbox.mkdir()

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command until it ends."""
        return subprocess.run(
            [sys.executable, "-m", "worker", *arguments],
            env=self.environment(settings),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def start(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """Start a command in a session of its own; the caller waits for it, or ends it."""
        return subprocess.Popen(
            [sys.executable, "-m", "worker", *arguments],
            env=self.environment(settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def environment(self, settings: dict[str, str]) -> dict[str, str]:
        """Return the environment of a command on this HOME."""
        return without_settings() | {
            "ONRECORD_HOME": str(self.home),
            "ONRECORD_CONCURRENCY": "1",
            "ONRECORD_WEB_PORT": "0",
            **settings,
        }


@pytest.fixture
def stack() -> Iterator[Stack]:
    """A HOME and an inbox. After the test, its servers are stopped, and both folders are deleted."""
    folder = Path(tempfile.mkdtemp(prefix="onrecord-up-"))
    folder.chmod(0o711)
    temporary = Stack(folder)
    yield temporary
    if temporary.home.exists():
        servers = embedded_servers(temporary.home)
        servers.valkey.stop()
        servers.postgres.stop()
        erase(temporary.home)
    shutil.rmtree(folder, ignore_errors=True)
