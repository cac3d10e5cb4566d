"""The schema `report` and the role that may read it and nothing else

Revision: 0002, after 0001
"""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

READER = "onrecord_reader"

log = logging.getLogger("onrecord.migrations")

# Each view: name, comment, query, and the comments of its columns in order.
# Scalar subqueries in a select list cost nothing in queries that do not name the column.
VIEWS: list[tuple[str, str, str, dict[str, str]]] = [
    (
        "files",
        "One row a content seen at a path: everything that was ever dropped, and what became of it.",
        """
        SELECT i.name, f.shown, f.state, f.reason, f.message, encode(f.sha256, 'hex'), f.size,
               f.members, f.members_stored, f.members_duplicate, f.members_quarantined,
               (SELECT o.shown FROM files o WHERE o.id = f.duplicate_of), f.attempt, f.first_seen, f.finished_at
        FROM files f JOIN inboxes i ON i.id = f.inbox_id
        """,
        {
            "inbox": "The folder it was dropped in.",
            "file": "Path below the folder; bytes that are not UTF-8 as \\xNN.",
            "state": "waiting, reading, split, stored, duplicate, quarantined or ignored.",
            "reason": "Reason code of a quarantined or ignored file.",
            "message": "What happened and what to do.",
            "sha256": "SHA-256 of its bytes, in hexadecimal.",
            "size": "Bytes.",
            "members": "Articles and refused members found in it.",
            "members_stored": "Members that gave a new article.",
            "members_duplicate": "Members whose text was there already.",
            "members_quarantined": "Members that are quarantined.",
            "duplicate_of": "The first file with the same bytes or text.",
            "attempts": "How often it was claimed.",
            "first_seen": "When it was first noticed.",
            "finished_at": "When it reached its terminal state.",
        },
    ),
    (
        "members",
        "One row an article (or refused member) at its place in a file.",
        """
        SELECT i.name, f.shown, fd.member, fd.position, coalesce(d.state, 'quarantined'),
               coalesce(fd.reason, d.reason), coalesce(fd.message, d.message), d.article_id
        FROM file_documents fd
        JOIN files f ON f.id = fd.file_id
        JOIN inboxes i ON i.id = f.inbox_id
        LEFT JOIN documents d ON d.id = fd.document_id
        """,
        {
            "inbox": "The folder.",
            "file": "The file.",
            "member": "The member's name in it: a path, or a line number; null: the file itself.",
            "position": "Its place in the file, from 0.",
            "state": "waiting, working, stored, duplicate, quarantined or ignored.",
            "reason": "Reason code of a member that gave no article.",
            "message": "What happened and what to do.",
            "article_id": "The article it gave or joined.",
        },
    ),
    (
        "articles",
        "One row a distinct text.",
        """
        SELECT a.id, a.title, a.text, a.body_start, a.body_end, o.name, a.url, a.published_at, a.date_source,
               a.language, a.licence, a.story_id,
               (SELECT count(*) FROM article_sources s WHERE s.article_id = a.id),
               (SELECT f.shown FROM article_sources s
                  JOIN file_documents fd ON fd.document_id = s.document_id JOIN files f ON f.id = fd.file_id
                 WHERE s.article_id = a.id ORDER BY f.id LIMIT 1),
               a.stored_at
        FROM articles a LEFT JOIN outlets o ON o.id = a.outlet_id
        WHERE a.current
        """,
        {
            "article_id": "Number of the article.",
            "title": "Headline.",
            "text": "The text as decoded; offsets count its code points.",
            "body_start": "Where the body starts, after the dateline.",
            "body_end": "Where the body ends, before the trailer.",
            "outlet": "Publisher, as first found.",
            "url": "Address, as first found.",
            "published_at": "When it was published; null when the article does not say.",
            "date_source": "Where the date was found; 'no zone': read as UTC.",
            "language": "ISO 639-1 code.",
            "licence": "The licence sentence it carries.",
            "story_id": "Near-duplicates share a story.",
            "sources": "Documents that carried this text.",
            "first_file": "The first file it came in.",
            "stored_at": "When it was stored.",
        },
    ),
    (
        "sources",
        "One row a place an article was found in; exact syndication keeps every outlet.",
        """
        SELECT s.article_id, o.name, s.url, s.title, s.authors, s.published_at, s.date_source, i.name, f.shown,
               fd.member
        FROM article_sources s
        JOIN articles a ON a.id = s.article_id AND a.current
        JOIN file_documents fd ON fd.document_id = s.document_id
        JOIN files f ON f.id = fd.file_id
        JOIN inboxes i ON i.id = f.inbox_id
        LEFT JOIN outlets o ON o.id = s.outlet_id
        """,
        {
            "article_id": "The article.",
            "outlet": "Publisher found there.",
            "url": "Address found there.",
            "title": "Headline found there.",
            "authors": "Authors found there.",
            "published_at": "Date found there.",
            "date_source": "Where the date was found; 'no zone': read as UTC.",
            "inbox": "The folder.",
            "file": "The file, by its path below the folder.",
            "member": "Its place in the file: a path, or a line number; null: the file itself.",
        },
    ),
    (
        "quote_speakers",
        "One row a speaker of a current quote; a joint source has several.",
        """
        SELECT qs.quote_id, r.id, r.name, qs.position, qs.name, qs.evidence, qs.confidence, qs.by_hand
        FROM quote_speakers qs
        JOIN speakers s ON s.id = qs.speaker_id
        JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
        JOIN quotes q ON q.id = qs.quote_id AND q.current AND NOT q.rejected
        JOIN articles a ON a.id = q.article_id AND a.current
        """,
        {
            "quote_id": "The quote.",
            "speaker_id": "The speaker, after merges.",
            "speaker": "Canonical name.",
            "position": "Order in a joint source, from 0.",
            "named": "The full name in that article.",
            "evidence": "The rule that decided.",
            "confidence": "How sure that rule is, 0 to 1.",
            "by_hand": "Decided by a person.",
        },
    ),
    (
        "quotes",
        "One row a current quote: who said what, where and when.",
        """
        SELECT q.id, q.kind, q.text,
               (SELECT string_agg(r.name, ' & ' ORDER BY qs.position, r.name)
                  FROM quote_speakers qs JOIN speakers s ON s.id = qs.speaker_id
                  JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
                 WHERE qs.quote_id = q.id),
               q.source_text, q.source_kind, q.cue, q.confidence, a.id, a.title, o.name, a.url, a.published_at,
               (SELECT i.name FROM article_sources s
                  JOIN file_documents fd ON fd.document_id = s.document_id JOIN files f ON f.id = fd.file_id
                  JOIN inboxes i ON i.id = f.inbox_id WHERE s.article_id = a.id
                 ORDER BY (f.current AND f.missing_since IS NULL AND f.after_done_at IS NULL) DESC, f.id LIMIT 1),
               (SELECT f.shown FROM article_sources s
                  JOIN file_documents fd ON fd.document_id = s.document_id JOIN files f ON f.id = fd.file_id
                 WHERE s.article_id = a.id
                 ORDER BY (f.current AND f.missing_since IS NULL AND f.after_done_at IS NULL) DESC, f.id LIMIT 1),
               q.start_char, q.end_char, q.statement_id, a.story_id, v.name, e.extracted_at
        FROM quotes q
        JOIN articles a ON a.id = q.article_id
        JOIN extractions e ON e.id = q.extraction_id
        JOIN extractor_versions v ON v.id = e.version_id
        LEFT JOIN outlets o ON o.id = a.outlet_id
        WHERE q.current AND NOT q.rejected AND a.current
        """,
        {
            "quote_id": "Number of the quote; kept by re-processing while the quotation stays.",
            "kind": "direct, mixed or indirect.",
            "quote": "The words; parts of an interrupted quotation joined by a space.",
            "speaker": "Canonical name; null when unknown or unnamed; joint ones joined by ' & '.",
            "source_text": "The words in the article that name the source ('the minister').",
            "source_kind": "person, body, unnamed or none.",
            "cue": "The reporting words ('said').",
            "confidence": "How sure the extractor is, 0 to 1.",
            "article_id": "The article.",
            "title": "Its headline.",
            "outlet": "Its publisher.",
            "url": "Its address.",
            "published_at": "When it was published; null when the article does not say.",
            "inbox": "The folder of the earliest file that is still there.",
            "file": "That file's path below its folder.",
            "start_char": "First code point in the article's text, from 0.",
            "end_char": "After the last code point.",
            "statement_id": "The same thing said shares a statement, wherever it was printed.",
            "story_id": "Near-duplicates share a story.",
            "extractor": "The extractor that found it.",
            "extracted_at": "When it was extracted.",
        },
    ),
    (
        "statements",
        "One row a thing said, wherever it was printed.",
        """
        SELECT st.id, st.text,
               (SELECT r.name FROM speakers s JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
                 WHERE s.id = st.owner),
               count(*), count(DISTINCT q.article_id), count(DISTINCT a.story_id),
               (SELECT count(DISTINCT s.outlet_id) FROM article_sources s WHERE s.article_id = ANY (array_agg(a.id))),
               min(coalesce(a.published_at, a.stored_at)), max(coalesce(a.published_at, a.stored_at))
        FROM statements st
        JOIN quotes q ON q.statement_id = st.id AND q.current AND NOT q.rejected
        JOIN articles a ON a.id = q.article_id AND a.current
        GROUP BY st.id
        """,
        {
            "statement_id": "Number of the statement.",
            "statement": "Its words, as first stored.",
            "speaker": "Canonical name; null for a source without a name.",
            "quotes": "Times printed.",
            "articles": "Articles that print it.",
            "stories": "Stories that print it.",
            "outlets": "Outlets that print it, exact syndication included.",
            "first_day": "First printed (publication date, else when stored).",
            "last_day": "Last printed.",
        },
    ),
    (
        "speakers",
        "One row a speaker with at least one current quote.",
        """
        SELECT r.id, r.name, r.kind, count(DISTINCT q.id), count(DISTINCT q.statement_id),
               count(DISTINCT q.article_id),
               (SELECT array_agg(DISTINCT n.name ORDER BY n.name) FROM speaker_names n
                  JOIN speakers m ON m.id = n.speaker_id
                 WHERE coalesce(m.merged_into, m.id) = r.id AND n.status = 'joined' AND n.articles > 0),
               min(coalesce(a.published_at, a.stored_at)), max(coalesce(a.published_at, a.stored_at))
        FROM quote_speakers qs
        JOIN speakers s ON s.id = qs.speaker_id
        JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
        JOIN quotes q ON q.id = qs.quote_id AND q.current AND NOT q.rejected
        JOIN articles a ON a.id = q.article_id AND a.current
        GROUP BY r.id
        """,
        {
            "speaker_id": "Number of the speaker.",
            "speaker": "Canonical name.",
            "kind": "person or body.",
            "quotes": "Quotes printed.",
            "statements": "Statements said.",
            "articles": "Articles that quote the speaker.",
            "names": "Every form of the name seen.",
            "first_day": "First quoted (publication date, else when stored).",
            "last_day": "Last quoted.",
        },
    ),
    (
        "speaker_names",
        "One row a form of a speaker's name, with the reason it was joined; also joins that are only proposed.",
        """
        SELECT r.id, r.name, n.name, n.status, p.id, p.name, n.articles, n.evidence, n.confidence
        FROM speaker_names n
        JOIN speakers s ON s.id = n.speaker_id
        JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
        LEFT JOIN speakers o ON o.id = n.other_id
        LEFT JOIN speakers p ON p.id = coalesce(o.merged_into, o.id)
        """,
        {
            "speaker_id": "The speaker, after merges.",
            "speaker": "Canonical name.",
            "name": "This form of it.",
            "status": "joined, proposed, or refused by a person.",
            "other_id": "Of a proposed join: the speaker that may be the same.",
            "other": "That speaker's canonical name.",
            "articles": "Articles that use this form.",
            "evidence": "Why it was joined or proposed.",
            "confidence": "How sure that is, 0 to 1.",
        },
    ),
    (
        "speaker_days",
        "One row a speaker and day.",
        """
        SELECT (coalesce(a.published_at, a.stored_at) AT TIME ZONE 'UTC')::date, r.name,
               count(DISTINCT q.id), count(DISTINCT q.statement_id)
        FROM quote_speakers qs
        JOIN speakers s ON s.id = qs.speaker_id
        JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
        JOIN quotes q ON q.id = qs.quote_id AND q.current AND NOT q.rejected
        JOIN articles a ON a.id = q.article_id AND a.current
        GROUP BY 1, r.id
        """,
        {
            "day": "Day of publication, else of storing, in UTC.",
            "speaker": "Canonical name.",
            "quotes": "Quotes printed that day.",
            "statements": "Statements said.",
        },
    ),
    (
        "outlets",
        "One row a publisher, counting every place its copies were found.",
        """
        SELECT o.id, o.name, count(DISTINCT a.id), count(DISTINCT q.id), count(DISTINCT q.statement_id),
               min(coalesce(s.published_at, a.stored_at)), max(coalesce(s.published_at, a.stored_at))
        FROM outlets o
        JOIN article_sources s ON s.outlet_id = o.id
        JOIN articles a ON a.id = s.article_id AND a.current
        LEFT JOIN quotes q ON q.article_id = a.id AND q.current AND NOT q.rejected
        GROUP BY o.id
        """,
        {
            "outlet_id": "Number of the outlet.",
            "outlet": "Its name.",
            "articles": "Articles it printed.",
            "quotes": "Quotes it printed.",
            "statements": "Statements it printed.",
            "first_day": "First article (publication date, else when stored).",
            "last_day": "Last article.",
        },
    ),
]

