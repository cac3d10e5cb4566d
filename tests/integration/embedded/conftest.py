"""Real servers in short-lived folders. A HOME is made outside pytest's own folders, which are closed to other users."""

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

# one user of the servers in a process of its own: says that it is in, and leaves when its standard input ends
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
    made = Path(tempfile.mkdtemp(prefix="onrecord-test-")).resolve()
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def clear(home: Path) -> None:
    """Stop what runs on a HOME and erase all of it."""
    if home.exists():
        servers = Servers(lay_out(home))
        servers.valkey.stop()
        servers.postgres.stop()
        erase(home)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A new folder that every user may pass through, as a project's usually is."""
    with new_folder() as made:
        yield made


@pytest.fixture
def make_home() -> Iterator[Callable[[Path], Path]]:
    """Make HOMEs; whatever runs on them in the end is stopped, and all of it erased."""
    made: list[Path] = []

    def make(path: Path) -> Path:
        made.append(find_home(path, create=True))
        return made[-1]

    yield make
    for home in made:
        clear(home)


@pytest.fixture
def home(folder: Path, make_home: Callable[[Path], Path]) -> Path:
    """A new HOME."""
    return make_home(folder / ".onrecord")


@pytest.fixture(scope="module")
def used_home() -> Iterator[Path]:
    """A HOME that the tests of one file use one after the other: initdb takes a second."""
    with new_folder() as folder:
        made = find_home(folder / ".onrecord", create=True)
        yield made
        clear(made)


class User:
    """A process that uses the servers of a HOME."""

    def __init__(self, home: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(home), *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def pids(self) -> list[int]:
        """Wait until it is in; the pids of PostgreSQL and Valkey."""
        assert self.process.stdout is not None
        return [int(pid) for pid in self.process.stdout.readline().split()]

    def leave(self) -> int:
        """Let it leave; its exit status."""
        self.process.communicate(timeout=30)
        return self.process.returncode

    def end(self) -> None:
        with self.process:
            self.process.kill()


@pytest.fixture
def user(used_home: Path) -> Iterator[Callable[..., User]]:
    """Start processes that use the servers of `used_home`."""
    started: list[User] = []

    def start(*options: str) -> User:
        started.append(User(used_home, *options))
        return started[-1]

    yield start
    for each in started:
        each.end()


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Wait for a condition, with a bound."""

    def wait(condition: Callable[[], bool], seconds: float = 10.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not come about"
            time.sleep(0.02)

    return wait
