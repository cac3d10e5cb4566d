"""Reads a stored article again with the running extractor, and swaps its quotes in one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import Connection, Engine

from worker.bounded.parser import BoundedParser
from worker.decisions import quotes as quote_decisions
from worker.dedupe import statements
from worker.dedupe.canonical import canonical_hash
from worker.dedupe.comparer import Comparer
from worker.dedupe.identity import version_of
from worker.dedupe.sketch import sketch
from worker.parse.article import Article as Parsed
from worker.parse.origin import origin
from worker.pipeline import extractor, naming, versioning
from worker.pipeline.budget import Budget
from worker.pipeline.comparing import with_comparisons
from worker.pipeline.extractor import Reading, read_article
from worker.reasons import Refused
from worker.speakers import across
from worker.store import articles as article_rows
from worker.store import ledger, marks, reprocessing, stories
from worker.store import quotes as quote_rows
from worker.store.articles import FirstDocument
from worker.store.db import decision_lock
from worker.store.db.engine import light_transaction
from worker.store.pairing import pair, parts_of
from worker.store.queues import BACKFILL
from worker.store.reprocessing import ClaimedItem, ItemClaim

log = structlog.get_logger("onrecord.reprocess")


@dataclass(frozen=True, slots=True)
class Rereading:
    """One article that is read again: the article that will be stored, and whether it differs from the stored one.

    `document` is the document that was parsed again, if it was.
    """

    article_id: int
    parsed: Parsed
    changed: bool
    document: FirstDocument | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """One article that has been read again, with what its final transaction needs."""

    rereading: Rereading
    reading: Reading
    version_id: int
    compare: Comparer
    budget: Budget


@dataclass
class Changes:
    """How many quotes of a sample of articles would stay, change, come or go."""

    articles: int = 0
    kept: int = 0
    changed: int = 0
    added: int = 0
    removed: int = 0


def reprocess_item(engine: Engine, process_id: int, item_id: int, parser: BoundedParser) -> str | None:
    """Work on one waiting item; return its new state, or None if it does not wait any more."""
    with light_transaction(engine) as connection:
        claim = ledger.claim(connection, BACKFILL, item_id, process_id, ClaimedItem)
    if claim is None:
        return None
    version_id = extractor.version_id(engine)
    try:
        budget = Budget()
        rereading = budget.waiting(lambda: prepare(engine, claim, parser))
        reading = read_article(rereading.parsed, budget)
        with budget.kept():
            naming.parse_names(reading)
        rereading = replace(rereading, parsed=extractor.warned(rereading.parsed, reading.warnings))
        prepared = Prepared(rereading, reading, version_id, Comparer(len(reading.quotations)), budget)
        state = with_comparisons(
            prepared.compare,
            budget,
            lambda: decision_lock.sharing(engine, lambda connection: store(connection, claim, prepared)),
        )
    except Refused as refused:
        message = refused.message
        state = decision_lock.sharing(engine, lambda connection: end(connection, claim, "failed", message))
    log.info("article read again", article=claim.row.article_id, step="reprocess", state=state)
    return state


def prepare(engine: Engine, claim: ItemClaim, parser: BoundedParser) -> Rereading:
    """Return the article to be read: as stored, or, in a job that re-parses, as its first document is parsed today."""
    with engine.begin() as connection:
        stored = article_rows.read(connection, claim.row.article_id)
        reparses = reprocessing.reparses(connection, claim.row.run_id)
        document = article_rows.first_document(connection, stored.id) if reparses else None
    if document is None or document.raw is None:
        return Rereading(stored.id, stored.parsed, changed=False)
    parsed = parser.parse(document.raw, document.media_type, document.name)
    return Rereading(stored.id, parsed, differ(parsed, extractor.warned(stored.parsed)), document)


def differ(parsed: Parsed, stored: Parsed) -> bool:
    """True if parsing again gives a different article.

    The stored outlet is kept, so outlets are not compared. Dates are compared as moments, since a moment may be written
    in two time zones.
    """
    both = (parsed, stored)
    moments = [datetime.fromisoformat(article.published_at) if article.published_at else None for article in both]
    plain = [replace(article, outlet=None, published_at=None) for article in both]
    return plain[0] != plain[1] or moments[0] != moments[1]


def store(connection: Connection, claim: ItemClaim, prepared: Prepared) -> str:
    """Do the final transaction of an item: check the fence, swap the quotes, end the item; return the item's state.

    The quotes are swapped only if the generation of the running extractor is higher than theirs, or if it is the same
    and the text has changed.
    """
    rereading, reading, budget = prepared.rereading, prepared.reading, prepared.budget
    ledger.fence(connection, claim)
    speakers = naming.join_speakers(connection, reading, rereading.parsed.published_at)
    identify(connection, rereading)
    # Two jobs must not swap the quotes of one article at the same time, so lock its row.
    article_rows.lock(connection, rereading.article_id)
    old = quote_rows.current(connection, rereading.article_id)
    generation = extractor.version().generation
    newer = old.generation is None or old.generation < generation
    if not newer and not (rereading.changed and old.generation == generation):
        return end(connection, claim, "unchanged", f"already read by generation {old.generation}")
    refusal = rewrite(connection, rereading) if rereading.changed else None
    if refusal is not None:
        return end(connection, claim, "failed", refusal)
    # The story may have been merged into another one since the text was read.
    story_id = stories.article(connection, rereading.article_id).story_id
    budget.check()
    named = naming.name(connection, reading, speakers, story_id, prepared.compare)
    budget.check()
    length, language = len(rereading.parsed.text), rereading.parsed.language
    quote_rows.swap(
        connection, rereading.article_id, length, language, prepared.version_id, named, reading.milliseconds, old
    )
    budget.check()
    across.settle(connection, old.names(), naming.pairs(named))
    # Decisions come before the statements without quotes are deleted: words that a person marked keep their statement.
    quote_decisions.apply(connection, rereading.article_id, prepared.compare)
    statements.reword(connection, old.statements())
    return end(connection, claim, "done")


def identify(connection: Connection, rereading: Rereading) -> None:
    """Store again what a document that was parsed again says that it is: its id, version, section and agency."""
    document, parsed = rereading.document, rereading.parsed
    if document is None:
        return
    came_as = origin(document.raw or b"", document.media_type)
    article_rows.identify(connection, rereading.article_id, document.id, parsed, came_as)
    versioning.read_again(connection, document.id, version_of(parsed, document.sha256))


def rewrite(connection: Connection, rereading: Rereading) -> str | None:
    """Store the re-parsed text.

    If another article has that text already, store nothing and return a sentence that says so.
    """
    parsed = rereading.parsed
    hashed = canonical_hash(parsed.body, title=parsed.title, outlet=parsed.outlet, url=parsed.url)
    other = article_rows.article_of(connection, hashed)
    if other not in (None, rereading.article_id):
        return f"parsed again, its text is that of article {other}; it was left as it is"
    if other is None and marks.any_stands(connection, marks.of_article(canonical_hash=hashed)):
        return "parsed again, its text is one that a person had forgotten; it was left as it is"
    old, new = stories.article(connection, rereading.article_id), sketch(parsed.body)
    article_rows.rewrite(connection, rereading.article_id, parsed, hashed, new)
    stories.follow_sketch(connection, old, new)
    return None


def end(connection: Connection, claim: ItemClaim, state: str, message: str | None = None) -> str:
    """End the item; return its state."""
    if state == "failed":
        ledger.fence(connection, claim)
    reprocessing.finish(connection, claim, state, message)
    return state


def preview(engine: Engine, article_id: int, changes: Changes) -> None:
    """Read one stored article with the running extractor, and count its changes in `changes`; store nothing."""
    with engine.connect() as connection:
        parsed = article_rows.read(connection, article_id).parsed
        old = quote_rows.current(connection, article_id)
    reading = read_article(parsed)
    pairs = pair([parts_of(row.parts) for row in old.rows], [quotation.parts for quotation in reading.quotations])
    changes.articles += 1
    changes.added += len(reading.quotations) - len(pairs)
    changes.removed += len(old.rows) - len(pairs)
    for new, before in pairs.items():
        quotation, attribution = reading.quotations[new], reading.resolution.attributions[new]
        names = [reading.resolution.entities[index].name for index in attribution.entities]
        stored = old.rows[before]
        same = (
            stored.text == quotation.text
            and stored.kind == quotation.kind
            and names == [speaker.name for speaker in old.speakers.get(stored.id, [])]
        )
        changes.kept += same
        changes.changed += not same
