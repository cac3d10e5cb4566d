"""A watcher on a folder of the test, with a real database and a real broker."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from worker.settings import Settings
from worker.tasks.app import make_app
from worker.watch.inbox import from_specs
from worker.watch.watcher import Watcher


def wait_for(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Return the value of `condition` once it is true; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)
    return value


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


class Watching:
    """Start watchers in threads, and read the rows that they wrote."""

    def __init__(self, engine: Engine, url: str, inbox: Path) -> None:
        self.engine, self.url, self.inbox = engine, url, inbox
        self.events: list[tuple[str, str, str]] = []

    def settings(self, **values: Any) -> Settings:
        return Settings(database_url=self.url, **({"settle": 0.3, "scan_seconds": 60.0} | values))

    def watcher(self, *, once: bool = False, **values: Any) -> Watcher:
        return Watcher(
            self.settings(**values),
            from_specs([f"in={self.inbox}"]),
            once=once,
            on_event=lambda *event: self.events.append(event),
        )

    @contextmanager
    def running(self, **values: Any) -> Iterator[Watcher]:
        """Run a watcher; its first scan has ended when the `with` begins."""
        with self.started(**values) as watcher:
            wait_for(lambda: watcher.tally.scans)
            yield watcher

    @contextmanager
    def started(self, **values: Any) -> Iterator[Watcher]:
        """Run a watcher."""
        watcher = self.watcher(**values)
        thread = threading.Thread(target=watcher.run)
        thread.start()
        try:
            yield watcher
        finally:
            watcher.stop()
            thread.join(10)
            assert not thread.is_alive()

    def values(self, statement: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def rows(self, columns: str = "shown, state", where: str = "true") -> list[tuple[Any, ...]]:
        return self.values(f"SELECT {columns} FROM files WHERE {where} ORDER BY id")

    def execute(self, statement: str, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)

    def stored(self, where: str = "true") -> None:
        """Mark waiting files as stored, as if workers had read them."""
        self.execute(
            "UPDATE files SET state = 'stored', finished_at = now(), rung_at = NULL, sha256 = sha256(path)"
            f" WHERE state = 'waiting' AND {where}"
        )


@pytest.fixture
def watching(
    engine: Engine, database_url: str, broker_url: str, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watching]:
    with ExitStack() as stack:
        app = make_app(broker_url)
        stack.callback(app.close)
        monkeypatch.setattr("worker.tasks.app.app", app)
        yield Watching(engine, database_url, inbox)
