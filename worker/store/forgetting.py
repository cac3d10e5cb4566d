"""Forgetting: find the documents that a person wants forgotten, empty them, and delete articles that nothing carries.

The functions work on many rows at once, so that a file with 100,000 articles is forgotten as fast as it was stored.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.reasons import FORGOTTEN_MESSAGE, Reason
from worker.store import ledger
from worker.store import marks as mark_rows
from worker.store.db.many_rows import numbers
from worker.store.marks import Mark
from worker.store.queues import ARTICLES, INTAKE

OF_ARTICLE = text(
    """
    SELECT a.canonical_hash, d.sha256 FROM articles a LEFT JOIN documents d ON d.article_id = a.id WHERE a.id = :article
    """
)
# Documents with a mark, and the documents of articles with a mark.
WITH_MARKS = text(
    """
    SELECT d.id FROM documents d WHERE d.sha256 = ANY(CAST(:documents AS bytea[]))
    UNION
    SELECT d.id FROM articles a JOIN documents d ON d.article_id = a.id
    WHERE a.canonical_hash = ANY(CAST(:texts AS bytea[]))
    """
)
# Lock the rows first: a worker may be claiming one of them.
HOLDING = text(
    """
    SELECT id, article_id FROM documents
    WHERE id = ANY(CAST(:documents AS bigint[]))
      AND (raw IS NOT NULL OR article_id IS NOT NULL OR reason IS DISTINCT FROM 'forgotten')
    ORDER BY id FOR UPDATE
    """
)
HASHES_OF_FILES = text(
    """
    SELECT DISTINCT d.sha256
    FROM files f
    JOIN file_documents fd ON fd.file_id = f.id AND fd.position >= :first AND fd.position < :behind
    JOIN documents d ON d.id = fd.document_id
    WHERE f.sha256 = ANY(CAST(:hashes AS bytea[]))
    """
)
LAST_POSITION = text(
    """
    SELECT max(fd.position) FROM files f JOIN file_documents fd ON fd.file_id = f.id
    WHERE f.sha256 = ANY(CAST(:hashes AS bytea[]))
    """
)
# `outlets` is small, and PostgreSQL computes the hash of each key faster than it would read another index.
OF_OUTLET = text(
    """
    SELECT d.id, d.sha256 FROM outlets o
    JOIN article_sources s ON s.outlet_id = o.id
    JOIN documents d ON d.id = s.document_id
    WHERE sha256(convert_to('outlet:' || o.key, 'UTF8')) = :outlet AND d.id > :after
    ORDER BY d.id LIMIT :limit
    """
)

REMOVE_SOURCES = text(
    """
    DELETE FROM article_sources WHERE document_id = ANY(CAST(:documents AS bigint[])) RETURNING outlet_id
    """
)
UNCARRIED = text(
    """
    SELECT id, canonical_hash, story_id, sketch, outlet_id FROM articles a
    WHERE id = ANY(CAST(:articles AS bigint[]))
      AND NOT EXISTS (SELECT FROM documents d WHERE d.article_id = a.id)
    """
)
REMOVE_ARTICLES = text("""DELETE FROM articles WHERE id = ANY(CAST(:articles AS bigint[]))""")
STATEMENTS_OF = text(
    """
    SELECT DISTINCT statement_id FROM quotes
    WHERE article_id = ANY(CAST(:articles AS bigint[])) AND statement_id IS NOT NULL
    """
)
# The words of a decision are the quotation, what the machine made of it, and the name that a person gave.
REMOVE_WORDS = text(
    """
    UPDATE decisions SET value = value - 'text' - 'machine' - 'name' - 'words' - 'before' - 'after'
    WHERE article_id = ANY(CAST(:articles AS bigint[])) AND kind <> 'forget'
    """
)

# Of each article whose stored document was forgotten, the first of its other documents.
HEIRS = text(
    """
    SELECT min(d.id) FROM documents d
    WHERE d.article_id = ANY(CAST(:articles AS bigint[]))
    GROUP BY d.article_id HAVING NOT bool_or(d.state = 'stored')
    """
)
# The article takes over what this document says, so that nothing of the forgotten document's head stays.
INHERIT = text(
    """
    UPDATE articles a
    SET title = s.title, url = s.url, authors = s.authors, outlet_id = s.outlet_id,
        published_at = s.published_at, date_source = s.date_source
    FROM article_sources s
    WHERE s.document_id = ANY(CAST(:documents AS bigint[])) AND a.id = s.article_id
    """
)
OUTLETS_OF = text(
    """
    SELECT DISTINCT outlet_id FROM articles WHERE id = ANY(CAST(:articles AS bigint[])) AND outlet_id IS NOT NULL
    """
)
REMOVE_OUTLETS = text(
    """
    DELETE FROM outlets o
    WHERE o.id = ANY(CAST(:outlets AS bigint[]))
      AND NOT EXISTS (SELECT FROM article_sources s WHERE s.outlet_id = o.id)
      AND NOT EXISTS (SELECT FROM articles a WHERE a.outlet_id = o.id)
    """
)

FILES_HOLDING = text(
    """
    SELECT DISTINCT file_id FROM file_documents WHERE document_id = ANY(CAST(:documents AS bigint[])) ORDER BY file_id
    """
)
DOCUMENTS_OF_ARTICLES = text("""SELECT id FROM documents WHERE article_id = ANY(CAST(:articles AS bigint[]))""")
SPLIT_FILES = text(
    """
    SELECT DISTINCT f.id FROM forgotten m
    JOIN documents d ON d.sha256 = m.hash
    JOIN file_documents fd ON fd.document_id = d.id
    JOIN files f ON f.id = fd.file_id AND f.state = 'split'
    WHERE m.decision_id = :decision AND m.kind = 'document'
    """
)
# The files were not read yet, so their content is marked once it is known (`worker.intake.reading`).
MARK_UNREAD = text(
    """
    UPDATE files SET forgotten_by = :decision
    WHERE id = ANY(CAST(:files AS bigint[])) AND sha256 IS NULL AND state IN ('waiting', 'reading')
    RETURNING id, state
    """
)
FORGOTTEN_BY = text(f"""SELECT forgotten_by, {mark_rows.FORGOTTEN} FROM files WHERE id = :file""")
IS_UNREAD = text("""SELECT EXISTS (SELECT FROM files WHERE forgotten_by = :decision)""")
LIFT_UNREAD = text("""UPDATE files SET forgotten_by = NULL WHERE forgotten_by = ANY(CAST(:decisions AS bigint[]))""")
OPEN_FILES = text(
    """
    SELECT id, (SELECT count(*) FROM file_documents fd WHERE fd.file_id = files.id) AS members
    FROM files
    WHERE sha256 = ANY(CAST(:hashes AS bytea[])) AND state IN ('waiting', 'reading') ORDER BY id FOR UPDATE
    """
)


class CarryingDocument(NamedTuple):
    """A document that is to be emptied, and the article that it carries."""

    id: int
    article_id: int | None


class UncarriedArticle(NamedTuple):
    """The columns of an article that are still needed after the article was deleted."""

    id: int
    canonical_hash: bytes
    story_id: int
    sketch: list[int]
    outlet_id: int | None


def hashes_of_article(connection: Connection, article_id: int) -> list[bytes] | None:
    """Return the hash of an article's text and then those of its documents; None if no article has this id."""
    rows = connection.execute(OF_ARTICLE, {"article": article_id}).all()
    if not rows:
        return None
    return [bytes(rows[0].canonical_hash), *(bytes(row.sha256) for row in rows if row.sha256 is not None)]


