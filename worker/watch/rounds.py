"""The scans of all watched folders: when a scan begins, its steps, and the rows that are written when it ends."""

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
        try:
            if not scan.step(now):
                return
        except OSError:
            whole = False  # the folder went away
        else:
            whole = folder.identity is not None and folder.current_identity() == folder.identity
        del self._running[folder]
        folder.scan_ends(time.monotonic(), scan.cost, whole=whole)
        if whole:
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

    def _end(self, folder: Folder, inbox_id: int, scan: Scan) -> None:
        for path in scan.unreadable.keys() - folder.unreadable:
            log.warning(
                "a folder may not be read; give Onrecord the right to",
                step="scan",
                inbox=folder.inbox.name,
                file=sightings.shown(path),
                error=scan.unreadable[path],
            )
        folder.unreadable = set(scan.unreadable)
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
