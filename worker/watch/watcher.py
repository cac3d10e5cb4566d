"""The watcher: one thread that owns everything, from a hint to a doorbell.

Each turn takes the hints that came, looks at what may have come to rest, publishes a batch, and takes a step of a scan.
When nothing is to be done it sleeps until the next thing is due. Database, broker and folders may go and come back.
"""

import os
import time
from collections.abc import Sequence

import structlog
from sqlalchemy.exc import IntegrityError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from worker.settings import Settings
from worker.store import inboxes, processes, sightings
from worker.store.db import schema
from worker.store.db.engine import light_transaction, make_engine
from worker.watch.folder import Folder
from worker.watch.hold import Holds
from worker.watch.inbox import Inbox
from worker.watch.observe import Hint, Hints, Observation
from worker.watch.patterns import Patterns
from worker.watch.publisher import Publisher, Tally, Told
from worker.watch.rounds import Rounds

log = structlog.get_logger("onrecord.watch")

# The database is away, or somebody else was faster; anything else is a mistake of ours and ends the watcher.
TROUBLE = (OperationalError, InterfaceError, InternalError, IntegrityError, NoConnection)
BEAT = 2.0  # seconds between two signs of life
RETRY = 1.0  # seconds between two tries of a database that is away, or of a folder that another watcher holds
GRACE = 2.0  # a watcher that has just been killed may still hold its folder for a moment
RESTLESS = 60.0  # seconds that `once` waits, with nothing else to publish, for files that go on changing


class AlreadyWatched(Exception):
    """Another watcher holds the folder; the message says what to do."""