def documents_with(connection: Connection, marks: Sequence[Mark]) -> list[CarryingDocument]:
    """Lock and return the documents that have one of these marks, or carry an article that has one.

    Documents that were emptied before are left out.
    """
    hashes = {kind: [mark.hash for mark in marks if mark.kind == kind] for kind in ("document", "text")}
    found = connection.execute(WITH_MARKS, {"documents": hashes["document"], "texts": hashes["text"]})
    held = connection.execute(HOLDING, {"documents": numbers(found.scalars())})
    return [CarryingDocument(*row) for row in held]


def last_position(connection: Connection, sha256: bytes) -> int:
    """Return the highest position of a member in the files with this content; -1 if they have none."""
    last = connection.execute(LAST_POSITION, {"hashes": [sha256]}).scalar()
    return -1 if last is None else int(last)


def hashes_of_file(connection: Connection, sha256: bytes, first: int, number: int) -> list[bytes]:
    """Return the hashes of the documents at `number` positions, from `first` on, in the files with this content."""
    values = {"hashes": [sha256], "first": first, "behind": first + number}
    return [bytes(row) for row in connection.execute(HASHES_OF_FILES, values).scalars()]


def hashes_of_outlet(connection: Connection, outlet: bytes, after: int, limit: int) -> tuple[list[bytes], int | None]:
    """Return the hashes of up to `limit` documents of a marked outlet, and the id of the last of these documents.

    `after` is the id that the call before returned. The id is None if there are no more documents.
    """
    rows = connection.execute(OF_OUTLET, {"outlet": outlet, "after": after, "limit": limit}).all()
    return [bytes(row.sha256) for row in rows], rows[-1].id if rows else None


