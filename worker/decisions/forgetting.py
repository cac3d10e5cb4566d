"""Forgetting: removes one article, the articles of a file, or the articles of an outlet.

The articles stay removed when their files are dropped again. Only hashes of them are kept. The user's files are not
changed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from worker.dedupe import statements
from worker.reasons import Reason
from worker.store import decisions, forgetting, stories
from worker.store import speakers as speaker_rows
from worker.store.catalogue import outlet_key
from worker.store.decisions import Undecidable

MESSAGE = "A person had this article forgotten; `onrecord decisions` shows who, and can undo it."


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The result of a decision to forget: the ids of the decision, the removed articles and the emptied documents.

    The state of a file follows from the states of its documents. So the caller must settle the files that contain these
    documents, that is, give them their new states.
    """

    decision: int
    articles: tuple[int, ...]
    documents: tuple[int, ...]


def forget_article(connection: Connection, article_id: int, *, who: str, reason: str) -> Forgotten:
    """Remove an article with every document that contains it."""
    if not forgetting.has_article(connection, article_id):
        raise Undecidable(f"There is no article {article_id}; `report.articles` lists them.")
    documents = forgetting.documents_of_article(connection, article_id)
    return _forget(connection, {"article": article_id}, documents, who, reason, {article_id})


def forget_file(connection: Connection, file_id: int, *, who: str, reason: str) -> Forgotten:
    """Remove the articles of a file; an article that another document contains too is kept."""
    path = forgetting.file_path(connection, file_id)
    if path is None:
        raise Undecidable(f"There is no file {file_id}; `onrecord files` lists them.")
    documents = forgetting.documents_of_file(connection, file_id)
    return _forget(connection, {"file": path}, documents, who, reason)


def forget_outlet(connection: Connection, outlet: str, *, who: str, reason: str) -> Forgotten:
    """Remove the articles of an outlet (given by name), so that they cannot come in again."""
    key = outlet_key(outlet)
    if not key:
        raise Undecidable("Give the outlet's name; `report.outlets` lists them.")
    documents = forgetting.documents_of_outlet(connection, key)
    return _forget(connection, {"outlet": key}, documents, who, reason)


def _forget(
    connection: Connection,
    value: dict[str, Any],
    documents: Sequence[int],
    who: str,
    reason: str,
    articles: Collection[int] = (),
) -> Forgotten:
    rows = forgetting.read(connection, documents)
    value = value | {"documents": [row.sha256.hex() for row in rows]}
    decision = decisions.record(connection, "forget", who=who, reason=reason, value=value)
    state, code = Reason.FORGOTTEN.state, Reason.FORGOTTEN.value
    forgetting.empty_documents(connection, documents, state, code, MESSAGE)
    removed: list[int] = []
    for article_id in sorted({row.article_id for row in rows if row.article_id is not None} | set(articles)):
        if not forgetting.is_carried(connection, article_id):
            of_article = {"of": decision, "canonical_hash": _remove(connection, article_id).hex()}
            decisions.record(connection, "forget", who=who, reason=reason, value=of_article, article_id=article_id)
            removed.append(article_id)
    return Forgotten(decision, tuple(removed), tuple(documents))


def _remove(connection: Connection, article_id: int) -> bytes:
    """Delete an article and every row made from it; return its canonical hash."""
    article = forgetting.article(connection, article_id)
    used = speaker_rows.forms_used(connection, article_id)
    speaker_rows.discount(connection, used)
    speaker_rows.rename_by_use(connection, {speaker for speaker, _ in used})
    printed = forgetting.statements_of(connection, article_id)
    forgetting.remove_article(connection, article_id)
    statements.reword(connection, printed)
    stories.shrink(connection, article.story_id, article.sketch)
    decisions.remove_words(connection, article_id)  # decisions about its quotes contain the quotes' words
    return article.canonical_hash