class Watcher:
    """Watches some folders until it is stopped; with `once`, until all that is there has been published."""

    def __init__(
        self, settings: Settings, inboxes: Sequence[Inbox], *, once: bool = False, told: Told | None = None
    ) -> None:
        self.tally = Tally()
        self._settings = settings
        self._once = once
        self._told = told
        archive = os.fsencode(settings.archive.resolve()) if settings.archive else None
        names = Patterns(settings.ignore_patterns)
        self._folders = [Folder(inbox, names, settle=settings.settle, archive=archive) for inbox in inboxes]
        self._hints = Hints()
        self._engine = make_engine(settings.database_url, application="onrecord watch")
        self._lock_engine = make_engine(settings.database_url, application="onrecord watch lock")
        self._holds = Holds(self._lock_engine)
        self._publisher = Publisher(self._engine, after=settings.after, tally=self.tally, told=told)
        self._rounds = Rounds(self._engine, settings, self.tally)
        self._ids: dict[Folder, int] = {}  # the folders that are held, and the numbers of their inboxes
        self._part: int | None = None
        self._stopping = False
        self._began = time.monotonic()
        self._retry_at = self._attach_at = self._beat_at = self._look_at = self._began
        self._scans_told = 0
        self._database_away = False
        self._refused: dict[Folder, float] = {}  # since when another watcher has been in the way
        self._observation = Observation(self._hints, polling=settings.polling)

    def stop(self) -> None:
        """End soon; may be called from another thread or a signal handler."""
        self._stopping = True
        self._hints.wake()

    def run(self) -> Tally:
        """Watch. Raises `AlreadyWatched`, and SQLAlchemy's errors that no waiting mends (a schema that is too old)."""
        try:
            self._look_at_folders(time.monotonic())
            while not self._stopping and not (self._once and self._finished()):
                self._turn()
        finally:
            self._close()
        return self.tally

    def _turn(self) -> None:
        for hint in self._hints.take(self._pause(time.monotonic())):
            self._take(hint)
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at_folders(now)
        for folder in self._folders:
            folder.collect(now)
        if now < self._retry_at:
            return
        try:
            self._attach(now)
            if self._holds.alive():
                for folder, inbox_id in self._ids.items():
                    if folder.ready:
                        self._publisher.publish(folder, inbox_id)
                    self._rounds.step(folder, inbox_id, polling=self._polling)
                self._beat(now)
            else:
                self._detach(now)
        except TROUBLE as error:
            self._detach(now, error)

    def _pause(self, now: float) -> float:
        """Seconds until something is due."""
        times = [self._look_at, *(due for folder in self._folders if (due := folder.tracker.next_due()) is not None)]
        if len(self._ids) < len(self._folders):
            times.append(max(self._retry_at, self._attach_at))
        if self._ids:
            if self._rounds or any(folder.ready for folder in self._ids):
                return 0.0
            times += [
                self._beat_at,
                *(self._rounds.due(folder, polling=self._polling) for folder in self._ids if folder.identity),
            ]
        return max(0.0, min(times) - now)

    @property
    def _polling(self) -> bool:
        """Whether scans stand in for events: asked for, or because there are no events to be had."""
        return self._observation.polling

    def _take(self, hint: Hint) -> None:
        """Hand a hint to the folder it is about."""
        if hint.path is None:
            self.tally.overflows = self._hints.overflows
            news = [folder.want_scan() for folder in self._folders]
            if any(news):
                log.warning("events were lost; a scan makes up for them", step="watch")
            return
        for folder in self._folders:
            path = folder.relative(hint.path)
            if path:
                folder.note(path, hint.sign, time.monotonic())
            elif path == b"" and hint.sign is None:  # the folder itself was deleted; it may be there again already
                folder.identity = None
                self._look_at = time.monotonic()

    # the folders

    def _look_at_folders(self, now: float) -> None:
        """Notice folders that went away, came back, or were made again."""
        self._look_at = now + 1.0
        for folder in self._folders:
            present = folder.present()
            if present == folder.identity and present is not None:
                continue
            self._beat_at = now  # tell the ledger
            folder.returned = present is not None
            if present is not None:
                folder.identity = present
                self._rounds.break_off(folder)
                self._observation.watch(folder.root)  # before the scan, so that nothing falls between the two
                folder.want_scan()
                self._say("watching", folder)
            elif not folder.gone:
                self._observation.unwatch(folder.root)
                self._rounds.break_off(folder)
                self._say("vanished", folder)
            folder.identity, folder.gone = present, present is None

    def _say(self, step: str, folder: Folder) -> None:
        tell = log.warning if step == "vanished" else log.info
        said = "the folder is away; its files wait until it is back" if step == "vanished" else step
        tell(said, step="watch", inbox=folder.inbox.name, folder=str(folder.inbox.path))
        if self._told:
            self._told(step, folder.inbox.name, str(folder.inbox.path))

    # the database

    def _attach(self, now: float) -> None:
        """Hold every folder that is not held yet."""
        if now < self._attach_at:
            return
        for folder in self._folders:
            if folder in self._ids:
                continue
            name = folder.inbox.name
            with self._engine.begin() as connection:
                inbox_id = sightings.register(connection, name, folder.root)
            if not self._holds.take(inbox_id):
                self._refuse(folder, now)
                continue
            with self._engine.begin() as connection:
                sightings.relocate(connection, inbox_id, folder.root)
            self._ids[folder] = inbox_id
            self._refused.pop(folder, None)
        if self._part is None and len(self._ids) == len(self._folders):
            self._part = processes.register(self._engine, "watch")
        if self._database_away:
            self._database_away = False
            log.info("the database is back", step="watch")

    def _refuse(self, folder: Folder, now: float) -> None:
        """Another watcher holds the folder: at the start that is the end, later it may only be slow to let go."""
        self._attach_at = now + RETRY
        message = (
            f"Another watcher holds the folder {folder.inbox.name!r}. Stop that one first; or, if this is another"
            f" folder of the same name, call it something else: NAME={folder.inbox.path}."
        )
        since = self._refused.get(folder)
        if since is None:
            self._refused[folder] = now
        elif self._part is None and now - since >= GRACE:
            raise AlreadyWatched(message)
        if since is None and self._part is not None:
            log.warning(message, step="watch")

    def _detach(self, now: float, error: Exception | None = None) -> None:
        """The database is away: publish nothing until every folder is held again."""
        for folder in self._folders:
            self._rounds.break_off(folder)
        self._ids.clear()
        self._holds.drop()
        self._retry_at = time.monotonic() + RETRY
        if not self._database_away:
            self._database_away = True
            log.warning("the database is away; files wait in the folder", step="watch", error=str(error or "lock lost"))

    def _beat(self, now: float) -> None:
        """Say that we live, every two seconds; ring for what is still owed."""
        if now < self._beat_at or self._part is None:
            return
        self._beat_at = now + BEAT
        if schema.changed(self._engine):
            schema.demand(self._engine)
        self._tell_presence()
        self._publisher.ring()
        processes.pulse(
            self._engine,
            self._part,
            finished=self.tally.scans > self._scans_told,
            folders_away=[folder.inbox.name for folder in self._folders if not folder.identity],
            events_lost=self.tally.overflows,
            detail=self._detail(),
        )
        self._scans_told = self.tally.scans

    def _tell_presence(self) -> None:
        """Let files of folders that are away wait, and those of a folder that has come back be rung for."""
        away_or_returned = [folder for folder in self._ids if folder.identity is None or folder.returned]
        if not away_or_returned:
            return
        with light_transaction(self._engine) as connection:
            for folder in away_or_returned:
                tell = inboxes.away if folder.identity is None else inboxes.back
                tell(connection, self._ids[folder])
        for folder in away_or_returned:
            folder.returned = False

    def _detail(self) -> str:
        """What `status` shows of this watcher."""
        told = [folder.inbox.name + ("" if folder.identity else " (away)") for folder in self._folders]
        lost = f"; events were lost {self.tally.overflows} ×, scans made up for them" if self.tally.overflows else ""
        return ", ".join(told) + (" (polling)" if self._polling else "") + lost

    # the end

    def _finished(self) -> bool:
        """For `once`: whether everything that was there has been published."""
        if not self._ids or self._rounds or any(f.ready or not (f.scanned or f.gone) for f in self._folders):
            return False
        restless = sum(len(folder.tracker) for folder in self._folders)
        if restless and time.monotonic() - self._publisher.last > RESTLESS:
            log.warning("some files go on changing; they are left for the next time", step="watch", files=restless)
            return True
        return not restless

    def _close(self) -> None:
        self._observation.stop()
        try:
            if self._part is not None:
                processes.stop(self._engine, self._part)
        except TROUBLE as error:
            log.debug("the database is away", step="watch", error=type(error).__name__)
        self._holds.drop()
        self._engine.dispose()
        self._lock_engine.dispose()
