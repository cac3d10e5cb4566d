"""One HOME and one inbox, and the real `onrecord` run on them to its end."""

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
    """Commands that begin, work and end; what goes on running is a matter of `tests.faults.upped`."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / ".onrecord"
        self.inbox = folder / "inbox"
        self.inbox.mkdir()

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "worker", *arguments],
            env=without_settings() | {"ONRECORD_HOME": str(self.home), "ONRECORD_CONCURRENCY": "2"} | settings,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )


@pytest.fixture
def stack() -> Iterator[Stack]:
    """A HOME and an inbox that are gone afterwards, with whatever runs on them."""
    folder = Path(tempfile.mkdtemp(prefix="onrecord-up-"))
    folder.chmod(0o711)
    made = Stack(folder)
    yield made
    if made.home.exists():
        servers = embedded_servers(made.home)
        servers.valkey.stop()
        servers.postgres.stop()
        erase(made.home)
    shutil.rmtree(folder, ignore_errors=True)
