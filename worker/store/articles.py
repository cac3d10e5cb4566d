"""Rows of articles: add, read and rewrite articles, and store how the document of an article ended."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from worker.parse.article import Article as Parsed
from worker.reasons import Reason, Refused
from worker.store import ledger
from worker.store.ledger import Claim
from worker.store.marks import FORGOTTEN, Marks
from worker.store.queues import ARTICLES

SAME_TEXT = text("""SELECT id FROM articles WHERE canonical_hash = :hash""")
KNOWN = text(f"""SELECT {FORGOTTEN}, EXISTS (SELECT FROM articles WHERE canonical_hash = :hash)""")
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
    INSERT INTO article_sources (article_id, document_id, outlet_id, url, title, authors, published_at, date_source,
                                 identifier, revision, section, wire, format)
    VALUES (:article_id, :document_id, :outlet_id, :url, :title, :authors, :published_at, :date_source,
            :identifier, :revision, :section, :wire, :format)
    ON CONFLICT (article_id, document_id) DO UPDATE
    SET outlet_id = excluded.outlet_id, url = excluded.url, title = excluded.title, authors = excluded.authors,
        published_at = excluded.published_at, date_source = excluded.date_source, identifier = excluded.identifier,
        revision = excluded.revision, section = excluded.section, wire = excluded.wire, format = excluded.format
    """
)
# The document that an article follows: the one from which it was stored, or a later version of the same item with the
# same text (`worker.store.versions`).
FOLLOWED = """
    documents d
    LEFT JOIN item_versions v ON v.document_id = d.id
    LEFT JOIN items i ON i.id = v.item_id
    LEFT JOIN (documents l JOIN item_versions lv ON lv.document_id = l.id AND NOT lv.withdrawn)
        ON l.id = i.newest AND l.article_id = d.article_id
"""
STORED = text(
    f"""
    SELECT a.id, a.story_id, a.text, a.body_start, a.body_end, a.title, a.dateline, a.licence, a.url, a.authors,
           a.published_at, a.date_source, a.language, a.warnings,
           s.identifier, s.revision, s.section, s.wire, coalesce(lv.withdrawn, v.withdrawn, false) AS withdrawn
    FROM articles a
    LEFT JOIN ({FOLLOWED}) ON d.article_id = a.id AND d.state = 'stored'
    LEFT JOIN article_sources s ON s.article_id = a.id AND s.document_id = coalesce(l.id, d.id)
    WHERE a.id = :article ORDER BY d.id LIMIT 1
    """
)
IDENTIFY = text(
    """
    UPDATE article_sources
    SET identifier = :identifier, revision = :revision, section = :section, wire = :wire, format = :format
    WHERE article_id = :article_id AND document_id = :document_id
    """
)
LOCK = text("""SELECT id FROM articles WHERE id = :article FOR UPDATE""")
FIRST_DOCUMENT = text(
    f"""
    SELECT f.raw, f.media_type, f.name, f.id, f.sha256 FROM {FOLLOWED} JOIN documents f ON f.id = coalesce(l.id, d.id)
    WHERE d.article_id = :article AND d.state = 'stored' ORDER BY d.id LIMIT 1
    """
)
# A new text may be shorter, and the database refuses a quote that reaches past its end. Such quotes are moved to the
# first code point for a moment. The swap then gives each quote that stays its new position; the words of the other
# quotes are kept in the history.
PARK_QUOTES = text(
    """
    UPDATE quotes
    SET parts = '{0,1}', start_char = 0, end_char = 1, source_text = NULL, source_start = NULL, source_end = NULL,
        cue = NULL, cue_start = NULL, cue_end = NULL
    WHERE article_id = :article AND greatest(end_char, source_end, cue_end) > :length
    """
)
DROP_CONTEXTS = text(
    """
    UPDATE quotes SET context_start = NULL, context_end = NULL WHERE article_id = :article AND context_end > :length
    """
)
REWRITE = text(
    """
    UPDATE articles
    SET title = :title, text = :text, body_start = :body_start, body_end = :body_end, url = :url, authors = :authors,
        published_at = :published_at, date_source = :date_source, language = :language, dateline = :dateline,
        licence = :licence, warnings = :warnings, canonical_hash = :canonical_hash, sketch = :sketch
    WHERE id = :article
    """
)
# The swap says it of the quotes that stay. This also says it of those that come back when a person's decision does.
SAY_LANGUAGE = text(
    """
    UPDATE quotes SET language = :language WHERE article_id = :article AND language IS DISTINCT FROM :language
    """
)
UNRECONCILED = text("""SELECT id FROM articles WHERE NOT reconciled ORDER BY id LIMIT :limit""")
RECONCILED = text("""UPDATE articles SET reconciled = true WHERE id = ANY(CAST(:articles AS bigint[]))""")
QUOTES_OF = text("""SELECT id FROM quotes WHERE article_id = ANY(CAST(:articles AS bigint[]))""")
CURRENT_QUOTES_OF = text("""SELECT id FROM quotes WHERE article_id = ANY(CAST(:articles AS bigint[])) AND current""")
# `OFFSET 0`: see `worker.store.forms.FORMS_UNDER_KEYS`.
NAMES_IN = text(
    """
    SELECT DISTINCT a.id, s.name FROM unnest(CAST(:articles AS bigint[])) AS a (id)
    CROSS JOIN LATERAL (SELECT id FROM quotes WHERE article_id = a.id AND current OFFSET 0) q
    CROSS JOIN LATERAL (SELECT name FROM quote_speakers WHERE quote_id = q.id OFFSET 0) s
    """
)


