"""One dropped file becomes documents: claim, read, look up, split, store."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from worker.bounded.parser import BoundedParser
from worker.intake import content
from worker.intake.content import Changed, Content
from worker.intake.opening import Away, Passing
from worker.parse.article import Member
from worker.parse.storable import storable
from worker.reasons import FORGOTTEN_MESSAGE, Reason, Refused
from worker.settings import settings
from worker.store import files as file_rows
from worker.store import forgetting, inboxes, ledger, marks, members, outcome, ringing
from worker.store.db import decision_lock
from worker.store.db.conflicts import UNIQUE_VIOLATION, retry_on_conflict, state_of
from worker.store.db.engine import light_transaction, single_statements
from worker.store.files import ClaimedFile, FileClaim
from worker.store.marks import Mark
from worker.store.queues import ARTICLES, FEW, INTAKE

log = structlog.get_logger("onrecord.intake")


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The result of the intake of one file: the new state of the file, and the ids of the documents to ring for.

    `are_fresh`: these are the few documents of a file that was dropped just now; they come before all others.
    """

    state: str
    documents: list[int]
    are_fresh: bool = False


def read_file(engine: Engine, process_id: int, file_id: int, parser: BoundedParser) -> TakenIn | None:
    """Read one waiting file and store its documents. Return None if the file is no longer waiting.

    Raise `Lost` if the claim has passed to another process. Errors of the database are raised as they are.
    """
    with single_statements(engine) as connection:
        claim = ledger.claim(connection, INTAKE, file_id, process_id, ClaimedFile)
    if claim is None:
        return None
    inbox = claim.row.inbox
    try:
        config = settings()
        with content.read(
            inbox, claim.row.path, largest=config.max_container_bytes, least_free=config.min_free_bytes
        ) as copy:
            return take_in(engine, claim, inbox, copy, parser)
    except Refused as refused:
        with engine.begin() as connection:
            if refused.reason is Reason.VANISHED and inboxes.is_away(connection, claim.row.inbox_id):
                file_rows.wait_again(connection, claim)  # its folder is absent; the file may come back with the folder
                return TakenIn("waiting", [])
            file_rows.finish_refused(connection, claim, refused)
        log.info("file ended", file=claim.row.shown, step="intake", state=refused.reason.state, reason=refused.reason)
        return TakenIn(refused.reason.state, [])
    except (Changed, Passing) as passing:
        log.info("file waits", file=claim.row.shown, step="intake", why=str(passing) or "it is still written to")
        with light_transaction(engine) as connection:
            away = isinstance(passing, Away)
            if away:
                inboxes.away(connection, claim.row.inbox_id)
            file_rows.wait_again(connection, claim, rung=not away)
        return TakenIn("waiting", [])


def take_in(engine: Engine, claim: FileClaim, inbox: bytes, copy: Content, parser: BoundedParser) -> TakenIn:
    """Store the content, unless it is stored already."""
    seen = file_rows.Seen(copy.sha256, copy.stat)
    if claim.row.sha256 not in (None, seen.sha256):
        # The row and its documents belong to other bytes. The watcher publishes the new bytes as a new version.
        raise Refused(Reason.VANISHED, "Its content has changed; the new content has a row of its own.")
    # This needs no lock: a decision that comes later ends the claim, or leaves the mark that the fence asks for.
    with single_statements(engine) as connection:
        is_new = file_rows.is_new(connection, claim, seen)
    if not is_new:
        recognised = decision_lock.sharing(engine, lambda connection: recognise(connection, claim, inbox, seen))
        if recognised is not None:
            return recognised
    try:
        return split(engine, claim, seen, copy, parser)
    except Refused as refused:
        # These bytes are known to be bad now, and the row keeps their hash.
        retry_on_conflict(engine, lambda connection: hold(connection, claim, seen))
        raise refused
    except IntegrityError as error:
        if state_of(error) != UNIQUE_VIOLATION:
            raise
        raise Changed from error  # another worker has just stored the same content for the same path


