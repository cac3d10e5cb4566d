"""Publishing: write sightings as rows of `files`, then ring for the committed rows."""

import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

import structlog
from sqlalchemy import Engine

from worker.store import ringing, sightings
from worker.store.db.engine import light_transaction, single_statements
from worker.store.queues import FEW, INTAKE
from worker.store.sightings import Sighting
from worker.tasks import doorbell
from worker.watch.folder import Folder
from worker.watch.rest import Sign

log = structlog.get_logger("onrecord.watch")

BATCH = 500
"""At most so many sightings in one transaction."""
RING_AGAIN = (2.0, 30.0)
"""Wait so many seconds after the broker refused a doorbell: the first wait, and the longest; each wait is doubled."""

OnEvent = Callable[[str, str, str], None]
"""A function of a step (`published`, `ignored`, `watching`, `vanished`), the inbox's name, and a file or folder."""


@dataclass(slots=True)
class Tally:
    """Counts of what a watcher has done so far."""

    published: int = 0
    ignored: int = 0
    scans: int = 0
    overflows: int = 0
    unreadable: list[str] = field(default_factory=list)
    """The folders that the last scans could not list, each with the error."""


def alone(ready: dict[bytes, Sighting]) -> list[bytes]:
    """Return the paths of files that became ready with few others of their folder, if they are few in all (`FEW`).

    They are published first and rung for at once, so that they do not wait behind the files of a large folder.
    """
    newest = list(islice(reversed(ready), BATCH))
    counts = Counter(map(os.path.dirname, newest))
    few = [path for path in reversed(newest) if counts[os.path.dirname(path)] <= FEW]
    return few if len(few) <= FEW else []


class Publisher:
    """Write the sightings that are ready. Raises SQLAlchemy's errors; after an error, all sightings are still ready."""

    def __init__(self, engine: Engine, *, after: str, tally: Tally, on_event: OnEvent | None = None) -> None:
        self._engine = engine
        self._after = after
        self._tally = tally
        self._on_event = on_event
        self.last = time.monotonic()  # when a file was published last
        self._ring_at = 0.0  # do not ring before this time: the broker is away, and each try takes seconds
        self._ring_wait = RING_AGAIN[0]

    def publish(self, folder: Folder, inbox_id: int) -> None:
        """Publish one batch of a folder's ready sightings, then ring."""
        few = alone(folder.ready)
        batch = [folder.ready[path] for path in dict.fromkeys((*few, *islice(folder.ready, BATCH)))]
        readable = [sighting for sighting in batch if sighting.reason is None]
        refused = [sighting for sighting in batch if sighting.reason is not None]
        published, ignored = sightings.NOTHING, frozenset[bytes]()
        rung, fresh = list[int](), list[int]()
        with light_transaction(self._engine) as connection:
            if readable:
                published = sightings.publish(connection, inbox_id, readable, self._after)
            if refused:
                ignored = sightings.ignored(connection, inbox_id, refused)
            if published.added and time.monotonic() >= self._ring_at:
                if few:
                    fresh = ringing.ring_files(connection, inbox_id, few)
                if not published.added <= set(few):
                    rung = ringing.ring(connection, INTAKE.name)
        for sighting in batch:
            del folder.ready[sighting.path]
            if sighting.path in published.busy:
                folder.tracker.note(sighting.path, Sign.CHANGED, sighting.stat, time.monotonic())
        self._ring(fresh, are_fresh=True)
        self._ring(rung)
        if published.added or ignored:
            self.last = time.monotonic()
        self._tally.published += len(published.added)
        self._tally.ignored += len(ignored)
        self._report("published", folder, published.added)
        self._report("ignored", folder, ignored)

    def ring(self) -> None:
        """Ring for rows that got no doorbell when they were published: the queue was full, or the broker was away."""
        if time.monotonic() < self._ring_at:
            return
        with single_statements(self._engine) as connection:
            if not ringing.any_unrung(connection, INTAKE.name):
                return
        with light_transaction(self._engine) as connection:
            rung = ringing.ring(connection, INTAKE.name)
        self._ring(rung)

    def _ring(self, rung: list[int], *, are_fresh: bool = False) -> None:
        """Send the doorbells of a committed transaction. While the broker is away, wait longer before each next try."""
        if not rung:
            return
        if doorbell.send(self._engine, INTAKE.name, rung, are_fresh=are_fresh):
            self._ring_wait = RING_AGAIN[0]
        else:
            self._ring_at = time.monotonic() + self._ring_wait
            self._ring_wait = min(2 * self._ring_wait, RING_AGAIN[1])

    def _report(self, step: str, folder: Folder, paths: frozenset[bytes]) -> None:
        for path in sorted(paths):
            file = sightings.shown(path)
            log.info(step, step="watch", inbox=folder.inbox.name, file=file)
            if self._on_event:
                self._on_event(step, folder.inbox.name, file)
