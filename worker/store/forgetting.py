"""Forgetting: find the documents that a person wants forgotten, empty documents, and delete articles."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store import ledger
from worker.store.db.many_rows import numbers
from worker.store.queues import ARTICLES

HAS_ARTICLE = text("""SELECT EXISTS (SELECT FROM articles WHERE id = :article)""")
FILE_PATH = text("""SELECT shown FROM files WHERE id = :file""")
OF_ARTICLE = text("""SELECT id FROM documents WHERE article_id = :article""")
OF_FILE = text("""SELECT DISTINCT document_id FROM file_documents WHERE file_id = :file AND document_id IS NOT NULL""")
OF_OUTLET = text(
    """
    SELECT DISTINCT s.document_id FROM article_sources s JOIN outlets o ON o.id = s.outlet_id WHERE o.key = :key
    """
)
DOCUMENTS = text(
    """SELECT sha256, article_id FROM documents WHERE id = ANY(CAST(:documents AS bigint[])) ORDER BY id"""
)
IS_CARRIED = text("""SELECT EXISTS (SELECT FROM documents WHERE article_id = :article)""")

REMOVE_SOURCES = text("""DELETE FROM article_sources WHERE document_id = ANY(CAST(:documents AS bigint[]))""")
ARTICLE = text("""SELECT story_id, canonical_hash, sketch FROM articles WHERE id = :article""")
STATEMENTS_OF = text(
    """SELECT DISTINCT statement_id FROM quotes WHERE article_id = :article AND statement_id IS NOT NULL"""
)
REMOVE_ARTICLE = text("""DELETE FROM articles WHERE id = :article""")


class CarryingDocument(NamedTuple):
    """A document: the hash of its bytes, and the id of the article that it carried."""

    sha256: bytes
    article_id: int | None


class ForgottenArticle(NamedTuple):
    """The columns of an article that are still needed after the article was deleted."""

    story_id: int
    canonical_hash: bytes
    sketch: list[int]


def has_article(connection: Connection, article_id: int) -> bool:
    """True if there is an article with this id."""
    return bool(connection.execute(HAS_ARTICLE, {"article": article_id}).scalar_one())


def file_path(connection: Connection, file_id: int) -> str | None:
    """Return a file's path as text; None if no file has this id."""
    return connection.execute(FILE_PATH, {"file": file_id}).scalar()


def documents_of_article(connection: Connection, article_id: int) -> list[int]:
    """Return the documents that carried an article."""
    return list(connection.execute(OF_ARTICLE, {"article": article_id}).scalars())


def documents_of_file(connection: Connection, file_id: int) -> list[int]:
    """Return the documents of a file."""
    return list(connection.execute(OF_FILE, {"file": file_id}).scalars())


def documents_of_outlet(connection: Connection, key: str) -> list[int]:
    """Return the documents of the outlet with this key (its folded name)."""
    return list(connection.execute(OF_OUTLET, {"key": key}).scalars())


def read(connection: Connection, documents: Sequence[int]) -> list[CarryingDocument]:
    """Return documents in order of their ids."""
    return [CarryingDocument(*row) for row in connection.execute(DOCUMENTS, {"documents": numbers(documents)})]


def is_carried(connection: Connection, article_id: int) -> bool:
    """True if at least one document still carries the article."""
    return bool(connection.execute(IS_CARRIED, {"article": article_id}).scalar_one())


def empty_documents(connection: Connection, documents: Sequence[int], state: str, reason: str, message: str) -> None:
    """Delete the bytes of documents and end them; the fence grows, so that no worker can write a late result."""
    connection.execute(REMOVE_SOURCES, {"documents": numbers(documents)})
    ledger.end(
        *(connection, ARTICLES, documents, state),
        reason=reason,
        message=message,
        outdate=True,
        raw=None,
        article_id=None,
    )


def article(connection: Connection, article_id: int) -> ForgottenArticle:
    """Return the columns of an article that is to be forgotten."""
    return ForgottenArticle(*connection.execute(ARTICLE, {"article": article_id}).one())


def statements_of(connection: Connection, article_id: int) -> list[int]:
    """Return the ids of the statements to which the quotes of an article belong."""
    return list(connection.execute(STATEMENTS_OF, {"article": article_id}).scalars())


def remove_article(connection: Connection, article_id: int) -> None:
    """Delete an article with its quotes and extractions."""
    connection.execute(REMOVE_ARTICLE, {"article": article_id})
