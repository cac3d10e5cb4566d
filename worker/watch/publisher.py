"""From sightings to `files` rows, and from committed rows to doorbells."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import structlog
from sqlalchemy import Engine

from worker.store import ledger, sightings
from worker.store.db.engine import light_transaction
from worker.tasks import doorbell
from worker.watch.folder import Folder
from worker.watch.rest import Sign

log = structlog.get_logger("onrecord.watch")

BATCH = 500  # sightings in a transaction
RING_AGAIN = (2.0, 30.0)  # seconds until rows that were not rung are tried again: at first, at most

Told = Callable[[str, str, str], None]  # step, name of the inbox, file or what else it is about


@dataclass(slots=True)
class Tally:
    """What a watcher has done so far."""

    published: int = 0
    ignored: int = 0
    scans: int = 0
    overflows: int = 0


class Publisher:
    """Writes what is ready; SQLAlchemy's errors pass through it, and then everything is still ready."""

    def __init__(self, engine: Engine, *, after: str, tally: Tally, told: Told | None = None) -> None:
        self._engine = engine
        self._after = after
        self._tally = tally
        self._told = told
        self.last = time.monotonic()  # when something was published
        self._ring_at = 0.0  # not before: the broker is away, and asking it takes seconds
        self._ring_wait = RING_AGAIN[0]

    def publish(self, folder: Folder, inbox_id: int) -> None:
        """Publish one batch of what is ready in a folder, then ring."""
        batch = list(islice(folder.ready.values(), BATCH))
        reading = [sighting for sighting in batch if sighting.reason is None]
        refused = [sighting for sighting in batch if sighting.reason is not None]
        published, ignored, rung = sightings.NOTHING, frozenset[bytes](), list[int]()
        with light_transaction(self._engine) as connection:
            if reading:
                published = sightings.publish(connection, inbox_id, reading, self._after)
            if refused:
                ignored = sightings.ignored(connection, inbox_id, refused)
            if published.added and time.monotonic() >= self._ring_at:
                rung = ledger.ring(connection, ledger.INTAKE.name)
        for sighting in batch:
            del folder.ready[sighting.path]
            if sighting.path in published.busy:
                folder.tracker.note(sighting.path, Sign.CHANGED, sighting.stat, time.monotonic())
        self._ring(rung)
        if published.added or ignored:
            self.last = time.monotonic()
        self._tally.published += len(published.added)
        self._tally.ignored += len(ignored)
        self._tell("published", folder, published.added)
        self._tell("ignored", folder, ignored)

    def ring(self) -> None:
        """Ring for rows that could not be rung when they were published: there was no room, or no broker."""
        if time.monotonic() >= self._ring_at:
            with light_transaction(self._engine) as connection:
                rung = ledger.ring(connection, ledger.INTAKE.name)
            self._ring(rung)

    def _ring(self, rung: list[int]) -> None:
        """Send the doorbells of a committed transaction; while the broker is away, ask it less and less often."""
        if not rung:
            return
        if doorbell.send(self._engine, ledger.INTAKE.name, rung):
            self._ring_wait = RING_AGAIN[0]
        else:
            self._ring_at = time.monotonic() + self._ring_wait
            self._ring_wait = min(2 * self._ring_wait, RING_AGAIN[1])

    def _tell(self, step: str, folder: Folder, paths: frozenset[bytes]) -> None:
        for path in sorted(paths):
            file = sightings.shown(path)
            log.info(step, step="watch", inbox=folder.inbox.name, file=file)
            if self._told:
                self._told(step, folder.inbox.name, file)
