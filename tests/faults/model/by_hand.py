"""The watcher and a worker step by step in this process: real functions, a real database, a clock turned by hand."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from tests.faults.model.record import Hint
from worker.bounded.parser import BoundedParser
from worker.intake.reading import read_file
from worker.pipeline.document import process_document
from worker.settings import settings
from worker.store import ledger, outcome, parts, sightings, sweeping
from worker.store.models import Document, File
from worker.watch.folder import Folder
from worker.watch.inbox import Inbox
from worker.watch.patterns import Patterns
from worker.watch.publisher import Publisher, Tally
from worker.watch.scan import Scan

SETTLE = 2.0
ROUNDS = 12  # of scan, publish, read and process, after which all must be at rest


class ByHand:
    """One folder of its own, and all that Onrecord does with it, in any order."""

    def __init__(self, engine: Engine, parser: BoundedParser, folder: Path, name: str) -> None:
        self.engine = engine
        self.name = name
        self.prefix = ""
        self._parser = parser
        self._inbox = Inbox(name, folder)
        self._now = 0.0
        self.backwards = False  # at rest, whether the last that came is taken first
        self._publisher = Publisher(engine, after="keep", tally=Tally())
        self._part = parts.register(engine, "worker")
        with engine.begin() as connection:
            self._inbox_id = sightings.register(connection, name, bytes(folder))
        self.restart_watcher()

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]

    # the watcher

    def restart_watcher(self) -> None:
        """What the watcher knew by itself is gone."""
        self._folder = Folder(self._inbox, Patterns(settings().ignore_patterns), settle=SETTLE)

    def hear(self, hints: Iterable[Hint]) -> None:
        """Let events arrive."""
        self._now += 0.01
        for path, sign in hints:
            self._folder.note(path.encode(), sign, self._now)

    def scan(self) -> None:
        """One whole scan."""
        with self.engine.begin() as connection:
            known = sightings.known(connection, self._inbox_id)
        scan = Scan(self._folder, known, settle=SETTLE, first=False)
        while not scan.step(self._now):
            pass
        if missing := scan.missing():
            with self.engine.begin() as connection:
                sightings.missing(connection, self._inbox_id, missing)

    def wait(self, seconds: float = 2 * SETTLE) -> None:
        """Let time pass, and publish what has come to rest."""
        self._now += seconds
        self._folder.collect(self._now)
        while self._folder.ready:
            self._publisher.publish(self._folder, self._inbox_id)

    # the worker

    def waiting(self, table: str) -> list[int]:
        """Rows of `files` or `documents` that wait, in the order in which they came."""
        return [row[0] for row in self.rows(f"SELECT id FROM {table} WHERE state = 'waiting' ORDER BY id")]

    def read(self, file_id: int) -> None:
        """Read a file."""
        read_file(self.engine, self._part, file_id, self._parser)

    def process(self, document_id: int) -> None:
        """Process a document."""
        process_document(self.engine, self._part, document_id, self._parser)

    def die(self, queue: ledger.Queue, row_id: int) -> None:
        """A worker claims a row and is killed."""
        part = parts.register(self.engine, "worker")
        column = File.path if queue is ledger.INTAKE else Document.name
        with self.engine.begin() as connection:
            ledger.claim(connection, queue, row_id, part, column)
        parts.stop(self.engine, part)

    def sweep(self) -> None:
        """What the sweeper does."""
        with self.engine.begin() as connection:
            sweeping.sweep(connection)
            outcome.settle_all(connection)

    def rest(self) -> None:
        """Go on until nothing is left to do; the last scan knows what is missing."""
        for _ in range(ROUNDS):
            self.sweep()
            self.scan()
            self.wait()
            order = -1 if self.backwards else 1
            for file_id in (files := self.waiting("files")[::order]):
                self.read(file_id)
            for document_id in (documents := self.waiting("documents")[::order]):
                self.process(document_id)
            if not files and not documents and not len(self._folder.tracker):
                return
        raise AssertionError(f"after {ROUNDS} rounds something is still to be done")
