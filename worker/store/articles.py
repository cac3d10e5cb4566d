"""What is written when a document has been parsed: its article or the one it repeats, its source, its end."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, text, update

from worker.parse.article import Article as Parsed
from worker.reasons import Refused
from worker.store.ledger import Claim
from worker.store.tables.models import Document

FREE = {"claimed_by": None, "claimed_at": None, "lease_until": None}

# Put together once: that costs more than running them.
SAME_TEXT = text("SELECT id FROM articles WHERE canonical_hash = :hash")
ADD_ARTICLE = text(
    """
    INSERT INTO articles (title, text, body_start, body_end, url, authors, published_at, date_source, language,
                          dateline, licence, warnings, canonical_hash, sketch, story_id, outlet_id)
    VALUES (:title, :text, :body_start, :body_end, :url, :authors, :published_at, :date_source, :language, :dateline,
            :licence, :warnings, :canonical_hash, :sketch, :story_id, :outlet_id)
    ON CONFLICT (canonical_hash) DO NOTHING RETURNING id
    """
)
ADD_SOURCE = text(
    """
    INSERT INTO article_sources (article_id, document_id, outlet_id, url, title, authors, published_at, date_source)
    VALUES (:article_id, :document_id, :outlet_id, :url, :title, :authors, :published_at, :date_source)
    ON CONFLICT (article_id, document_id) DO UPDATE
    SET outlet_id = excluded.outlet_id, url = excluded.url, title = excluded.title, authors = excluded.authors,
        published_at = excluded.published_at, date_source = excluded.date_source
    """
)
FINISH = text(
    "UPDATE documents SET state = :end, article_id = :article, finished_at = clock_timestamp(), reason = NULL,"
    " message = NULL, claimed_by = NULL, claimed_at = NULL, lease_until = NULL WHERE id = :row"
)


def article_of(connection: Connection, canonical_hash: bytes) -> int | None:
    """The article with this text, if there is one."""
    found = connection.execute(SAME_TEXT, {"hash": canonical_hash}).scalar()
    return int(found) if found is not None else None


def columns(parsed: Parsed, canonical_hash: bytes, sketch: list[int]) -> dict[str, Any]:
    """The columns of `articles` that follow from its text."""
    return {
        "title": parsed.title,
        "text": parsed.text,
        "body_start": parsed.body_start,
        "body_end": parsed.body_end,
        "url": parsed.url,
        "authors": list(parsed.authors),
        "published_at": datetime.fromisoformat(parsed.published_at) if parsed.published_at else None,
        "date_source": parsed.date_source,
        "language": parsed.language,
        "dateline": parsed.dateline,
        "licence": parsed.licence,
        "warnings": list(parsed.warnings),
        "canonical_hash": canonical_hash,
        "sketch": sketch,
    }


def add_article(connection: Connection, values: dict[str, Any]) -> int | None:
    """Insert an article; None when another worker has just stored the same text (the constraint decides)."""
    made = connection.execute(ADD_ARTICLE, values).scalar()
    return int(made) if made is not None else None


def add_source(connection: Connection, article_id: int, document_id: int, parsed: Parsed, outlet: int | None) -> None:
    """Write down that a document carried an article, and what it said of itself."""
    values = {
        "outlet_id": outlet,
        "url": parsed.url,
        "title": parsed.title,
        "authors": list(parsed.authors),
        "published_at": datetime.fromisoformat(parsed.published_at) if parsed.published_at else None,
        "date_source": parsed.date_source,
    }
    connection.execute(ADD_SOURCE, values | {"article_id": article_id, "document_id": document_id})


def finish(connection: Connection, claim: Claim, state: str, article_id: int | None = None) -> None:
    """Give a claimed document its terminal state."""
    connection.execute(FINISH, {"row": claim.id, "end": state, "article": article_id})


def finish_refused(connection: Connection, claim: Claim, refused: Refused) -> None:
    """End a document that gave no article."""
    connection.execute(
        update(Document)
        .where(Document.id == claim.id)
        .values(
            state=refused.reason.state,
            reason=refused.reason,
            message=refused.message,
            article_id=None,
            finished_at=func.now(),
            **FREE,
        )
    )
