"""Real servers in temporary folders. pytest's own folders are not used, because other users cannot enter them."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from worker.embedded.home import find_home
from worker.embedded.layout import erase, lay_out
from worker.embedded.servers import Servers

# A program that uses the servers: it prints their pids, and ends when its standard input ends.
USER = """
import sys
from pathlib import Path
from worker.embedded.servers import embedded_servers
options = {name: True for name in sys.argv[2:]}
with embedded_servers(Path(sys.argv[1]), durable=False, **options) as servers:
    print(servers.postgres.pid(), servers.valkey.pid(), flush=True)
    sys.stdin.read()
"""


@contextmanager
def new_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="onrecord-test-")).resolve()
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def clear(home: Path) -> None:
    """Stop the servers of a HOME, and erase it."""
    if home.exists():
        servers = Servers(lay_out(home))
        servers.valkey.stop()
        servers.postgres.stop()
        erase(home)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A new folder that every user can pass through, like a usual project folder."""
    with new_folder() as temporary:
        yield temporary


@pytest.fixture
def make_home() -> Iterator[Callable[[Path], Path]]:
    """A function that makes a HOME. After the test, the servers are stopped and the HOMEs deleted."""
    homes: list[Path] = []

    def make(path: Path) -> Path:
        homes.append(find_home(path, create=True))
        return homes[-1]

    yield make
    for home in homes:
        clear(home)


@pytest.fixture
def home(folder: Path, make_home: Callable[[Path], Path]) -> Path:
    """A new HOME."""
    return make_home(folder / ".onrecord")


@pytest.fixture(scope="module")
def used_home() -> Iterator[Path]:
    """A HOME that all tests of one file share, because initdb takes a second."""
    with new_folder() as folder:
        home = find_home(folder / ".onrecord", create=True)
        yield home
        clear(home)


class User:
    """A process that uses the servers of a HOME."""

    def __init__(self, home: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(home), *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def pids(self) -> list[int]:
        """Wait until the process uses the servers; return the pids of PostgreSQL and Valkey."""
        assert self.process.stdout is not None
        return [int(pid) for pid in self.process.stdout.readline().split()]

    def leave(self) -> int:
        """Let the process end normally; return its exit status."""
        self.process.communicate(timeout=30)
        return self.process.returncode

    def end(self) -> None:
        with self.process:
            self.process.kill()


@pytest.fixture
def user(used_home: Path) -> Iterator[Callable[..., User]]:
    """A function that starts a process that uses the servers of `used_home`."""
    started: list[User] = []

    def start(*options: str) -> User:
        started.append(User(used_home, *options))
        return started[-1]

    yield start
    for process in started:
        process.end()


@pytest.fixture
def eventually() -> Callable[..., None]:
    """A function that waits for a condition, at most for `seconds`."""

    def wait(condition: Callable[[], bool], seconds: float = 10.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not come about"
            time.sleep(0.02)

    return wait