SEARCH = """
CREATE FUNCTION report.search(words text) RETURNS SETOF report.quotes
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT v.* FROM public.quotes q JOIN report.quotes v ON v.quote_id = q.id
    WHERE q.search @@ websearch_to_tsquery('english', words)
    ORDER BY ts_rank(q.search, websearch_to_tsquery('english', words)) DESC, q.id
$$
"""


def quoted(words: str) -> str:
    """`words` as an SQL string literal."""
    return "'" + words.replace("'", "''") + "'"


def role_exists() -> bool:
    """Whether the reading role is there; it belongs to the whole server, so another database may have made it."""
    found = op.get_bind().execute(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": READER})
    return found.first() is not None


def make_role() -> bool:
    """Make the reading role if it is missing; False when that is not allowed here."""
    if role_exists():
        return True
    try:
        with op.get_bind().begin_nested():
            op.execute(f"CREATE ROLE {READER} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT")
            op.execute(f"ALTER ROLE {READER} SET default_transaction_read_only = on")
            op.execute(f"ALTER ROLE {READER} SET statement_timeout = '60s'")
            op.execute(f"ALTER ROLE {READER} SET search_path = report")
    except sa.exc.ProgrammingError:
        log.warning(
            "this user may not create the role %s; ask an administrator for: CREATE ROLE %s LOGIN; "
            "then: GRANT USAGE ON SCHEMA report TO %s; GRANT SELECT ON ALL TABLES IN SCHEMA report TO %s",
            *(READER,) * 4,
        )
        return False
    return True


def lend_role() -> None:
    """Let the owner of the tables act as the reader, which the command does where it has no URL of the reader's own."""
    try:
        with op.get_bind().begin_nested():
            op.execute(f"GRANT {READER} TO CURRENT_USER")
    except sa.exc.DBAPIError:
        log.info("this user may not act as the role %s; set ONRECORD_REPORT_URL to read as it", READER)


def upgrade() -> None:
    """Make the views, the search function, the role and its rights."""
    op.execute("CREATE SCHEMA report")
    op.execute("COMMENT ON SCHEMA report IS 'What people ask: read-only views over what Onrecord stored.'")
    for name, comment, query, columns in VIEWS:
        op.execute(sa.text(f"CREATE VIEW report.{name} ({', '.join(columns)}) AS {query}".replace(":", "\\:")))
        op.execute(sa.text(f"COMMENT ON VIEW report.{name} IS {quoted(comment)}".replace(":", "\\:")))
        for column, said in columns.items():
            op.execute(sa.text(f"COMMENT ON COLUMN report.{name}.{column} IS {quoted(said)}".replace(":", "\\:")))
    op.execute(SEARCH)
    op.execute("COMMENT ON FUNCTION report.search(text) IS 'Current quotes with these words, best first.'")
    op.execute("REVOKE ALL ON FUNCTION report.search(text) FROM PUBLIC")
    # The reader sees the schema report and nothing else; the tables' names are no secret, but why show them.
    op.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    if make_role():
        lend_role()
        op.execute(f"GRANT USAGE ON SCHEMA report TO {READER}")
        op.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA report TO {READER}")
        op.execute(f"GRANT EXECUTE ON FUNCTION report.search(text) TO {READER}")


def downgrade() -> None:
    """Take the schema away; the role stays, since other databases of the server may use it."""
    op.execute("DROP FUNCTION report.search(text)")
    for name, *_ in reversed(VIEWS):
        op.execute(f"DROP VIEW report.{name}")
    op.execute("DROP SCHEMA report")
