"""The watcher: one thread does all the work, from a hint of the operating system to a doorbell.

The thread runs in a loop. In each turn of the loop it reads the hints, looks at the files that may have come to rest,
publishes a batch, and does one step of a scan. If nothing is due, it sleeps until something is. The database, the
broker and the folders may be away for a while and come back.
"""

import os
import time
from collections.abc import Sequence
from contextlib import suppress

import structlog
from sqlalchemy.exc import IntegrityError, InterfaceError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnection

from worker.settings import Settings
from worker.store import inboxes, processes
from worker.store.db import schema
from worker.store.db.engine import light_transaction, make_engine
from worker.watch.folder import Folder
from worker.watch.hold import Holds
from worker.watch.inbox import Inbox
from worker.watch.observe import Hint, Hints, Observation
from worker.watch.patterns import Patterns
from worker.watch.publisher import OnEvent, Publisher, Tally
from worker.watch.rounds import Rounds

log = structlog.get_logger("onrecord.watch")

TROUBLE = (OperationalError, InterfaceError, InternalError, IntegrityError, NoConnection)
"""Try again after these errors: the database is away, or another process was faster. All other errors end the watcher.
"""
RETRY = 1.0
"""Wait so many seconds before the next try, if the database is away or if another watcher holds a folder."""
GRACE = 2.0
"""Wait so many seconds for a folder at the start: a watcher that was just killed may still hold it."""
NOT_ALL_LISTED = 4
"""The exit code of `watch --once` if a folder may not be listed."""
RESTLESS = 60.0
"""With `once`, stop waiting for files that still change if no file was published for this many seconds."""


class AlreadyWatched(Exception):
    """Another watcher holds the folder; the message says what to do."""


