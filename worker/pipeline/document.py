"""One document becomes an article with quotes, in one transaction; or it is linked to the article that it repeats."""

from dataclasses import dataclass, replace

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from worker.bounded.parser import BoundedParser
from worker.dedupe import stories
from worker.dedupe.canonical import canonical_hash
from worker.dedupe.comparer import Comparer
from worker.dedupe.identity import Version, version_of
from worker.dedupe.sketch import sketch
from worker.parse.article import Article as Parsed
from worker.parse.origin import origin
from worker.pipeline import extractor, naming, versioning
from worker.pipeline.budget import Budget
from worker.pipeline.comparing import with_comparisons
from worker.pipeline.extractor import Reading, read_article
from worker.reasons import FORGOTTEN_MESSAGE, Reason, Refused
from worker.speakers import across
from worker.store import articles as article_rows
from worker.store import catalogue, forgetting, ledger, marks, outcome
from worker.store.articles import ClaimedDocument, DocumentClaim
from worker.store.db import decision_lock
from worker.store.db.conflicts import FOREIGN_KEY_VIOLATION, Conflict, state_of
from worker.store.db.engine import single_statements
from worker.store.marks import Marks
from worker.store.outcome import Holders
from worker.store.queues import ARTICLES
from worker.store.quotes import swap

log = structlog.get_logger("onrecord.article")


@dataclass(frozen=True, slots=True)
class Ended:
    """A document's terminal state, and the files that ended with it and are now to be archived or deleted."""

    state: str
    leaving: list[int]


class Gone(Exception):
    """The article with the same text has just been forgotten, so this document's text must be read after all."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A parsed article, with the values that are computed from it before the final transaction."""

    parsed: Parsed
    hash: bytes
    sketch: list[int]
    outlet: int | None
    origin: str
    of_item: Version | None
    version: int
    budget: Budget
    compare: Comparer


def process_document(engine: Engine, process_id: int, document_id: int, parser: BoundedParser) -> Ended | None:
    """Process one waiting document; return how it ended, or None if it does not wait any more.

    Raise `Lost` when the claim is no longer ours. Errors of the database are passed on.
    """
    with single_statements(engine) as connection:
        claim = ledger.claim(connection, ARTICLES, document_id, process_id, ClaimedDocument)
    if claim is None:
        return None
    try:
        state, holders = work(engine, claim, parser)
    except Refused as error:
        refused = error  # the name outlives this block
        log.info("article refused", file=claim.row.name, step="parse", reason=refused.reason.value)
        state = refused.reason.state
        holders = decision_lock.sharing(engine, lambda connection: refuse(connection, claim, refused))
    ended = {*holders.single, *settle_containers(engine, holders)}
    return Ended(state, [file_id for file_id in holders.leaving if file_id in ended])


def work(engine: Engine, claim: DocumentClaim, parser: BoundedParser) -> tuple[str, Holders]:
    """Parse the document, look its text up, extract, store; return the document's state and the files that hold it."""
    if claim.row.raw is None:
        raise Refused(Reason.FORGOTTEN, FORGOTTEN_MESSAGE)
    raw, media_type, path = claim.row.raw, claim.row.media_type, claim.row.name
    budget = Budget()
    parsed = budget.waiting(lambda: parser.parse(raw, media_type, path))
    with budget.kept():
        hashed = canonical_hash(parsed.body, title=parsed.title, outlet=parsed.outlet, url=parsed.url)
    with single_statements(engine) as connection:
        is_forgotten, repeated = article_rows.known(connection, hashed, marks_of(claim, parsed, hashed))
    if is_forgotten:
        raise Refused(Reason.FORGOTTEN, FORGOTTEN_MESSAGE)
    # Extraction costs most, so a text that is stored already is not read again.
    reading = None if repeated else read_article(parsed, budget)
    try:
        state, holders = prepare_and_store(engine, claim, parsed, hashed, reading, budget)
    except Gone:
        reading = read_article(parsed, budget)
        state, holders = prepare_and_store(engine, claim, parsed, hashed, reading, budget)
    log.info("article " + state, file=claim.row.name, step="store", quotes=len(reading.quotations) if reading else 0)
    return state, holders


def marks_of(claim: DocumentClaim, parsed: Parsed, hashed: bytes) -> Marks:
    """Return the marks that stand if a person had these bytes, this text or its outlet forgotten."""
    return marks.of_article(document_sha256=claim.row.sha256, canonical_hash=hashed, outlet=parsed.outlet)