def recognise(connection: Connection, claim: FileClaim, inbox: bytes, seen: file_rows.Seen) -> TakenIn | None:
    """In one transaction: give the file the row or the documents that its bytes already have; None if they are new.

    A file that a person had forgotten ends here, unread. If its bytes have a row that ended for another reason, that
    row waits once more, so that it ends as forgotten, too. (As `vanished`, for example, it would be published again by
    every scan.)
    """
    forgotten = is_forgotten(connection, claim, seen)
    known = file_rows.known(connection, claim, seen)
    renamed = next((row for row, path in known.moved if not exists(inbox, path)), None)
    older = known.here or renamed
    if older is not None:
        file_rows.adopt(connection, claim, older, seen)
        if older in (known.refused if forgotten else known.unread):
            file_rows.read_again(connection, older)
            return TakenIn("waiting", [])
        state = outcome.settle(connection, older, come_back=True)
        log.info("file known", file=claim.row.shown, step="intake", renamed=renamed is not None)
        return TakenIn(state or "split", [])
    if forgotten:
        hold(connection, claim, seen)
        file_rows.finish_refused(connection, claim, Refused(Reason.FORGOTTEN, FORGOTTEN_MESSAGE))
        log.info("file ended", file=claim.row.shown, step="intake", state="ignored", reason=Reason.FORGOTTEN)
        return TakenIn("ignored", [])
    if known.split is None:
        return None
    hold(connection, claim, seen)
    file_rows.share(connection, claim, known.split)
    state = outcome.settle(connection, claim.id)
    log.info("file repeats another", file=claim.row.shown, step="intake", state=state)
    return TakenIn(state or "split", [])


def is_forgotten(connection: Connection, claim: FileClaim, seen: file_rows.Seen) -> bool:
    """True if a person had a file with these bytes forgotten.

    If a person had this file forgotten before it was read, its bytes are marked now. That decision may be undone while
    the file is read, so it is asked for here, where no decision runs beside.
    """
    decision, is_marked = forgetting.forgotten_by(connection, claim.id, seen.sha256)
    if decision is not None:
        marks.add(connection, decision, {Mark("file", seen.sha256)})
        return True
    return is_marked


def hold(connection: Connection, claim: FileClaim, seen: file_rows.Seen) -> None:
    """Check the fence, then store the hash and stat of the claimed file."""
    ledger.fence(connection, claim)
    file_rows.begin(connection, claim, seen)


def split(engine: Engine, claim: FileClaim, seen: file_rows.Seen, copy: Content, parser: BoundedParser) -> TakenIn:
    """Store the members batch by batch. The transaction of the last batch ends the claim."""
    name = os.path.basename(claim.row.path).decode("utf-8", "backslashreplace")
    position = 0
    rung: list[int] = []
    notes: list[str] = []
    pending: list[Member] | None = None
    for batch in members.batches(parser.split(copy.copy, name)):
        if pending is not None:
            rung += store_batch(engine, claim, seen, position, pending, last=False)
            position += len(pending)
        pending = batch
        notes += [member.note for member in batch if member.note]
    if pending is None:
        raise Refused(Reason.NO_ARTICLE, "There is no article in this file; nothing was stored.")
    note = storable(" ".join(notes)) or None
    rung += store_batch(engine, claim, seen, position, pending, last=True, note=note)
    log.info("file split", file=claim.row.shown, step="intake", members=position + len(pending))
    return TakenIn("split", rung, is_fresh(claim, position, pending))


def is_fresh(claim: FileClaim, position: int, batch: Sequence[Member]) -> bool:
    """True if the batch is a whole small file that was dropped just now."""
    return claim.row.is_fresh and position == 0 and len(batch) <= FEW


def store_batch(
    engine: Engine,
    claim: FileClaim,
    seen: file_rows.Seen,
    position: int,
    batch: list[Member],
    *,
    last: bool,
    note: str | None = None,
) -> list[int]:
    """In one transaction: store the documents of the batch, and renew the lease or (with `last`) end the claim.

    `note` is a sentence about the whole file, stored with the last batch.

    Return the ids of the documents to ring for.
    """

    def store(connection: Connection) -> list[int]:
        if ledger.fence(connection, claim, marks.of_file(seen.sha256)):
            raise Refused(Reason.FORGOTTEN, FORGOTTEN_MESSAGE)
        if position == 0:
            file_rows.begin(connection, claim, seen)
        goes_first = last and is_fresh(claim, position, batch)
        most = settings().doorbells + ringing.BEYOND if goes_first else 0
        documents, rung = members.add_members(connection, claim, position, batch, most=most)
        if last:
            file_rows.finish_split(connection, claim, position + len(batch), note)
        else:
            file_rows.count_members(connection, claim, position + len(batch))
            ledger.renew(connection, claim)
        if documents and not rung and goes_first:
            rung = ringing.ring_newest(connection, ARTICLES.name, len(documents))
        elif documents and not rung:
            rung = ringing.ring(connection, ARTICLES.name)
        if last and not rung:  # all members are known or refused; if only the queue is full, this does nothing
            outcome.settle(connection, claim.id)
        return rung

    return decision_lock.sharing(engine, store)


def exists(inbox: bytes, path: bytes) -> bool:
    """True if something exists at `path` below `inbox`. A renamed file no longer exists at its old path."""
    return os.path.lexists(os.path.join(inbox, path))
