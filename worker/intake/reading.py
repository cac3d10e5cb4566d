"""One dropped file becomes documents: claim, read, look up, split, store (design page, §1 and §6)."""

import os
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import IntegrityError

from worker.bounded.parser import BoundedParser
from worker.intake import content
from worker.intake.content import Changed, Content
from worker.intake.opening import Away, Passing
from worker.parse.article import Member
from worker.reasons import Reason, Refused
from worker.settings import settings
from worker.store import files as file_rows
from worker.store import inboxes, ledger, outcome
from worker.store.db.conflicts import UNIQUE_VIOLATION, again_on_conflict, state_of
from worker.store.db.engine import light_transaction
from worker.store.ledger import INTAKE, Claim
from worker.store.tables.models import File, Inbox

log = structlog.get_logger("onrecord.intake")


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one file: its state when intake was done with it, and the documents to ring for."""

    state: str
    documents: list[int]


def read_file(engine: Engine, process_id: int, file_id: int, parser: BoundedParser) -> Read | None:
    """Read one waiting file; None when it does not wait any more.

    Raises `Lost` when the claim has passed to another worker, and the database's own errors.
    """
    with light_transaction(engine) as connection:
        claim = ledger.claim(
            connection, INTAKE, file_id, process_id, File.inbox_id, File.path, File.shown, File.after, File.sha256
        )
        if claim is None:
            return None
        inbox = connection.execute(select(Inbox.path).where(Inbox.id == claim.row.inbox_id)).scalar_one()
    try:
        bounds = settings()
        with content.read(
            inbox, claim.row.path, largest=bounds.max_container_bytes, least_free=bounds.min_free_bytes
        ) as copy:
            return take_in(engine, claim, inbox, copy, parser)
    except Refused as refused:
        with engine.begin() as connection:
            if refused.reason is Reason.VANISHED and inboxes.is_away(connection, claim.row.inbox_id):
                file_rows.wait_again(connection, claim)  # it left with its folder, and may come back with it
                return Read("waiting", [])
            file_rows.finish_refused(connection, claim, refused)
        log.info("file ended", file=claim.row.shown, step="intake", state=refused.reason.state, reason=refused.reason)
        return Read(refused.reason.state, [])
    except (Changed, Passing) as passing:
        log.info("file waits", file=claim.row.shown, step="intake", why=str(passing) or "it is still written to")
        with light_transaction(engine) as connection:
            away = isinstance(passing, Away)
            if away:
                inboxes.away(connection, claim.row.inbox_id)
            file_rows.wait_again(connection, claim, rung=not away)
        return Read("waiting", [])


def take_in(engine: Engine, claim: Claim, inbox: bytes, copy: Content, parser: BoundedParser) -> Read:
    """Store what was read, or find that it is known already."""
    seen = file_rows.Seen(copy.sha256, copy.stat)
    if claim.row.sha256 not in (None, seen.sha256):
        # The row and its documents belong to other bytes; the watcher publishes these as a new version.
        raise Refused(Reason.VANISHED, "Its content has changed; the new content has a row of its own.")
    recognised = again_on_conflict(engine, lambda connection: recognise(connection, claim, inbox, seen))
    if recognised is not None:
        return recognised
    try:
        return split(engine, claim, seen, copy, parser)
    except Refused as refused:
        # What is wrong is known of these bytes, so the row keeps their hash.
        again_on_conflict(engine, lambda connection: hold(connection, claim, seen))
        raise refused
    except IntegrityError as error:
        if state_of(error) != UNIQUE_VIOLATION:
            raise
        raise Changed from error  # another worker has just written the same content of the same path


def recognise(connection: Connection, claim: Claim, inbox: bytes, seen: file_rows.Seen) -> Read | None:
    """One transaction: give the file what is known of its bytes already; None when they are new."""
    known = file_rows.known(connection, claim, seen)
    renamed = next((row for row, path in known.moved if not exists(inbox, path)), None)
    older = known.here or renamed
    if older is not None:
        file_rows.adopt(connection, claim, older, seen)
        if older in known.unread:
            file_rows.read_again(connection, older)
            return Read("waiting", [])
        state = outcome.settle(connection, older, come_back=True)
        log.info("file known", file=claim.row.shown, step="intake", renamed=renamed is not None)
        return Read(state or "split", [])
    if known.split is None:
        return None
    hold(connection, claim, seen)
    file_rows.share(connection, claim, known.split)
    state = outcome.settle(connection, claim.id)
    log.info("file repeats another", file=claim.row.shown, step="intake", state=state)
    return Read(state or "split", [])


def hold(connection: Connection, claim: Claim, seen: file_rows.Seen) -> None:
    """Behind the fence: write down what the claimed file holds."""
    ledger.fence(connection, claim)
    file_rows.begin(connection, claim, seen)


def split(engine: Engine, claim: Claim, seen: file_rows.Seen, copy: Content, parser: BoundedParser) -> Read:
    """Store the members batch by batch; the last batch's transaction ends the claim."""
    name = os.path.basename(claim.row.path).decode("utf-8", "backslashreplace")
    position = 0
    rung: list[int] = []
    pending: list[Member] | None = None
    for batch in file_rows.batches(parser.split(copy.copy, name)):
        if pending is not None:
            rung += store_batch(engine, claim, seen, position, pending, last=False)
            position += len(pending)
        pending = batch
    if pending is None:
        raise Refused(Reason.NO_ARTICLE, "There is no article in this file; nothing was stored.")
    rung += store_batch(engine, claim, seen, position, pending, last=True)
    log.info("file split", file=claim.row.shown, step="intake", members=position + len(pending))
    return Read("split", rung)


def store_batch(
    engine: Engine, claim: Claim, seen: file_rows.Seen, position: int, members: list[Member], *, last: bool
) -> list[int]:
    """One transaction: the batch's documents, and either a renewed lease or the end of the claim; ids rung for."""

    def store(connection: Connection) -> list[int]:
        ledger.fence(connection, claim)
        if position == 0:
            file_rows.begin(connection, claim, seen)
        documents = file_rows.add_members(connection, claim, position, members)
        if last:
            file_rows.finish_split(connection, claim, position + len(members))
        else:
            ledger.renew(connection, claim)
        rung = ledger.ring(connection, ledger.ARTICLES.name) if documents else []
        if last and not rung:  # all of it is known already or refused (or the queue is full, and this finds nothing)
            outcome.settle(connection, claim.id)
        return rung

    return again_on_conflict(engine, store)


def exists(inbox: bytes, path: bytes) -> bool:
    """Whether something stands at `path` below `inbox`; a renamed file has left its old path."""
    return os.path.lexists(os.path.join(inbox, path))
