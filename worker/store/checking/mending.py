"""Mends rows from other rows: numbers are counted again, and rows that belong to nothing are deleted.

Each function may be called with the ids of rows that are right: these do not change. The caller holds the lock of
decisions (`worker.store.db.decision_lock`).
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, TextClause, text

from worker.store.checking.texts import TEXT_COLUMNS, StoredText
from worker.store.db.many_rows import numbers

# files and documents
COUNT_MEMBERS = text(
    """
    UPDATE files f SET members = (SELECT count(*) FROM file_documents fd WHERE fd.file_id = f.id)
    WHERE f.id = ANY(CAST(:ids AS bigint[])) AND f.state IN ('split', 'stored', 'duplicate')
    """
)
STORED_FROM_FIRST = text(
    """
    UPDATE documents d SET state = CASE WHEN d.id = first.id THEN 'stored' ELSE 'duplicate' END
    FROM (SELECT article_id, coalesce(min(id) FILTER (WHERE state = 'stored'), min(id)) AS id
          FROM documents WHERE article_id = ANY(CAST(:ids AS bigint[])) GROUP BY 1) first
    WHERE d.article_id = first.article_id
      AND d.state <> CASE WHEN d.id = first.id THEN 'stored' ELSE 'duplicate' END
    """
)
FILES_OF_ARTICLES = text(
    """
    SELECT DISTINCT fd.file_id FROM documents d JOIN file_documents fd ON fd.document_id = d.id
    WHERE d.article_id = ANY(CAST(:ids AS bigint[])) ORDER BY 1
    """
)
DOCUMENTS_OF_ARTICLES = text("""SELECT id FROM documents WHERE article_id = ANY(CAST(:ids AS bigint[])) ORDER BY id""")
RUN_AGAIN = text(
    """
    UPDATE reprocess_runs r SET state = 'running', finished_at = NULL
    WHERE r.id = ANY(CAST(:ids AS bigint[])) AND EXISTS (
        SELECT FROM reprocess_items i WHERE i.run_id = r.id AND i.state IN ('waiting', 'working'))
    """
)
REMOVE_WRONG_SOURCES = text(
    """
    DELETE FROM article_sources s USING documents d
    WHERE d.id = s.document_id AND d.id = ANY(CAST(:ids AS bigint[])) AND d.article_id IS DISTINCT FROM s.article_id
    """
)
ADD_SOURCES = text(
    """
    INSERT INTO article_sources (article_id, document_id, outlet_id, url, title, authors, published_at, date_source)
    SELECT a.id, d.id, a.outlet_id, a.url, a.title, a.authors, a.published_at, a.date_source
    FROM documents d JOIN articles a ON a.id = d.article_id
    WHERE d.id = ANY(CAST(:ids AS bigint[])) ON CONFLICT DO NOTHING
    """
)
EMPTY_FORGOTTEN = text(
    """UPDATE documents SET raw = NULL WHERE id = ANY(CAST(:ids AS bigint[])) AND reason = 'forgotten'"""
)

# articles and stories
TEXTS_OF = text(f"""SELECT {TEXT_COLUMNS} FROM articles a WHERE a.id = ANY(CAST(:ids AS bigint[]))""")
SET_HASH = text(
    """
    UPDATE articles SET canonical_hash = :hash
    WHERE id = :id AND NOT EXISTS (SELECT FROM articles o WHERE o.canonical_hash = :hash AND o.id <> :id)
    """
)
SET_SKETCH = text("""UPDATE articles SET sketch = CAST(:sketch AS bigint[]) WHERE id = :id""")
REMOVE_STORIES = text(
    """
    DELETE FROM stories s
    WHERE s.id = ANY(CAST(:ids AS bigint[])) AND NOT EXISTS (SELECT FROM articles a WHERE a.story_id = s.id)
    """
)
REMOVE_FINGERPRINTS = text(
    """
    DELETE FROM fingerprints f
    USING (SELECT f.story_id, f.hash FROM fingerprints f WHERE f.story_id = ANY(CAST(:ids AS bigint[]))
           EXCEPT
           SELECT a.story_id, h.hash FROM articles a CROSS JOIN unnest(a.sketch) AS h (hash)
           WHERE a.story_id = ANY(CAST(:ids AS bigint[]))) unused
    WHERE f.story_id = unused.story_id AND f.hash = unused.hash
    """
)
# As when an article is stored: a hash that more than eight stories have is boilerplate.
ADD_FINGERPRINTS = text(
    """
    INSERT INTO fingerprints (hash, story_id)
    SELECT DISTINCT h.hash, a.story_id FROM articles a CROSS JOIN unnest(a.sketch) AS h (hash)
    WHERE a.story_id = ANY(CAST(:ids AS bigint[]))
      AND (SELECT count(*) FROM (SELECT FROM fingerprints f WHERE f.hash = h.hash LIMIT 9) AS nine) <= 8
    ON CONFLICT DO NOTHING
    """
)

# quotations and statements
COUNT_QUOTES = text(
    """
    UPDATE extractions e
    SET quotes = (SELECT count(*) FROM quotes q WHERE q.extraction_id = e.id AND q.current)
    WHERE e.article_id = ANY(CAST(:ids AS bigint[])) AND e.current
    """
)
UNNEST = text("""UPDATE quotes SET inside = NULL WHERE id = ANY(CAST(:ids AS bigint[]))""")
MARK_UNTOLD = text(
    """
    INSERT INTO change_marks (article_id)
    SELECT article_id FROM quotes WHERE id = ANY(CAST(:ids AS bigint[]))
    UNION
    SELECT article_id FROM told_quotes WHERE quote_id = ANY(CAST(:ids AS bigint[]))
    """
)
ARTICLES_OF_QUOTES = text(
    """SELECT DISTINCT article_id FROM quotes WHERE id = ANY(CAST(:ids AS bigint[])) ORDER BY article_id"""
)
REMOVE_LOST_KEYS = text(
    """
    DELETE FROM statement_keys k
    WHERE k.statement_id = ANY(CAST(:ids AS bigint[]))
      AND NOT EXISTS (SELECT FROM statements st WHERE st.id = k.statement_id AND st.owner = k.owner)
    """
)
STATEMENTS = text("""SELECT id, owner, text FROM statements WHERE id = ANY(CAST(:ids AS bigint[]))""")
QUOTES_OF_STATEMENTS = text("""SELECT id FROM quotes WHERE statement_id = ANY(CAST(:ids AS bigint[]))""")

# speakers and decisions
MERGES = text("""SELECT id, merged_into FROM speakers WHERE merged_into IS NOT NULL""")
MERGED_PAIR = text(
    """
    SELECT coalesce(a.merged_into, a.id) AS root, coalesce(b.merged_into, b.id) AS target FROM decisions d
    JOIN speakers a ON a.id = d.speaker_id
    JOIN speakers b ON b.id = CAST(d.value->>'into' AS bigint)
    WHERE d.id = :decision
    """
)
KINDS = text("""SELECT id, kind FROM speakers WHERE id = ANY(CAST(:ids AS bigint[]))""")
USED = """
    SELECT qs.speaker_id, qs.name, count(DISTINCT q.article_id) AS articles
    FROM quote_speakers qs JOIN quotes q ON q.id = qs.quote_id
    WHERE qs.speaker_id = ANY(CAST(:ids AS bigint[])) AND q.current GROUP BY 1, 2
