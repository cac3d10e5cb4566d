"""The steps of a watcher and its workers, called one by one in this process, and killed in the middle.

The functions and the database are real; only the clock is set by the test.
"""

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.faults.model.hands import Hands
from tests.faults.model.record import Hint
from tests.faults.model.steps import Steps, Work
from worker.bounded.parser import BoundedParser
from worker.extract.version import GENERATIONS, Mode
from worker.intake.reading import read_file
from worker.pipeline import extractor
from worker.pipeline.document import process_document
from worker.pipeline.reprocess import reprocess_item
from worker.settings import settings
from worker.store import disposals, inboxes, ledger, outcome, processes, reprocessing, sightings, sweeping
from worker.store.articles import ClaimedDocument
from worker.store.files import ClaimedFile
from worker.store.queues import ARTICLES, BACKFILL, INTAKE, Queue
from worker.store.reprocessing import ClaimedItem, Selection
from worker.tasks import housekeeping, ledger_tasks, process
from worker.watch.folder import Folder
from worker.watch.inbox import Inbox
from worker.watch.patterns import Patterns
from worker.watch.publisher import Publisher, Tally
from worker.watch.scan import Scan

SETTLE = 2.0
ROUNDS = 12  # after so many rounds of scan, publish, read and process, all must be at rest


class ByHand:
    """One folder, and all the steps that Onrecord does with it; the caller chooses their order."""

    def __init__(self, steps: Steps, parsers: list[BoundedParser], folder: Path, name: str) -> None:
        self.engine = engine = steps.engine
        self.steps = steps
        self.hands = Hands(engine, name)
        self.name = name
        self.prefix = ""
        self._began = self.rows("SELECT clock_timestamp()")[0][0]
        self._inbox = Inbox(name, folder)
        self._now = 0.0
        self.backwards = False  # true: `rest` works on the newest row first
        self.after("keep")
        self._workers = [
            process.Process(engine, engine, parser, processes.register(engine, "worker"), "worker")
            for parser in parsers
        ]
        with engine.begin() as connection:
            self._inbox_id = inboxes.register(connection, name, bytes(folder))
        self.restart_watcher()

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]

    def after(self, after: str) -> None:
        """Choose what becomes of files that are published from now on, once they are stored."""
        self._publisher = Publisher(self.engine, after=after, tally=Tally())

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

    # the workers

    def waiting(self, table: str) -> list[int]:
        """Return the ids of the waiting rows of a table of the ledger, the oldest row first."""
        return [row[0] for row in self.rows(f"SELECT id FROM {table} WHERE state = 'waiting' ORDER BY id")]

    def read(self, file_id: int, worker: int = 0) -> None:
        """Read a file."""
        read_file(self.engine, self._workers[worker].id, file_id, self._workers[worker].parser)

    def process(self, document_id: int, worker: int = 0) -> None:
        """Process a document."""
        process_document(self.engine, self._workers[worker].id, document_id, self._workers[worker].parser)

    def read_again(self, item_id: int, worker: int = 0) -> None:
        """Read a stored article again."""
        reprocess_item(self.engine, self._workers[worker].id, item_id, self._workers[worker].parser)

    def dispose(self, file_id: int, worker: int = 0) -> None:
        """Archive or delete a stored file."""
        process._current = self._workers[worker]
        ledger_tasks.dispose(file_id)

    def reconcile(self, worker: int = 0) -> None:
        """Look a second time at the articles that are new."""
        housekeeping.reconcile_all(self.engine)

    def sweep(self, worker: int = 0) -> None:
        """Do a sweep."""
        with self.engine.begin() as connection:
            sweeping.sweep(connection)
            reprocessing.close(connection)
        outcome.settle_all(self.engine)

    def begin_job(self, *, full: bool, reparse: bool, outdated: bool) -> None:
        """Install a new release of the extractor, and ask it to read the example's articles again."""
        mode = Mode.FULL if full else Mode.QUOTED
        os.environ["ONRECORD_EXTRACTOR"] = mode.value
        settings.cache_clear()
        GENERATIONS[mode] = max(GENERATIONS.values()) + 1
        version, version_id = extractor.version(), extractor.version_id(self.engine)
        selection = Selection(outdated=outdated, since=self._began.isoformat())
        with self.engine.begin() as connection:
            reprocessing.start(connection, selection, version_id, version.generation, reparse=reparse, scheduled=False)

    def retry(self, worker: int = 0) -> None:
        """Let all refused files of the example wait again."""
        refused = self.rows(
            "SELECT id FROM files WHERE inbox_id = :inbox AND current AND reason IS DISTINCT FROM 'pattern'"
            " AND (state IN ('quarantined', 'ignored') OR members_quarantined > 0) ORDER BY id",
            inbox=self._inbox_id,
        )
        self.hands.retry([row[0] for row in refused])

    def work(self, kind: str, number: int, worker: int) -> Work | None:
        """Return a piece of work for one of the two workers; None if there is nothing to do."""
        match kind:
            case "read" | "process" | "read_again":
                queue = {"read": INTAKE, "process": ARTICLES, "read_again": BACKFILL}[kind]
                rows = self.waiting(queue.table_name)
            case "dispose":
                rows = disposals.due(self.engine, 100)
            case _:
                return partial(getattr(self, kind), worker)
        return partial(getattr(self, kind), rows[number % len(rows)], worker) if rows else None

    def bury(self, worker: int) -> None:
        """Let a worker that was killed be found dead, and start another."""
        dead = self._workers[worker]
        processes.stop(self.engine, dead.id)
        self._workers[worker] = process.Process(
            self.engine, self.engine, dead.parser, processes.register(self.engine, "worker"), "worker"
        )

    def die(self, queue: Queue, row_id: int) -> None:
        """Let a worker claim a row and be killed."""
        process_id = processes.register(self.engine, "worker")
        columns = {INTAKE: ClaimedFile, ARTICLES: ClaimedDocument, BACKFILL: ClaimedItem}[queue]
        with self.engine.begin() as connection:
            ledger.claim(connection, queue, row_id, process_id, columns)
        processes.stop(self.engine, process_id)

    def rest(self) -> None:
        """Do all steps until nothing is left to do. The last scan finds the missing files."""
        order = -1 if self.backwards else 1
        for row in disposals.due(self.engine, 100):
            self.dispose(row)
        works = ("read", "process", "read_again", "dispose")
        for _ in range(ROUNDS):
            self.sweep()
            self.scan()
            self.wait()
            done = [self._all(kind, order) for kind in works]
            self.reconcile()
            if not any(done) and not len(self._folder.tracker):
                return
        raise AssertionError(f"after {ROUNDS} rounds something is still to be done")

    def _all(self, kind: str, order: int) -> int:
        """Do all work of a kind; return how much there was."""
        if kind == "dispose":
            tried = {row[0] for row in self.rows("SELECT id FROM files WHERE after_reason IS NOT NULL")}
            rows = [row for row in disposals.due(self.engine, 100) if row not in tried]
        else:
            rows = self.waiting({"read": "files", "process": "documents", "read_again": "reprocess_items"}[kind])
        for row in rows[::order]:
            getattr(self, kind)(row)
        return len(rows)