class ClaimedDocument(NamedTuple):
    """The columns of a claimed document that processing needs; `raw` is None once the document was forgotten."""

    raw: bytes | None
    media_type: str
    name: str | None
    sha256: bytes


DocumentClaim = Claim[ClaimedDocument]


class FirstDocument(NamedTuple):
    """The document that an article follows: the one from which it was stored, or a later version with the same text.

    `raw` is None once the document was forgotten.
    """

    raw: bytes | None
    media_type: str
    name: str | None
    id: int
    sha256: bytes


class StoredArticle(NamedTuple):
    """A stored article: its id, the id of its story, and the article as it was parsed (without its outlet)."""

    id: int
    story_id: int
    parsed: Parsed


def known(connection: Connection, canonical_hash: bytes, marks: Marks) -> tuple[bool, bool]:
    """Return whether a person had an article with these marks forgotten, and whether its text is stored already."""
    row = connection.execute(KNOWN, {"hash": canonical_hash, **marks.values()}).one()
    return bool(row[0]), bool(row[1])


def article_of(connection: Connection, canonical_hash: bytes) -> int | None:
    """Return the id of the article whose text has this hash; None if there is no such article."""
    article_id = connection.execute(SAME_TEXT, {"hash": canonical_hash}).scalar()
    return int(article_id) if article_id is not None else None


def columns(parsed: Parsed, canonical_hash: bytes, sketch: list[int]) -> dict[str, Any]:
    """Return the columns of `articles` that are known as soon as the text is parsed."""
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
    """Insert an article and return its id.

    Return None when another worker has just stored the same text: a unique constraint lets only one of them succeed.
    """
    article_id = connection.execute(ADD_ARTICLE, values).scalar()
    return int(article_id) if article_id is not None else None


def add_source(
    connection: Connection, article_id: int, document_id: int, parsed: Parsed, outlet: int | None, format_name: str
) -> None:
    """Store that a document carried an article, with what the document says of it: outlet, title, authors, date, …

    `format_name` is the name of the format it came in, or of the database that it was exported from.
    """
    values = {
        "outlet_id": outlet,
        "url": parsed.url,
        "title": parsed.title,
        "authors": list(parsed.authors),
        "published_at": datetime.fromisoformat(parsed.published_at) if parsed.published_at else None,
        "date_source": parsed.date_source,
    }
    connection.execute(ADD_SOURCE, values | _identity(article_id, document_id, parsed, format_name))