"""
COUNT_NAMES = text(
    f"""
    UPDATE speaker_names n SET articles = counted.articles
    FROM (SELECT m.id, coalesce(used.articles, 0) AS articles FROM speaker_names m
          LEFT JOIN ({USED}) used ON used.speaker_id = m.speaker_id AND used.name = m.name
          WHERE m.speaker_id = ANY(CAST(:ids AS bigint[])) AND m.status = 'joined') counted
    WHERE counted.id = n.id AND n.articles <> counted.articles
    """
)
ADD_NAMES = text(
    f"""
    INSERT INTO speaker_names (speaker_id, name, evidence, confidence, articles)
    SELECT used.speaker_id, used.name, 'given by a person', 1.0, used.articles FROM ({USED}) used
    ON CONFLICT (speaker_id, name, status) DO NOTHING
    """
)
REMOVE_UNUSED_NAMES = text(
    """
    DELETE FROM speaker_names n
    WHERE n.speaker_id = ANY(CAST(:ids AS bigint[])) AND n.status = 'joined' AND n.articles = 0
      AND NOT EXISTS (SELECT FROM quote_speakers qs WHERE qs.speaker_id = n.speaker_id AND qs.name = n.name)
    """
)
REMOVE_BESIDE_CHOICE = text(
    """
    DELETE FROM quote_speakers qs
    WHERE qs.quote_id = ANY(CAST(:ids AS bigint[])) AND NOT qs.by_hand
      AND EXISTS (SELECT FROM quote_speakers o WHERE o.quote_id = qs.quote_id AND o.by_hand)
    """
)
LATEST_UNDONE = text(
    """
    SELECT max(d.id) FROM decisions d
    WHERE d.quote_id = :quote AND d.kind = 'set_speaker' AND d.value ? 'machine'
      AND EXISTS (SELECT FROM decisions u WHERE u.undoes = d.id)
    """
)
REMOVE_HALF_PROPOSALS = text(
    """
    DELETE FROM speaker_names
    WHERE speaker_id = ANY(CAST(:ids AS bigint[])) AND status <> 'joined' AND other_id IS NULL
    """
)
REMOVE_SPEAKERS = text(
    """
    DELETE FROM speakers s
    WHERE s.id = ANY(CAST(:ids AS bigint[])) AND NOT EXISTS (SELECT FROM quote_speakers q WHERE q.speaker_id = s.id)
    """
)


class StoredStatement(NamedTuple):
    """A statement: its id, its owner and its words."""

    id: int
    owner: int
    text: str


def run(connection: Connection, statement: TextClause, ids: Collection[int]) -> None:
    """Run one of the statements above for these ids."""
    connection.execute(statement, {"ids": numbers(ids)})


def found(connection: Connection, query: TextClause, ids: Collection[int]) -> list[int]:
    """Return the ids that one of the queries above finds for these ids."""
    return list(connection.execute(query, {"ids": numbers(ids)}).scalars())


def set_hash(connection: Connection, article_id: int, canonical_hash: bytes) -> None:
    """Store the hash of an article, unless another article has it."""
    connection.execute(SET_HASH, {"id": article_id, "hash": canonical_hash})


def set_sketch(connection: Connection, article_id: int, sketch: Collection[int]) -> None:
    """Store the sketch of an article."""
    connection.execute(SET_SKETCH, {"id": article_id, "sketch": numbers(sketch)})


def texts_of(connection: Connection, articles: Collection[int]) -> list[StoredText]:
    """Return some articles with what was computed from their texts."""
    return [StoredText(*row) for row in connection.execute(TEXTS_OF, {"ids": numbers(articles)})]


def statements(connection: Connection, ids: Collection[int]) -> list[StoredStatement]:
    """Return some statements."""
    return [StoredStatement(*row) for row in connection.execute(STATEMENTS, {"ids": numbers(ids)})]


def merges(connection: Connection) -> dict[int, int]:
    """Return, for each merged speaker, the speaker into which it is merged."""
    return {row.id: row.merged_into for row in connection.execute(MERGES)}


def merged_pair(connection: Connection, decision_id: int) -> tuple[int, int] | None:
    """Return the roots of the two speakers that a decision merged; None if one of the speakers is gone."""
    row = connection.execute(MERGED_PAIR, {"decision": decision_id}).first()
    return (row.root, row.target) if row else None


def kinds(connection: Connection, speakers: Collection[int]) -> dict[int, str]:
    """Return the kind (person or body) of each speaker."""
    return {row.id: row.kind for row in connection.execute(KINDS, {"ids": numbers(speakers)})}


def latest_undone(connection: Connection, quote_id: int) -> int | None:
    """Return the latest undone decision about who said a quotation that still knows what the machine had found."""
    decision_id = connection.execute(LATEST_UNDONE, {"quote": quote_id}).scalar()
    return int(decision_id) if decision_id is not None else None
