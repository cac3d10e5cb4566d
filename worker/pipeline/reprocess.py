"""Reading a stored article again with the running extractor, and swapping its quotes in one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, Row, select, text, update

from worker.bounded.parser import BoundedParser
from worker.decisions import quotes as quote_decisions
from worker.dedupe.canonical import canonical_hash
from worker.dedupe.sketch import sketch
from worker.parse.article import Article as Parsed
from worker.pipeline import naming, running
from worker.pipeline.reading import Reading, read_article
from worker.reasons import Refused
from worker.speakers import across
from worker.store import articles as article_rows
from worker.store import ledger, reprocessing
from worker.store import quotes as quote_rows
from worker.store.db.conflicts import again_on_conflict
from worker.store.db.engine import light_transaction
from worker.store.ledger import BACKFILL, Claim
from worker.store.tables.models import Article, Document, ReprocessItem, ReprocessRun

log = structlog.get_logger("onrecord.reprocess")


@dataclass(frozen=True, slots=True)
class Again:
    """One article to be read again: its text as it shall be stored, and whether that has changed."""

    article_id: int
    story_id: int
    parsed: Parsed
    changed: bool
    note: str | None = None


def reprocess_item(engine: Engine, process_id: int, item_id: int, parser: BoundedParser) -> str | None:
    """Work on one waiting item; its state then, None when it does not wait any more."""
    with light_transaction(engine) as connection:
        columns = (ReprocessItem.article_id, ReprocessItem.run_id)
        claim = ledger.claim(connection, BACKFILL, item_id, process_id, *columns)
    if claim is None:
        return None
    version_id = running.extractor_id(engine)
    try:
        again = article_again(engine, claim, parser)
        reading = read_article(again.parsed)
        state = again_on_conflict(engine, lambda connection: store(connection, claim, again, reading, version_id))
    except Refused as refused:
        message = refused.message
        state = again_on_conflict(engine, lambda connection: end(connection, claim, "failed", message))
    log.info("article read again", article=claim.row.article_id, step="reprocess", state=state)
    return state


def article_again(engine: Engine, claim: Claim, parser: BoundedParser) -> Again:
    """The article as stored; for a job that re-parses, as its first document's bytes are parsed today."""
    with engine.begin() as connection:
        row = connection.execute(select(Article.__table__).where(Article.id == claim.row.article_id)).one()
        reparse = connection.execute(
            select(ReprocessRun.reparse).where(ReprocessRun.id == claim.row.run_id)
        ).scalar_one()
        document = first_document(connection, row.id) if reparse else None
    stored = as_parsed(row)
    if document is None or document.raw is None:
        return Again(row.id, row.story_id, stored, False)
    parsed = parser.parse(document.raw, document.media_type)
    return Again(row.id, row.story_id, parsed, differ(parsed, stored))


def differ(parsed: Parsed, stored: Parsed) -> bool:
    """Whether parsing again gives something else; the outlet is kept, and one moment may be written in two zones."""
    moments = [datetime.fromisoformat(one.published_at) if one.published_at else None for one in (parsed, stored)]
    plain = [replace(one, outlet=None, published_at=None) for one in (parsed, stored)]
    return plain[0] != plain[1] or moments[0] != moments[1]


def first_document(connection: Connection, article_id: int) -> Row[bytes | None, str] | None:
    """The document that gave the article."""
    return connection.execute(
        select(Document.raw, Document.media_type)
        .where(Document.article_id == article_id, Document.state == "stored")
        .order_by(Document.id)
        .limit(1)
    ).first()


def as_parsed(row: Row[Any]) -> Parsed:
    """A stored article as parsing gave it."""
    return Parsed(
        text=row.text,
        body_start=row.body_start,
        body_end=row.body_end,
        title=row.title,
        dateline=row.dateline,
        licence=row.licence,
        url=row.url,
        authors=tuple(row.authors),
        published_at=row.published_at.isoformat() if row.published_at else None,
        date_source=row.date_source,
        language=row.language,
        warnings=tuple(row.warnings),
    )


def store(connection: Connection, claim: Claim, again: Again, reading: Reading, version_id: int) -> str:
    """The final transaction of an item: behind the fence; refused unless the generation is higher."""
    ledger.fence(connection, claim)
    speakers = naming.join_speakers(connection, reading)
    # Two jobs must not swap one article at once; the row is the lock.
    connection.execute(select(Article.id).where(Article.id == again.article_id).with_for_update())
    old = quote_rows.current(connection, again.article_id)
    generation = running.extractor().generation
    newer = old.generation is None or old.generation < generation
    if not newer and not (again.changed and old.generation == generation):
        return end(connection, claim, "unchanged", f"already read by generation {old.generation}")
    note = rewrite(connection, again) if again.changed else None
    if note is not None:
        return end(connection, claim, "failed", note)
    found = naming.name(connection, reading, speakers, again.story_id)
    length = len(again.parsed.text)
    quote_rows.swap(connection, again.article_id, length, version_id, found, reading.milliseconds, old)
    across.settle(connection, old.names(), naming.pairs(found))
    quote_decisions.apply(connection, again.article_id)
    return end(connection, claim, "done")


def rewrite(connection: Connection, again: Again) -> str | None:
    """Store the re-parsed text; a sentence when that cannot be, because another article has that text."""
    parsed = again.parsed
    hashed = canonical_hash(parsed.body, title=parsed.title, outlet=parsed.outlet, url=parsed.url)
    other = article_rows.article_of(connection, hashed)
    if other not in (None, again.article_id):
        return f"parsed again, its text is that of article {other}; it was left as it is"
    # No quote may reach past a shorter text, not even for a moment: those that would are parked at its first code
    # point. The swap gives the ones that stay their new place; the history keeps the words of the others.
    connection.execute(
        text(
            "UPDATE quotes SET parts = '{0,1}', start_char = 0, end_char = 1, source_text = NULL, source_start = NULL,"
            " source_end = NULL, cue = NULL, cue_start = NULL, cue_end = NULL"
            " WHERE article_id = :article AND greatest(end_char, source_end, cue_end) > :length"
        ),
        {"article": again.article_id, "length": len(parsed.text)},
    )
    columns = article_rows.columns(parsed, hashed, sketch(parsed.body))
    connection.execute(update(Article).where(Article.id == again.article_id).values(columns))
    return None


def end(connection: Connection, claim: Claim, state: str, message: str | None = None) -> str:
    """End the item; its state."""
    if state == "failed":
        ledger.fence(connection, claim)
    reprocessing.finish(connection, claim, state, message)
    return state
