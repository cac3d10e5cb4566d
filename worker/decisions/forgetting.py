"""Forgetting: an article, a file's articles or an outlet's are removed, and stay removed when they are dropped again.

What is kept is hashes only. The user's files are not touched.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, text

from worker.dedupe import statements
from worker.reasons import Reason
from worker.store import decisions as rows
from worker.store import ledger, stories
from worker.store import speakers as speaker_rows
from worker.store.catalogue import outlet_key
from worker.store.decisions import Undecidable
from worker.store.queues import ARTICLES
from worker.store.tables.models import Article, ArticleSource, Document, File, FileDocument, Outlet, Quote

MESSAGE = "A person had this article forgotten; `onrecord decisions` shows who, and can undo it."


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a decision to forget did: its id, the articles removed, the documents whose bytes were.

    Files' states follow from their documents'; the caller settles the files that hold these.
    """

    decision: int
    articles: tuple[int, ...]
    documents: tuple[int, ...]


def forget_article(connection: Connection, article_id: int, *, who: str, reason: str) -> Forgotten:
    """Remove an article with every document that carried it."""
    if connection.execute(select(Article.id).where(Article.id == article_id)).first() is None:
        raise Undecidable(f"There is no article {article_id}; `report.articles` lists them.")
    documents = list(connection.execute(select(Document.id).where(Document.article_id == article_id)).scalars())
    return _forget(connection, {"article": article_id}, documents, who, reason, {article_id})


def forget_file(connection: Connection, file_id: int, *, who: str, reason: str) -> Forgotten:
    """Remove what a file brought; an article that another document carries too stays."""
    shown = connection.execute(select(File.shown).where(File.id == file_id)).scalar()
    if shown is None:
        raise Undecidable(f"There is no file {file_id}; `onrecord files` lists them.")
    chosen = select(FileDocument.document_id).where(FileDocument.file_id == file_id).distinct()
    documents = [document for document in connection.execute(chosen).scalars() if document is not None]
    return _forget(connection, {"file": shown}, documents, who, reason)


def forget_outlet(connection: Connection, outlet: str, *, who: str, reason: str) -> Forgotten:
    """Remove what an outlet (by name) published, and let nothing of it in again."""
    key = outlet_key(outlet)
    if not key:
        raise Undecidable("Give the outlet's name; `report.outlets` lists them.")
    chosen = select(ArticleSource.document_id).join(Outlet, Outlet.id == ArticleSource.outlet_id)
    documents = list(connection.execute(chosen.where(Outlet.key == key).distinct()).scalars())
    return _forget(connection, {"outlet": key}, documents, who, reason)


def _forget(
    connection: Connection,
    value: dict[str, Any],
    documents: Sequence[int],
    who: str,
    reason: str,
    articles: Collection[int] = (),
) -> Forgotten:
    hashes = select(Document.sha256, Document.article_id).where(Document.id.in_(documents))
    found = connection.execute(hashes.order_by(Document.id)).all()
    value = value | {"documents": [row.sha256.hex() for row in found]}
    decision = rows.record(connection, "forget", who=who, reason=reason, value=value)
    _empty(connection, documents)
    removed: list[int] = []
    for article_id in sorted({row.article_id for row in found if row.article_id is not None} | set(articles)):
        carried = select(Document.id).where(Document.article_id == article_id).limit(1)
        if connection.execute(carried).first() is None:
            part = {"of": decision, "canonical_hash": _remove(connection, article_id).hex()}
            rows.record(connection, "forget", who=who, reason=reason, value=part, article_id=article_id)
            removed.append(article_id)
    return Forgotten(decision, tuple(removed), tuple(documents))


def _empty(connection: Connection, documents: Sequence[int]) -> None:
    """Take the bytes of documents away; the fence moves on, so that no worker writes them back."""
    connection.execute(delete(ArticleSource).where(ArticleSource.document_id.in_(documents)))
    state, reason = Reason.FORGOTTEN.state, Reason.FORGOTTEN.value
    ledger.end(
        *(connection, ARTICLES, documents, state),
        reason=reason,
        message=MESSAGE,
        outdate=True,
        raw=None,
        article_id=None,
    )


def _remove(connection: Connection, article_id: int) -> bytes:
    """Delete an article and all that was made of it; its canonical hash."""
    kept = select(Article.story_id, Article.canonical_hash, Article.sketch).where(Article.id == article_id)
    article = connection.execute(kept).one()
    used = speaker_rows.used(connection, article_id)
    speaker_rows.discount(connection, used)
    speaker_rows.rename_by_use(connection, {speaker for speaker, _ in used})
    printed = select(Quote.statement_id).where(Quote.article_id == article_id).distinct()
    said = [statement for statement in connection.execute(printed).scalars() if statement is not None]
    connection.execute(delete(Article).where(Article.id == article_id))
    statements.reword(connection, said)
    stories.shrink(connection, article.story_id, article.sketch)
    # Decisions about its quotes had noted their words.
    scrub = text("UPDATE decisions SET value = value - 'text' - 'machine' WHERE article_id = :article")
    connection.execute(scrub, {"article": article_id})
    return bytes(article.canonical_hash)