def identify(connection: Connection, article_id: int, document_id: int, parsed: Parsed, format_name: str) -> None:
    """Store again which id, version, section and agency a document names, after it was parsed again."""
    connection.execute(IDENTIFY, _identity(article_id, document_id, parsed, format_name))


def _identity(article_id: int, document_id: int, parsed: Parsed, format_name: str) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "document_id": document_id,
        "identifier": parsed.identifier,
        "revision": parsed.revision,
        "section": parsed.section,
        "wire": parsed.wire,
        "format": format_name,
    }


def finish(connection: Connection, claim: DocumentClaim, state: str, article_id: int) -> None:
    """Store a claimed document's terminal state, and the article that was made from it or that it repeats."""
    ledger.end(connection, ARTICLES, [claim.id], state, article_id=article_id)


def finish_refused(connection: Connection, claim: DocumentClaim, refused: Refused) -> None:
    """Store the end of a document from which no article was made, with the reason.

    Of a document that a person had forgotten, only the hash stays.
    """
    reason = refused.reason
    columns: dict[str, None] = {"article_id": None} | ({"raw": None} if reason is Reason.FORGOTTEN else {})
    ledger.end(connection, ARTICLES, [claim.id], reason.state, reason=reason, message=refused.message, **columns)  # type: ignore[arg-type]


def read(connection: Connection, article_id: int) -> StoredArticle:
    """Return a stored article."""
    row = connection.execute(STORED, {"article": article_id}).one()
    parsed = Parsed(
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
        section=row.section,
        identifier=row.identifier,
        revision=row.revision,
        is_withdrawn=row.withdrawn,
        wire=row.wire,
        warnings=tuple(row.warnings),
    )
    return StoredArticle(row.id, row.story_id, parsed)


def lock(connection: Connection, article_id: int) -> None:
    """Lock an article's row until the transaction ends."""
    connection.execute(LOCK, {"article": article_id})


def first_document(connection: Connection, article_id: int) -> FirstDocument | None:
    """Return the document that the article follows; None if there is no such document."""
    row = connection.execute(FIRST_DOCUMENT, {"article": article_id}).first()
    return FirstDocument(*row) if row else None


def rewrite(connection: Connection, article_id: int, parsed: Parsed, canonical_hash: bytes, sketch: list[int]) -> None:
    """Replace the article's text by the newly parsed text; the caller must swap the quotes in the same transaction."""
    connection.execute(DROP_CONTEXTS, {"article": article_id, "length": len(parsed.text)})
    connection.execute(PARK_QUOTES, {"article": article_id, "length": len(parsed.text)})
    connection.execute(REWRITE, columns(parsed, canonical_hash, sketch) | {"article": article_id})
    connection.execute(SAY_LANGUAGE, {"article": article_id, "language": parsed.language})


def unreconciled(connection: Connection, limit: int) -> list[int]:
    """Return up to `limit` articles that the reconciling job has not looked at, in order of their ids."""
    return list(connection.execute(UNRECONCILED, {"limit": limit}).scalars())


def mark_reconciled(connection: Connection, articles: list[int]) -> None:
    """Store that the reconciling job has looked at some articles."""
    connection.execute(RECONCILED, {"articles": articles})


def quotes_of(connection: Connection, articles: list[int]) -> list[int]:
    """Return the ids of all quotes of some articles, even of quotes that readers do not see any more."""
    return list(connection.execute(QUOTES_OF, {"articles": articles}).scalars())


def current_quotes_of(connection: Connection, articles: list[int]) -> list[int]:
    """Return the ids of those quotes of some articles that readers see."""
    return list(connection.execute(CURRENT_QUOTES_OF, {"articles": articles}).scalars())


def names_in(connection: Connection, articles: list[int]) -> dict[int, set[str]]:
    """Return the names of the speakers that readers see in each of some articles."""
    names: dict[int, set[str]] = {article_id: set() for article_id in articles}
    for article_id, name in connection.execute(NAMES_IN, {"articles": articles}):
        names[article_id].add(name)
    return names
