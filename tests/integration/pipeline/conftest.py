"""A pool process without Celery: it calls the same functions as the tasks, on a real database and a real folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from worker.bounded.parser import BoundedParser
from worker.checks.check import check
from worker.intake.reading import read_file
from worker.parse.format import Limits
from worker.pipeline.document import process_document
from worker.store import inboxes, outcome, processes, sightings
from worker.store.sightings import Sighting, Stat


@pytest.fixture
def parser() -> Iterator[BoundedParser]:
    """The parser of a pool process."""
    with BoundedParser(Limits(), 1_500_000_000, 10.0) as parser:
        yield parser


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An empty folder to drop files in."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


class Pipeline:
    """Drops files and works on them, step by step, as a watcher and a worker would."""

    def __init__(self, engine: Engine, parser: BoundedParser, inbox: Path) -> None:
        self.engine = engine
        self.parser = parser
        self.inbox = inbox
        self.process_id = processes.register(engine, "worker")
        with engine.begin() as connection:
            self.inbox_id = inboxes.register(connection, "inbox", bytes(inbox))

    def sight(self, *names: str, after: str = "keep") -> list[int]:
        """Publish files as the watcher does; return the ids of the rows that wait."""
        with self.engine.begin() as connection:
            sightings.publish(connection, self.inbox_id, [self.sighting(name) for name in names], after)
            waiting = connection.execute(text("SELECT id FROM files WHERE state = 'waiting' ORDER BY id"))
            return list(waiting.scalars())

    def sighting(self, name: str) -> Sighting:
        """Return the sighting that a watcher would publish for a file."""
        return Sighting(name.encode(), Stat.of((self.inbox / name).lstat()))

    def read(self) -> None:
        """Read every file that waits."""
        for file_id in self.rows("SELECT id FROM files WHERE state = 'waiting' ORDER BY id"):
            read_file(self.engine, self.process_id, file_id[0], self.parser)

    def work(self) -> None:
        """Read every file and process every document that waits, and finish what has ended."""
        self.read()
        for document in self.rows("SELECT id FROM documents WHERE state = 'waiting' ORDER BY id"):
            process_document(self.engine, self.process_id, document[0], self.parser)
        outcome.settle_all(self.engine)

    def drop(self, name: str, content: str | bytes, after: str = "keep") -> None:
        """Write a file into the folder, publish it, and work on it."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.sight(name, after=after)
        self.work()

    def rows(self, query: str, **values: object) -> list[tuple]:  # type: ignore[type-arg]
        """Return the rows of a query."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]


@pytest.fixture
def pipeline(engine: Engine, parser: BoundedParser, inbox: Path) -> Iterator[Pipeline]:
    """A watcher and a worker that a test moves step by step. At the end, `onrecord check` must find nothing wrong."""
    yield Pipeline(engine, parser, inbox)
    assert list(map(str, check(engine))) == []