def empty_documents(connection: Connection, documents: Collection[int]) -> list[int]:
    """Delete the bytes of documents and end them; return the outlets that they named.

    The fence grows, so that no worker can write a late result.
    """
    outlets = connection.execute(REMOVE_SOURCES, {"documents": numbers(documents)}).scalars()
    named = sorted({outlet for outlet in outlets if outlet is not None})
    ledger.end(
        *(connection, ARTICLES, [*documents], "ignored"),
        reason=Reason.FORGOTTEN,
        message=FORGOTTEN_MESSAGE,
        outdate=True,
        raw=None,
        article_id=None,
    )
    return named


def end_open_files(connection: Connection, sha256: bytes) -> None:
    """End files with this content that wait or are being read; the fence grows, so that no further member is stored."""
    for row in connection.execute(OPEN_FILES, {"hashes": [sha256]}).all():
        ledger.end(
            *(connection, INTAKE, [row.id], "ignored"),
            reason=Reason.FORGOTTEN,
            message=FORGOTTEN_MESSAGE,
            outdate=True,
            members=row.members,
        )


def mark_unread(connection: Connection, decision_id: int, files: Collection[int]) -> None:
    """Let the content of files that were not read yet be marked when it is read.

    A reading that has begun is given up, and begins again. The mark comes first: it locks the files, so that no reading
    begins meanwhile.
    """
    marked = connection.execute(MARK_UNREAD, {"decision": decision_id, "files": numbers(sorted(files))}).all()
    reading = [row.id for row in marked if row.state == "reading"]
    ledger.end(connection, INTAKE, reading, "waiting", outdate=True, members=0)


def forgotten_by(connection: Connection, file_id: int, sha256: bytes) -> tuple[int | None, bool]:
    """Return whether a file is to be forgotten, once its content is known.

    The first is the decision that was made before the file was read; None if there is none in force. The second is True
    if a person had a file with this content forgotten.
    """
    row = connection.execute(FORGOTTEN_BY, {"file": file_id, **mark_rows.of_file(sha256).values()}).first()
    return (None, False) if row is None else (row[0], bool(row[1]))


def waits_unread(connection: Connection, decision_id: int) -> bool:
    """True if a file that is to be forgotten by this decision was not read yet."""
    return bool(connection.execute(IS_UNREAD, {"decision": decision_id}).scalar_one())


def lift_unread(connection: Connection, decisions: Collection[int]) -> None:
    """Let files be read as usual whose decision was undone before they were read."""
    connection.execute(LIFT_UNREAD, {"decisions": numbers(decisions)})


def uncarried(connection: Connection, articles: Collection[int]) -> list[UncarriedArticle]:
    """Return those of the articles that no document carries any more."""
    return [UncarriedArticle(*row) for row in connection.execute(UNCARRIED, {"articles": numbers(articles)})]


def statements_of(connection: Connection, articles: Collection[int]) -> list[int]:
    """Return the ids of the statements to which any quotes of these articles belong, current or not."""
    return list(connection.execute(STATEMENTS_OF, {"articles": numbers(articles)}).scalars())


def remove_articles(connection: Connection, articles: Collection[int]) -> None:
    """Delete articles with their quotes, extractions and histories, and the words in the decisions about them."""
    connection.execute(REMOVE_ARTICLES, {"articles": numbers(articles)})
    connection.execute(REMOVE_WORDS, {"articles": numbers(articles)})


def pass_on(connection: Connection, articles: Collection[int]) -> list[int]:
    """Make another document of each article the stored one, if the stored one was forgotten.

    Return the outlets that the articles named before.
    """
    heirs = list(connection.execute(HEIRS, {"articles": numbers(articles)}).scalars())
    if not heirs:
        return []
    outlets = list(connection.execute(OUTLETS_OF, {"articles": numbers(articles)}).scalars())
    ledger.end(connection, ARTICLES, heirs, "stored")
    connection.execute(INHERIT, {"documents": numbers(heirs)})
    return outlets


def remove_outlets(connection: Connection, outlets: Collection[int]) -> None:
    """Delete those of the outlets that no article and no source names."""
    if outlets:
        connection.execute(REMOVE_OUTLETS, {"outlets": numbers(sorted(outlets))})


def files_holding(connection: Connection, documents: Collection[int], articles: Collection[int]) -> list[int]:
    """Return the files that hold one of these documents, or any document of these articles."""
    others = connection.execute(DOCUMENTS_OF_ARTICLES, {"articles": numbers(articles)}).scalars()
    return list(connection.execute(FILES_HOLDING, {"documents": numbers({*documents, *others})}).scalars())


def split_files(connection: Connection, decision_id: int) -> list[int]:
    """Return the files with forgotten documents of a decision that wait for their new states."""
    return list(connection.execute(SPLIT_FILES, {"decision": decision_id}).scalars())
