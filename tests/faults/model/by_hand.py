"""The steps of a watcher and a worker, called one by one in this process.

The functions and the database are real; only the clock is set by the test.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlalchemy import Engine, text

from tests.faults.model.machine import NUMBER, FolderMachine
from tests.faults.model.record import Hint
from worker.bounded.parser import BoundedParser
from worker.intake.reading import read_file
from worker.pipeline.document import process_document
from worker.settings import settings
from worker.store import inboxes, ledger, outcome, processes, sightings, sweeping
from worker.store.articles import ClaimedDocument
from worker.store.files import ClaimedFile
from worker.store.queues import ARTICLES, INTAKE, Queue
from worker.watch.folder import Folder
from worker.watch.inbox import Inbox
from worker.watch.patterns import Patterns
from worker.watch.publisher import Publisher, Tally
from worker.watch.scan import Scan

SETTLE = 2.0
ROUNDS = 12  # after so many rounds of scan, publish, read and process, all must be at rest


class ByHand:
    """One folder, and all the steps that Onrecord does with it; the caller chooses their order."""

    def __init__(self, engine: Engine, parser: BoundedParser, folder: Path, name: str) -> None:
        self.engine = engine
        self.name = name
        self.prefix = ""
        self._parser = parser
        self._inbox = Inbox(name, folder)
        self._now = 0.0
        self.backwards = False  # true: `rest` works on the newest row first
        self._publisher = Publisher(engine, after="keep", tally=Tally())
        self._process_id = processes.register(engine, "worker")
        with engine.begin() as connection:
            self._inbox_id = inboxes.register(connection, name, bytes(folder))
        self.restart_watcher()

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]

    # the watcher

    def restart_watcher(self) -> None:
        """Restart the watcher, which loses all that it has in memory."""
        self._folder = Folder(self._inbox, Patterns(settings().ignore_patterns), settle=SETTLE)

    def hear(self, hints: Iterable[Hint]) -> None:
        """Pass hints to the watcher."""
        self._now += 0.01
        for path, sign in hints:
            self._folder.note(path.encode(), sign, self._now)

    def scan(self) -> None:
        """Do one complete scan."""
        with self.engine.begin() as connection:
            known = sightings.known(connection, self._inbox_id)
        scan = Scan(self._folder, known, settle=SETTLE, first=False)
        while not scan.step(self._now):
            pass
        if missing := scan.missing():
            with self.engine.begin() as connection:
                sightings.missing(connection, self._inbox_id, missing)

    def wait(self, seconds: float = 2 * SETTLE) -> None:
        """Let time pass, and publish the files that have come to rest."""
        self._now += seconds
        self._folder.collect(self._now)
        while self._folder.ready:
            self._publisher.publish(self._folder, self._inbox_id)

    # the worker

    def waiting(self, table: str) -> list[int]:
        """Return the ids of the waiting rows of `files` or `documents`, the oldest row first."""
        return [row[0] for row in self.rows(f"SELECT id FROM {table} WHERE state = 'waiting' ORDER BY id")]

    def read(self, file_id: int) -> None:
        """Read a file."""
        read_file(self.engine, self._process_id, file_id, self._parser)

    def process(self, document_id: int) -> None:
        """Process a document."""
        process_document(self.engine, self._process_id, document_id, self._parser)

    def die(self, queue: Queue, row_id: int) -> None:
        """Let a worker claim a row and be killed."""
        process_id = processes.register(self.engine, "worker")
        columns = ClaimedFile if queue is INTAKE else ClaimedDocument
        with self.engine.begin() as connection:
            ledger.claim(connection, queue, row_id, process_id, columns)
        processes.stop(self.engine, process_id)

    def sweep(self) -> None:
        """Do a sweep."""
        with self.engine.begin() as connection:
            sweeping.sweep(connection)
            outcome.settle_all(connection)

    def rest(self) -> None:
        """Do all steps until nothing is left to do. The last scan finds the missing files."""
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


class MachineByHand(FolderMachine):
    """The machine with more rules: between two changes, the processes do steps in any order, or are killed."""

    def __init__(self, room: ByHand, folder: Path, aside: Path, base: int) -> None:
        super().__init__(room, folder, aside, base)
        self.by_hand = room
        self.killed = 0

    @initialize(backwards=st.booleans())
    def choose_order(self, backwards: bool) -> None:
        """Choose the order in which a worker reads the waiting rows at a rest."""
        self.by_hand.backwards = backwards

    @precondition(lambda self: self.pace != 1)
    @rule()
    def scan(self) -> None:
        """Let the watcher scan."""
        self.by_hand.scan()

    @precondition(lambda self: self.pace != 1)
    @rule(seconds=st.sampled_from((0.05, 0.2, 4.0)))
    def wait(self, seconds: float) -> None:
        """Let time pass for the watcher."""
        self.by_hand.wait(seconds)

    @precondition(lambda self: self.pace != 1)
    @rule(number=NUMBER)
    def read(self, number: int) -> None:
        """Let a worker read a file."""
        if waiting := self.by_hand.waiting("files"):
            self.by_hand.read(waiting[number % len(waiting)])

    @precondition(lambda self: self.pace != 1)
    @rule(number=NUMBER)
    def process(self, number: int) -> None:
        """Let a worker process a document."""
        if waiting := self.by_hand.waiting("documents"):
            self.by_hand.process(waiting[number % len(waiting)])

    @precondition(lambda self: self.pace != 1 and self.killed < 2)
    @rule(number=NUMBER, queue=st.sampled_from((INTAKE, ARTICLES)))
    def kill_worker(self, number: int, queue: Queue) -> None:
        """Kill a worker in the middle of a task."""
        if waiting := self.by_hand.waiting(queue.table.name):
            self.by_hand.die(queue, waiting[number % len(waiting)])
            self.killed += 1

    @precondition(lambda self: self.pace != 1)
    @rule()
    def sweep(self) -> None:
        """Do a sweep."""
        self.by_hand.sweep()

    @precondition(lambda self: self.pace != 1)
    @rule()
    def kill_watcher(self) -> None:
        """Kill the watcher and start it again."""
        self.by_hand.restart_watcher()
