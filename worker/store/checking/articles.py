"""Questions about articles, the documents that carry them, and their stories."""

from worker.store.checking.question import Question
from worker.store.versions import HELD, IS_VERSION, LIVE, NEWEST

QUESTIONS = (
    Question(
        "article-without-source",
        "An article has no source, so reports cannot say from which file it came.",
        "articles",
        """
        SELECT id FROM articles a WHERE NOT EXISTS (SELECT FROM article_sources s WHERE s.article_id = a.id)
        """,
    ),
    Question(
        "article-without-stored-document",
        "An article does not have exactly one document from which it was stored.",
        "articles",
        """
        SELECT a.id FROM articles a
        LEFT JOIN (SELECT article_id, count(*) AS number FROM documents WHERE state = 'stored' GROUP BY 1) d
            ON d.article_id = a.id
        WHERE d.number IS DISTINCT FROM 1
        """,
    ),
    Question(
        "article-empty",
        "An article has no text.",
        "articles",
        """SELECT id FROM articles WHERE body_end = body_start""",
    ),
    Question(
        "source-of-another-article",
        "A document is named as the source of an article, but it carries another article or none.",
        "documents",
        """
        SELECT d.id FROM article_sources s JOIN documents d ON d.id = s.document_id
        WHERE d.article_id IS DISTINCT FROM s.article_id
        """,
    ),
    Question(
        "document-without-source",
        "A document carries an article, but is not named among the article's sources.",
        "documents",
        """
        SELECT d.id FROM documents d
        LEFT JOIN article_sources s ON s.document_id = d.id AND s.article_id = d.article_id
        WHERE d.article_id IS NOT NULL AND s.document_id IS NULL
        """,
    ),
    Question(
        "document-without-bytes",
        "The bytes of a stored document are gone, so it cannot be parsed again.",
        "documents",
        """SELECT id FROM documents WHERE raw IS NULL AND state IN ('stored', 'duplicate')""",
    ),
    Question(
        "document-bytes-changed",
        "The stored bytes of a document are not the bytes that came: their SHA-256 differs.",
        "documents",
        """SELECT id FROM documents WHERE raw IS NOT NULL AND sha256(raw) <> sha256""",
    ),
    Question(
        "article-without-extraction",
        "No extraction of an article is current, so it counts as never read.",
        "articles",
        """
        SELECT id FROM articles a
        WHERE NOT EXISTS (SELECT FROM extractions e WHERE e.article_id = a.id AND e.current)
        """,
    ),
    Question(
        "article-hidden",
        "An article counts as replaced, but a current file or the newest version of an agency's item still holds it.",
        "articles",
        f"""
        SELECT DISTINCT a.id FROM articles a
        JOIN documents d ON d.article_id = a.id
        JOIN file_documents fd ON fd.document_id = d.id
        JOIN files f ON f.id = fd.file_id
        WHERE NOT a.current AND f.state IN ('stored', 'duplicate') AND {LIVE.format(document="d.id")}
          AND (f.current AND f.missing_since IS NULL OR {IS_VERSION.format(document="d.id")})
        """,
    ),
    Question(
        "item-newest",
        "The version of an agency's item that counts as the newest is not the one with the greatest revision.",
        "items",
        f"""SELECT i.id FROM items i WHERE i.newest IS DISTINCT FROM ({NEWEST.format(item="i.id")})""",
    ),
    Question(
        "article-withdrawn-but-shown",
        "An article is in the reports, although its agency has withdrawn or replaced it, and no other source has it.",
        "articles",
        f"""
        SELECT DISTINCT a.id FROM item_versions v
        JOIN documents d ON d.id = v.document_id
        JOIN articles a ON a.id = d.article_id AND a.current
        WHERE NOT {HELD.format(article="a.id")}
        """,
    ),
    Question(
        "story-without-article",
        "A story has no article.",
        "stories",
        """SELECT id FROM stories s WHERE NOT EXISTS (SELECT FROM articles a WHERE a.story_id = s.id)""",
    ),
    Question(
        "fingerprint-without-story",
        "Fingerprints belong to a story that is not there any more.",
        "stories",
        """
        SELECT DISTINCT f.story_id FROM fingerprints f LEFT JOIN stories s ON s.id = f.story_id WHERE s.id IS NULL
        """,
    ),
    Question(
        "fingerprint-without-article",
        "A story has fingerprints of words that stand in none of its articles.",
        "stories",
        """
        SELECT DISTINCT f.story_id FROM fingerprints f
        JOIN stories s ON s.id = f.story_id
        LEFT JOIN (SELECT DISTINCT a.story_id, h.hash FROM articles a CROSS JOIN unnest(a.sketch) AS h (hash)) used
            ON used.story_id = f.story_id AND used.hash = f.hash
        WHERE used.hash IS NULL
        """,
    ),
    # A hash that many stories have is boilerplate and is not stored for each of them. So only the hashes of one story
    # must be there.
    Question(
        "story-without-fingerprint",
        "A story lacks fingerprints of its own words, so copies of its articles may not be recognised.",
        "stories",
        """
        SELECT DISTINCT own.story_id FROM (
            SELECT h.hash, min(a.story_id) AS story_id FROM articles a CROSS JOIN unnest(a.sketch) AS h (hash)
            GROUP BY h.hash HAVING min(a.story_id) = max(a.story_id)) own
        LEFT JOIN fingerprints f ON f.hash = own.hash AND f.story_id = own.story_id
        WHERE f.hash IS NULL
        """,
    ),
    Question(
        "forgotten-but-stored",
        "An article is stored, although a person decided to forget it.",
        "articles",
        """
        SELECT a.id FROM forgotten m JOIN articles a ON a.canonical_hash = m.hash
        WHERE m.kind = 'text' AND m.removed
        """,
    ),
    Question(
        "forgotten-outlet-but-stored",
        "An article of an outlet is stored, although a person decided to forget this outlet.",
        "articles",
        """
        SELECT DISTINCT s.article_id FROM forgotten m
        JOIN outlets o ON sha256(convert_to('outlet:' || o.key, 'UTF8')) = m.hash
        JOIN article_sources s ON s.outlet_id = o.id
        WHERE m.kind = 'outlet'
          AND NOT EXISTS (SELECT FROM forgotten u WHERE u.decision_id = m.decision_id AND NOT u.removed)
        """,
    ),
    Question(
        "forgotten-but-kept",
        "A person decided to forget a document, but its bytes are still stored, or an article still uses it.",
        "documents",
        """
        SELECT id FROM documents
        WHERE (raw IS NOT NULL OR article_id IS NOT NULL)
          AND (reason = 'forgotten' OR EXISTS (
            SELECT FROM forgotten m WHERE m.hash = documents.sha256 AND m.kind = 'document' AND m.removed))
        """,
    ),
)
