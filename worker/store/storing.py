"""What is written when a document has been parsed: its article or the one it repeats, its source, its end."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from worker.parse.article import Article as Parsed
from worker.reasons import Refused
from worker.store.ledger import Claim
from worker.store.models import Article, ArticleSource, Document

FREE = {"claimed_by": None, "claimed_at": None, "lease_until": None}


def article_of(connection: Connection, canonical_hash: bytes) -> int | None:
    """The article with this text, if there is one."""
    found = connection.execute(select(Article.id).where(Article.canonical_hash == canonical_hash)).scalar()
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
    added = insert(Article).values(values).on_conflict_do_nothing(index_elements=["canonical_hash"])
    made = connection.execute(added.returning(Article.id)).scalar()
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
    keyed = insert(ArticleSource).values(article_id=article_id, document_id=document_id, **values)
    connection.execute(keyed.on_conflict_do_update(index_elements=["article_id", "document_id"], set_=values))


def finish(connection: Connection, claim: Claim, state: str, article_id: int | None = None) -> None:
    """Give a claimed document its terminal state."""
    connection.execute(
        update(Document)
        .where(Document.id == claim.id)
        .values(state=state, article_id=article_id, finished_at=func.now(), reason=None, message=None, **FREE)
    )


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
