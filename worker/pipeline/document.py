"""One document becomes an article with quotes, in one transaction, or joins the article it repeats."""

from dataclasses import dataclass

import structlog
from sqlalchemy import Connection, Engine

from worker.bounded.parser import BoundedParser
from worker.decisions import forgetting
from worker.dedupe import stories
from worker.dedupe.canonical import canonical_hash
from worker.dedupe.sketch import sketch
from worker.parse.article import Article as Parsed
from worker.pipeline import naming, running
from worker.pipeline.reading import Reading, read_article
from worker.reasons import Reason, Refused
from worker.speakers import across
from worker.store import articles as article_rows
from worker.store import catalogue, decisions, ledger, outcome
from worker.store.db.conflicts import Conflict, again_on_conflict
from worker.store.db.engine import light_transaction
from worker.store.ledger import ARTICLES, Claim
from worker.store.outcome import Holders
from worker.store.quotes import swap
from worker.store.tables.models import Document

log = structlog.get_logger("onrecord.article")


@dataclass(frozen=True, slots=True)
class Ended:
    """A document's terminal state, and the files that ended with it and shall now leave their folder."""

    state: str
    leaving: list[int]


class Gone(Exception):
    """The article that a text repeats was forgotten in this moment; the text has to be read after all."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A parsed article with what is computed of it before the final transaction."""

    parsed: Parsed
    hash: bytes
    sketch: list[int]
    outlet: int | None
    version: int


def process_document(engine: Engine, process_id: int, document_id: int, parser: BoundedParser) -> Ended | None:
    """Process one waiting document; how it ended, None when it does not wait any more.

    Raises `Lost` when the claim has passed to another worker, and the database's own errors.
    """
    with light_transaction(engine) as connection:
        columns = (Document.raw, Document.media_type, Document.name, Document.sha256)
        claim = ledger.claim(connection, ARTICLES, document_id, process_id, *columns)
    if claim is None:
        return None
    try:
        state, holders = work(engine, claim, parser)
    except Refused as error:
        refused = error  # the name outlives this block
        log.info("article refused", file=claim.row.name, step="parse", reason=refused.reason.value)
        state = refused.reason.state
        holders = again_on_conflict(engine, lambda connection: refuse(connection, claim, refused))
    ended = {*holders.single, *settle_containers(engine, holders)}
    return Ended(state, [file_id for file_id in holders.leaving if file_id in ended])


def work(engine: Engine, claim: Claim, parser: BoundedParser) -> tuple[str, Holders]:
    """Parse, look up, extract, store; the document's state and the files that hold it."""
    if claim.row.raw is None:
        raise Refused(Reason.FORGOTTEN, forgetting.MESSAGE)
    parsed = parser.parse(claim.row.raw, claim.row.media_type)
    parts = Parts(
        parsed,
        canonical_hash(parsed.body, title=parsed.title, outlet=parsed.outlet, url=parsed.url),
        sketch(parsed.body),
        catalogue.outlet_id(engine, parsed.outlet),
        running.extractor_id(engine),
    )
    with engine.begin() as connection:
        repeated = article_rows.article_of(connection, parts.hash) is not None
    # Reading is what costs; a text that is stored already is not read again.
    reading = None if repeated else read_article(parsed)
    try:
        state, holders = again_on_conflict(engine, lambda connection: store(connection, claim, parts, reading))
    except Gone:
        reading = read_article(parsed)
        state, holders = again_on_conflict(engine, lambda connection: store(connection, claim, parts, reading))
    log.info("article " + state, file=claim.row.name, step="store", quotes=len(reading.quotations) if reading else 0)
    return state, holders


def store(connection: Connection, claim: Claim, parts: Parts, reading: Reading | None) -> tuple[str, Holders]:
    """The final transaction of a document: behind the fence, all or nothing."""
    ledger.fence(connection, claim)
    if decisions.is_forgotten(
        connection, document_sha256=claim.row.sha256, canonical_hash=parts.hash, outlet=parts.parsed.outlet
    ):
        raise Refused(Reason.FORGOTTEN, forgetting.MESSAGE)
    stored = add_read_article(connection, parts, reading) if reading else None
    article_id = stored or article_rows.article_of(connection, parts.hash)
    if article_id is None:
        raise Gone
    article_rows.add_source(connection, article_id, claim.id, parts.parsed, parts.outlet)
    state = "stored" if stored else "duplicate"
    article_rows.finish(connection, claim, state, article_id)
    return state, settle_single(connection, claim.id)


def add_read_article(connection: Connection, parts: Parts, reading: Reading) -> int | None:
    """Store a new article with its quotes; None when its text is stored already."""
    speakers = naming.join_speakers(connection, reading)
    if article_rows.article_of(connection, parts.hash) is not None:
        return None
    story = stories.place(connection, parts.sketch, parts.parsed.body)
    values = article_rows.columns(parts.parsed, parts.hash, parts.sketch) | {
        "story_id": story,
        "outlet_id": parts.outlet,
    }
    article_id = article_rows.add_article(connection, values)
    if article_id is None:
        raise Conflict("another worker has just stored the same text")
    found = naming.name(connection, reading, speakers, story)
    swap(connection, article_id, len(parts.parsed.text), parts.version, found, reading.milliseconds)
    across.settle(connection, set(), naming.pairs(found))
    return article_id


def refuse(connection: Connection, claim: Claim, refused: Refused) -> Holders:
    """The final transaction of a document that gives no article."""
    ledger.fence(connection, claim)
    article_rows.finish_refused(connection, claim, refused)
    return settle_single(connection, claim.id)


def settle_single(connection: Connection, document_id: int) -> Holders:
    """Files that hold this document alone end with it, in its transaction; all the files that hold it."""
    holders = outcome.files_of(connection, document_id)
    for file_id in holders.single:
        outcome.settle(connection, file_id, single=True)
    return holders


def settle_containers(engine: Engine, holders: Holders) -> list[int]:
    """Files with several documents end with the last of them: looked at after the commit, so that the last sees all.

    Gives those that have ended.
    """
    ended = []
    for file_id in holders.containers:
        with engine.begin() as connection:
            if outcome.settle(connection, file_id) is not None:
                ended.append(file_id)
    return ended