def prepare_and_store(
    engine: Engine, claim: DocumentClaim, parsed: Parsed, hashed: bytes, reading: Reading | None, budget: Budget
) -> tuple[str, Holders]:
    """Compute what the final transaction needs, and do it; return the document's state and its files."""
    with budget.kept():
        sampled = sketch(parsed.body)
        if reading is not None:
            naming.parse_names(reading)
    outlet = catalogue.outlet_id(engine, parsed.outlet)
    came_as = origin(claim.row.raw or b"", claim.row.media_type)
    of_item = version_of(parsed, claim.row.sha256)
    compare = Comparer(len(reading.quotations) if reading else 0)
    version_id = extractor.version_id(engine)
    prepared = Prepared(parsed, hashed, sampled, outlet, came_as, of_item, version_id, budget, compare)
    try:
        return run_final(engine, claim, prepared, reading)
    except Refused:
        # It was forgotten meanwhile, and its outlet was perhaps stored only for it.
        decision_lock.holding(
            engine, lambda connection: forgetting.remove_outlets(connection, [outlet] if outlet else [])
        )
        raise
    except IntegrityError as error:
        if state_of(error) != FOREIGN_KEY_VIOLATION:
            raise
    # The outlet was deleted after its id was looked up, because everything of it had been forgotten. Add it again.
    catalogue.look_up_again(engine)
    prepared = replace(prepared, outlet=catalogue.outlet_id(engine, parsed.outlet))
    return run_final(engine, claim, prepared, reading)


def run_final(engine: Engine, claim: DocumentClaim, prepared: Prepared, reading: Reading | None) -> tuple[str, Holders]:
    """Run the final transaction of a document; hardly any texts are compared in it."""
    return with_comparisons(
        prepared.compare,
        prepared.budget,
        lambda: decision_lock.sharing(engine, lambda connection: store(connection, claim, prepared, reading)),
    )


def store(
    connection: Connection, claim: DocumentClaim, prepared: Prepared, reading: Reading | None
) -> tuple[str, Holders]:
    """Do the final transaction of a document: check the fence, store all or nothing; return its state and its files."""
    if ledger.fence(connection, claim, marks_of(claim, prepared.parsed, prepared.hash)):
        raise Refused(Reason.FORGOTTEN, FORGOTTEN_MESSAGE)
    stored = add_read_article(connection, prepared, reading) if reading else None
    article_id = stored or article_rows.article_of(connection, prepared.hash)
    if article_id is None:
        raise Gone
    article_rows.add_source(connection, article_id, claim.id, prepared.parsed, prepared.outlet, prepared.origin)
    state = "stored" if stored else "duplicate"
    article_rows.finish(connection, claim, state, article_id)
    versioning.arrive(connection, claim.id, prepared.of_item, is_new=stored is not None)
    return state, settle_single(connection, claim.id)


def add_read_article(connection: Connection, prepared: Prepared, reading: Reading) -> int | None:
    """Store a new article with its quotes; None when its text is stored already."""
    speakers = naming.join_speakers(connection, reading, prepared.parsed.published_at)
    if article_rows.article_of(connection, prepared.hash) is not None:
        return None
    prepared.budget.check()
    story = stories.place(connection, prepared.sketch, prepared.parsed.body, prepared.compare)
    parsed = extractor.warned(prepared.parsed, reading.warnings)
    values = article_rows.columns(parsed, prepared.hash, prepared.sketch) | {
        "story_id": story,
        "outlet_id": prepared.outlet,
    }
    article_id = article_rows.add_article(connection, values)
    if article_id is None:
        raise Conflict("another worker has just stored the same text")
    named = naming.name(connection, reading, speakers, story, prepared.compare)
    prepared.budget.check()
    length, language = len(parsed.text), parsed.language
    swap(connection, article_id, length, language, prepared.version, named, reading.milliseconds)
    prepared.budget.check()
    across.settle(connection, set(), naming.pairs(named))
    return article_id


def refuse(connection: Connection, claim: DocumentClaim, refused: Refused) -> Holders:
    """Do the final transaction of a document from which no article is made; return the files that hold it."""
    ledger.fence(connection, claim)
    article_rows.finish_refused(connection, claim, refused)
    return settle_single(connection, claim.id)


def settle_single(connection: Connection, document_id: int) -> Holders:
    """End the files that hold only this document, in its transaction; return all the files that hold it."""
    holders = outcome.files_of(connection, document_id)
    for file_id in holders.single:
        outcome.settle(connection, file_id, single=True, is_alone=holders.is_alone)
    return holders


def settle_containers(engine: Engine, holders: Holders) -> list[int]:
    """End each file with several documents if all of them have ended; return the files that have ended.

    This runs after the commit, so that the process with the last document sees that all the others have ended.
    """
    ended = []
    for file_id in holders.containers:
        with engine.begin() as connection:
            if outcome.settle(connection, file_id) is not None:
                ended.append(file_id)
    return ended