class Watcher:
    """Watch some folders until stopped; with `once`, until all their files have been published."""

    def __init__(
        self, settings: Settings, inboxes: Sequence[Inbox], *, once: bool = False, on_event: OnEvent | None = None
    ) -> None:
        self.tally = Tally()
        self._once = once
        self._on_event = on_event
        archive = os.fsencode(settings.archive.resolve()) if settings.archive else None
        names = Patterns(settings.ignore_patterns)
        self._folders = [Folder(inbox, names, settle=settings.settle, archive=archive) for inbox in inboxes]
        self._hints = Hints()
        self._engine = make_engine(settings.database_url, application="onrecord watch", repeats=True)
        self._lock_engine = make_engine(settings.database_url, application="onrecord watch lock")
        self._holds = Holds(self._lock_engine)
        self._publisher = Publisher(self._engine, after=settings.after, tally=self.tally, on_event=on_event)
        self._rounds = Rounds(self._engine, settings, self.tally)
        self._ids: dict[Folder, int] = {}  # the folders that we hold, each with the id of its inbox
        self._process_id: int | None = None  # set once all folders are held
        self._stopping = False
        self._retry_at = self._attach_at = self._heartbeat_at = self._look_at = time.monotonic()
        self._scans_reported = 0
        self._database_away = False
        self._refused: dict[Folder, float] = {}  # folders that another watcher holds: when we first noticed that
        self._observation = Observation(self._hints, polling=settings.polling)

    def stop(self) -> None:
        """Make `run` end soon. Another thread or a signal handler may call this."""
        self._stopping = True
        self._hints.wake()

    def run(self) -> Tally:
        """Watch, then return the counts.

        Raises `AlreadyWatched`, and the errors for which waiting does not help (a schema that is too old or too new).
        """
        try:
            self._look_at_folders(time.monotonic())
            while not self._stopping and not (self._once and self._finished()):
                self._turn()
            self._tell_at_the_end()
        finally:
            self._close()
        return self.tally

    def _tell_at_the_end(self) -> None:
        """With `once`, tell which folders could not be listed: the last heartbeat may be older than the scan."""
        self.tally.unreadable = [line for folder in self._folders for line in folder.unreadable_lines()]
        if self._once and self.tally.unreadable:
            self._heartbeat_at = 0.0
            with suppress(*TROUBLE):
                self._heartbeat(time.monotonic())

    def _turn(self) -> None:
        for hint in self._hints.take(self._pause(time.monotonic())):
            self._apply(hint)
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at_folders(now)
        for folder in self._folders:
            folder.collect(now)
        if now < self._retry_at or self._pause(now) > 0:  # nothing is due that needs the database
            return
        try:
            self._attach(now)
            if self._holds.alive():
                for folder, inbox_id in self._ids.items():
                    if folder.ready:
                        self._publisher.publish(folder, inbox_id)
                    self._rounds.step(folder, inbox_id, polling=self._polls(folder))
                self._heartbeat(now)
            else:
                self._detach(now)
        except TROUBLE as error:
            self._detach(now, error)
        except ProgrammingError:
            schema.demand(self._engine)  # raises if another release has just changed the schema
            raise

    def _pause(self, now: float) -> float:
        """Return the seconds until something is due."""
        times = [self._look_at, *(due for folder in self._folders if (due := folder.tracker.next_due()) is not None)]
        if len(self._ids) < len(self._folders):
            times.append(max(self._retry_at, self._attach_at))
        if self._ids:
            if self._rounds or any(folder.ready for folder in self._ids):
                return 0.0
            times += [
                self._heartbeat_at,
                *(self._rounds.due(folder, polling=self._polls(folder)) for folder in self._ids if folder.identity),
            ]
        return max(0.0, min(times) - now)

    def _polls(self, folder: Folder) -> bool:
        """True if scans of this folder replace events: the user asked for it, or the system does not give all."""
        return self._observation.polls(folder.root)

    def _apply(self, hint: Hint) -> None:
        """Pass a hint to the folder that it is about."""
        if hint.path is None:
            self.tally.overflows = self._hints.overflows
            are_new = [folder.want_scan() for folder in self._folders]  # a list, so that every folder is asked
            if any(are_new):
                log.warning("events were lost; a scan makes up for them", step="watch")
            return
        for folder in self._folders:
            path = folder.relative(hint.path)
            if path:
                folder.note(path, hint.sign, time.monotonic())
            elif path == b"" and hint.sign is None:  # the folder was deleted; it may already exist again
                folder.identity = None
                self._look_at = time.monotonic()

    # the folders

    def _look_at_folders(self, now: float) -> None:
        """Notice which folders went away, came back, or were deleted and made again."""
        self._look_at = now + 1.0
        for folder in self._folders:
            identity = folder.current_identity()
            if identity == folder.identity and identity is not None:
                continue
            self._heartbeat_at = now  # the heartbeat writes the change into the ledger
            folder.has_returned = identity is not None
            if identity is not None:
                folder.identity = identity
                self._rounds.break_off(folder)
                # Begin to observe before the scan, so that no file is missed in between.
                self._observation.watch(folder.root)
                folder.want_scan()
                self._announce("watching", folder)
            elif not folder.is_away:
                folder.unreadable = {}
                self._observation.unwatch(folder.root)
                self._rounds.break_off(folder)
                self._announce("vanished", folder)
            folder.identity, folder.is_away = identity, identity is None

    def _announce(self, step: str, folder: Folder) -> None:
        write = log.warning if step == "vanished" else log.info
        event = "the folder is away; its files wait until it is back" if step == "vanished" else step
        write(event, step="watch", inbox=folder.inbox.name, folder=str(folder.inbox.path))
        if self._on_event:
            self._on_event(step, folder.inbox.name, str(folder.inbox.path))

    # the database

    def _attach(self, now: float) -> None:
        """Try to hold every folder that we do not hold yet."""
        if now < self._attach_at:
            return
        for folder in self._folders:
            if folder in self._ids:
                continue
            name = folder.inbox.name
            with self._engine.begin() as connection:
                inbox_id = inboxes.register(connection, name, folder.root)
            if not self._holds.take(inbox_id):
                self._refuse(folder, now)
                continue
            with self._engine.begin() as connection:
                inboxes.relocate(connection, inbox_id, folder.root)
            self._ids[folder] = inbox_id
            self._refused.pop(folder, None)
        if self._process_id is None and len(self._ids) == len(self._folders):
            self._process_id = processes.register(self._engine, "watch")
        if self._database_away:
            self._database_away = False
            log.info("the database is back", step="watch")

    def _refuse(self, folder: Folder, now: float) -> None:
        """Wait for a folder that another watcher holds. At the start, raise `AlreadyWatched` after `GRACE` seconds."""
        self._attach_at = now + RETRY
        message = (
            f"Another watcher holds the folder {folder.inbox.name!r}. Stop that one first; or, if this is another"
            f" folder of the same name, call it something else: NAME={folder.inbox.path}."
        )
        since = self._refused.get(folder)
        if since is None:
            self._refused[folder] = now
        elif self._process_id is None and now - since >= GRACE:
            raise AlreadyWatched(message)
        if since is None and self._process_id is not None:
            log.warning(message, step="watch")

    def _detach(self, now: float, error: Exception | None = None) -> None:
        """Publish nothing until every folder is held again: the database is away, or our lock is lost."""
        for folder in self._folders:
            self._rounds.break_off(folder)
        self._ids.clear()
        self._holds.drop()
        self._retry_at = time.monotonic() + RETRY
        if not self._database_away:
            self._database_away = True
            log.warning("the database is away; files wait in the folder", step="watch", error=str(error or "lock lost"))

    def _heartbeat(self, now: float) -> None:
        """Write the heartbeat if two seconds have passed, and ring for rows that still have no doorbell."""
        if now < self._heartbeat_at or self._process_id is None:
            return
        self._heartbeat_at = now + processes.HEARTBEAT_SECONDS
        if schema.changed(self._engine):
            schema.demand(self._engine)
        self._record_presence()
        self._publisher.ring()
        processes.heartbeat(
            self._engine,
            self._process_id,
            finished=self.tally.scans > self._scans_reported,
            folders_away=[folder.inbox.name for folder in self._folders if not folder.identity],
            folders_unreadable=[line for folder in self._folders for line in folder.unreadable_lines()],
            events_lost=self.tally.overflows,
            detail=self._detail(),
        )
        self._scans_reported = self.tally.scans

    def _record_presence(self) -> None:
        """Record the folders that are away, so that their files wait, and the folders that are back, to ring again."""
        away_or_returned = [folder for folder in self._ids if folder.identity is None or folder.has_returned]
        if not away_or_returned:
            return
        with light_transaction(self._engine) as connection:
            for folder in away_or_returned:
                record = inboxes.away if folder.identity is None else inboxes.back
                record(connection, self._ids[folder])
        for folder in away_or_returned:
            folder.has_returned = False

    def _detail(self) -> str:
        """Return the text that `onrecord status` shows for this watcher."""
        names = [
            folder.inbox.name
            + ("" if folder.identity else " (away)")
            + (" (in part not listed)" if folder.unreadable else "")
            + (" (polling)" if self._polls(folder) else "")
            for folder in self._folders
        ]
        lost = f"; events were lost {self.tally.overflows} ×, scans made up for them" if self.tally.overflows else ""
        return ", ".join(names) + lost

    # the end

    def _finished(self) -> bool:
        """True if `once` may end: all files are published, or some still change after `RESTLESS` seconds."""
        if (
            not self._ids
            or self._rounds
            or any(folder.ready or not (folder.is_scanned or folder.is_away) for folder in self._folders)
        ):
            return False
        restless = sum(len(folder.tracker) for folder in self._folders)
        if restless and time.monotonic() - self._publisher.last > RESTLESS:
            log.warning("some files go on changing; they are left for the next time", step="watch", files=restless)
            return True
        return not restless

    def _close(self) -> None:
        self._observation.stop()
        try:
            if self._process_id is not None:
                processes.stop(self._engine, self._process_id)
        except (*TROUBLE, ProgrammingError) as error:  # another release may have changed the table
            log.debug("the database is away", step="watch", error=type(error).__name__)
        self._holds.drop()
        self._engine.dispose()
        self._lock_engine.dispose()
