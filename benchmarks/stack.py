"""A running stack: `onrecord up`, started as users start it, with a temporary HOME and inbox."""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

import worker
from worker.embedded.home import find_home
from worker.embedded.layout import erase, lay_out
from worker.embedded.servers import Servers
from worker.store.db.engine import make_engine

ROOT = Path(worker.__file__).parents[1]
START_SECONDS = 90.0
"""Wait at most so many seconds for the stack to start."""
PATIENCE = 120.0
"""Stop a measurement after so many seconds without progress."""

OPEN = text(
    """
    SELECT (SELECT count(*) FROM files WHERE state IN ('waiting', 'reading', 'split'))
         + (SELECT count(*) FROM documents WHERE state IN ('waiting', 'working'))
    """
)
ENDED = text("""SELECT count(*) FROM files WHERE finished_at IS NOT NULL""")
IS_READY = text(
    """
    SELECT EXISTS (SELECT FROM inboxes WHERE last_scan IS NOT NULL)
       AND EXISTS (SELECT FROM processes WHERE kind = 'worker' AND stopped_at IS NULL)
    """
)


class Stuck(RuntimeError):
    """The stack makes no progress."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack."""

    folder: Path
    inbox: Path
    up: psutil.Process
    servers: Servers
    engine: Engine
    connection: Connection
    """A connection in autocommit mode, for queries."""

    def number(self, query: str, **values: object) -> int:
        """Return the number that a query gives; 0 if it gives no number."""
        return int(self.connection.execute(text(query), values).scalar() or 0)

    def drop(self, name: str, content: bytes) -> None:
        """Move a complete file into the inbox."""
        aside = self.folder / "aside" / name
        aside.write_bytes(content)
        aside.rename(self.inbox / name)

    def wait_idle(self, files: int, look: Callable[[], None] = lambda: None) -> None:
        """Wait until `files` files have reached a final state and no work is left; call `look` twice a second."""
        done, since = -1, time.monotonic()
        while True:
            now = int(self.connection.execute(ENDED).scalar_one())
            if now >= files and self.connection.execute(OPEN).scalar_one() == 0:
                return
            if now != done:
                done, since = now, time.monotonic()
            elif time.monotonic() - since > PATIENCE:
                raise Stuck(f"{done} of {files} files have ended, and none in the last {PATIENCE:.0f} s.")
            look()
            time.sleep(0.5)

    def ended(self) -> int:
        """Return the number of files that have reached a final state so far."""
        return int(self.connection.execute(ENDED).scalar_one())


@contextmanager
def running_stack() -> Iterator[Stack]:
    """Start `onrecord up` in a temporary folder and wait until it watches; in the end stop it and delete everything."""
    folder = Path(tempfile.mkdtemp(prefix="onrecord-bench-"))
    folder.chmod(0o711)  # if we are root, PostgreSQL runs as another user, who must enter this folder
    for name in ("inbox", "aside"):
        (folder / name).mkdir()
    home = find_home(folder / ".onrecord", create=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    with (folder / "up.log").open("wb") as output:
        up = psutil.Popen(
            [sys.executable, "-m", "worker", "up", "--inbox", str(folder / "inbox")],
            cwd=folder,
            env={**environment, "ONRECORD_HOME": str(home), "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=output,
        )
    try:
        servers = Servers(lay_out(home))
        engine = make_engine(servers.database_url, pool_size=2, application="onrecord bench")
        try:
            _wait_for_watcher(engine, up, folder)
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                yield Stack(folder, folder / "inbox", up, servers, engine, connection)
        finally:
            engine.dispose()
    finally:
        if up.poll() is None:
            up.send_signal(signal.SIGTERM)
        up.wait(60)
        erase(home)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_watcher(engine: Engine, up: psutil.Popen, folder: Path) -> None:
    """Wait until the folder has been scanned and a pool process of the worker lives."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and up.poll() is None:
        try:
            with engine.connect() as connection:
                if connection.execute(IS_READY).scalar():
                    return
        except SQLAlchemyError:  # no server yet, or no tables
            pass
        time.sleep(0.2)
    raise Stuck(f"onrecord up did not get ready:\n{(folder / 'up.log').read_text(errors='replace')[-2000:]}")
