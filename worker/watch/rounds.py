"""The scans of all watched folders: when a scan begins, its steps, and the rows that are written when it ends."""

import os
import time

import structlog
from sqlalchemy import Engine

from worker.settings import Settings
from worker.store import inboxes, sightings
from worker.store.db.engine import light_transaction
from worker.watch.folder import Folder
from worker.watch.publisher import Tally
from worker.watch.scan import Scan

log = structlog.get_logger("onrecord.watch")

POLL = 1.0
"""Wait so many seconds between two scans of a folder without events."""


class Rounds:
    """Run at most one scan for each folder. Raises SQLAlchemy's errors; the caller must then call `break_off`."""

    def __init__(self, engine: Engine, settings: Settings, tally: Tally) -> None:
        self._engine = engine
        self._settle = settings.settle
        self._seconds = settings.scan_seconds
        self._tally = tally
        self._running: dict[Folder, Scan] = {}

    def __len__(self) -> int:
        return len(self._running)

    def due(self, folder: Folder, *, polling: bool) -> float:
        """Return when the next scan of a folder begins (monotonic seconds)."""
        return folder.scan_due(min(POLL, self._seconds) if polling else self._seconds)

    def step(self, folder: Folder, inbox_id: int, *, polling: bool) -> None:
        """Begin, continue or end the scan of one folder, if it is due."""
        now = time.monotonic()
        scan = self._running.get(folder)
        if scan is None:
            if folder.identity is not None and now >= self.due(folder, polling=polling):
                self._running[folder] = self._begin(folder, inbox_id)
            return
        error: OSError | None = None
        try:
            if not scan.step(now):
                return
        except OSError as caught:
            error = caught
        is_there = folder.identity is not None and folder.current_identity() == folder.identity
        del self._running[folder]
        # A folder that is there and may not be listed is scanned again in its time; one that went away, at once.
        folder.scan_ends(time.monotonic(), scan.cost, whole=is_there)
        if is_there and error is not None:
            self._tally.scans += 1  # the watcher works; it is the folder that cannot be listed
            self._note_unreadable(folder, {b"": error.strerror or str(error)})
        elif is_there:
            self._note_unreadable(folder, scan.unreadable)
            self._end(folder, inbox_id, scan)

    def break_off(self, folder: Folder) -> None:
        """Abandon the running scan of a folder, and ask for another scan instead."""
        scan = self._running.pop(folder, None)
        if scan is not None:
            folder.scan_ends(time.monotonic(), scan.cost, whole=False)

    def _begin(self, folder: Folder, inbox_id: int) -> Scan:
        began = time.monotonic()
        with self._engine.begin() as connection:
            known = sightings.known(connection, inbox_id)
        folder.scan_begins()
        scan = Scan(folder, known, settle=self._settle, first=folder.never_scanned)
        scan.cost = time.monotonic() - began
        return scan

    def _note_unreadable(self, folder: Folder, unreadable: dict[bytes, str]) -> None:
        """Keep what a scan could not list, for the heartbeat, and say once what is new in it."""
        for path in unreadable.keys() - folder.unreadable.keys():
            log.warning(
                "a folder may not be listed, so its files wait; give the user that runs Onrecord the right to list it",
                step="scan",
                inbox=folder.inbox.name,
                folder=str(folder.inbox.path / os.fsdecode(path)),
                error=unreadable[path],
            )
        folder.unreadable = dict(unreadable)

    def _end(self, folder: Folder, inbox_id: int, scan: Scan) -> None:
        missing = scan.missing()
        with light_transaction(self._engine) as connection:
            if missing:
                sightings.missing(connection, inbox_id, missing)
            inboxes.scanned(connection, inbox_id)
        self._tally.scans += 1
        log.debug(
            "scanned",
            step="scan",
            inbox=folder.inbox.name,
            files=scan.seen,
            missing=len(missing),
            seconds=round(scan.cost, 3),
        )
