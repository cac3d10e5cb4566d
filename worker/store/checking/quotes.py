"""Questions about quotations, their extractions, and the statements that they print."""

from worker.store.checking.question import Question
from worker.store.telling import SHOWN

QUESTIONS = (
    Question(
        "quote-of-old-extraction",
        "A current quotation belongs to an extraction that is not current.",
        "quotes",
        """
        SELECT q.id FROM quotes q JOIN extractions e ON e.id = q.extraction_id WHERE q.current AND NOT e.current
        """,
    ),
    Question(
        "extraction-count",
        "An extraction says that it found another number of quotations than are there.",
        "articles",
        """
        SELECT e.article_id FROM extractions e
        LEFT JOIN (SELECT extraction_id, count(*) AS number FROM quotes WHERE current AND NOT added GROUP BY 1) q
            ON q.extraction_id = e.id
        WHERE e.current AND e.quotes <> coalesce(q.number, 0)
        """,
    ),
    Question(
        "quote-in-another-language",
        "A quotation is indexed by the rules of another language than its article's.",
        "quotes",
        """
        SELECT q.id FROM quotes q JOIN articles a ON a.id = q.article_id WHERE q.language IS DISTINCT FROM a.language
        """,
    ),
    Question(
        "quote-inside-old-quote",
        "A quotation is nested in a quotation that is not current, or that stands in another article.",
        "quotes",
        """
        SELECT q.id FROM quotes q JOIN quotes o ON o.id = q.inside
        WHERE q.current AND (NOT o.current OR o.article_id <> q.article_id)
        """,
    ),
    # Nobody nests quotations so deeply, so a chain of this length is a circle.
    Question(
        "quote-inside-itself",
        "A quotation is nested in itself, perhaps through others.",
        "quotes",
        """
        SELECT id FROM (
            WITH RECURSIVE outwards (id, outer_id, depth) AS (
                SELECT id, inside, 1 FROM quotes WHERE inside IS NOT NULL AND current
                UNION ALL
                SELECT n.id, q.inside, n.depth + 1 FROM outwards n JOIN quotes q ON q.id = n.outer_id
                WHERE q.inside IS NOT NULL AND n.depth < 32)
            SELECT DISTINCT id FROM outwards WHERE depth = 32) AS deep
        """,
    ),
    Question(
        "quote-without-statement",
        "A quotation belongs to no statement, so `said` counts it nowhere.",
        "quotes",
        """SELECT id FROM quotes WHERE current AND statement_id IS NULL AND text ~ '[[:alnum:]]'""",
    ),
    # For a source with a name, the owner is the lowest root of its speakers; for any other source, it is the negative
    # number of the story. While a decision about a large speaker is carried out in batches, statements have the owner
    # that they had before.
    Question(
        "statement-of-another-speaker",
        "A quotation belongs to a statement of another speaker, or of another story.",
        "quotes",
        """
        SELECT q.id FROM quotes q
        JOIN articles a ON a.id = q.article_id
        JOIN statements st ON st.id = q.statement_id
        LEFT JOIN (
            SELECT qs.quote_id, min(coalesce(s.merged_into, s.id)) AS root
            FROM quote_speakers qs JOIN speakers s ON s.id = qs.speaker_id GROUP BY 1) named ON named.quote_id = q.id
        WHERE q.current AND st.owner <> coalesce(named.root, -a.story_id)
          AND NOT EXISTS (
            SELECT FROM quote_speakers qs JOIN speakers_to_settle t ON t.speaker_id = qs.speaker_id
            WHERE qs.quote_id = q.id)
        """,
    ),
    Question(
        "statement-without-quote",
        "A statement is stored that no quotation prints any more; its words are kept for nothing.",
        "statements",
        """SELECT id FROM statements st WHERE NOT EXISTS (SELECT FROM quotes q WHERE q.statement_id = st.id)""",
    ),
    Question(
        "statement-with-other-words",
        "The words of a statement are the words of none of its quotations.",
        "statements",
        """
        SELECT st.id FROM statements st
        WHERE EXISTS (SELECT FROM quotes q WHERE q.statement_id = st.id)
          AND NOT EXISTS (SELECT FROM quotes q WHERE q.statement_id = st.id AND st.text IN (q.text, '¬ ' || q.text))
        """,
    ),
    Question(
        "statement-without-speaker",
        "A statement belongs to a speaker that is not there, or that is merged into another one.",
        "statements",
        """
        SELECT st.id FROM statements st LEFT JOIN speakers s ON s.id = st.owner AND s.merged_into IS NULL
        WHERE st.owner > 0 AND s.id IS NULL
          AND NOT EXISTS (SELECT FROM speakers_to_settle t WHERE t.speaker_id = st.owner)
        """,
    ),
    Question(
        "statement-without-story",
        "A statement of an unnamed source belongs to a story that is not there.",
        "statements",
        """
        SELECT st.id FROM statements st LEFT JOIN stories s ON s.id = -st.owner WHERE st.owner <= 0 AND s.id IS NULL
        """,
    ),
    Question(
        "statement-without-key",
        "A statement has no key, so the same words of the same speaker will not be found to be one statement.",
        "statements",
        """
        SELECT id FROM (SELECT id FROM statements EXCEPT SELECT statement_id FROM statement_keys) AS keyless
        """,
    ),
    Question(
        "key-without-statement",
        "Keys are stored of a statement that is not there any more.",
        "statements",
        """
        SELECT id FROM (SELECT statement_id AS id FROM statement_keys EXCEPT SELECT id FROM statements) AS lost
        """,
    ),
    Question(
        "key-of-another-speaker",
        "A key of a statement names another speaker or story than the statement does.",
        "statements",
        """
        SELECT DISTINCT k.statement_id FROM statement_keys k JOIN statements st ON st.id = k.statement_id
        WHERE st.owner <> k.owner AND k.owner NOT IN (SELECT owner FROM keys_to_settle)
        """,
    ),
    # What was changed by hand with the triggers off, for example.
    Question(
        "quote-untold",
        "A quotation shows otherwise than the last change about it says, and nothing will tell that.",
        "quotes",
        f"""
        SELECT coalesce(n.quote_id, t.quote_id) FROM ({SHOWN}) n FULL JOIN told_quotes t ON t.quote_id = n.quote_id
        WHERE (n.quote_id IS NULL OR t.quote_id IS NULL
               OR n.digests <> t.digests OR n.speaker_ids <> t.speaker_ids
               OR n.statement_id IS DISTINCT FROM t.statement_id)
          AND NOT EXISTS (
            SELECT FROM change_marks m
            WHERE m.article_id = coalesce(n.article_id, t.article_id)
               OR m.article_id IS NULL AND m.after_quote < coalesce(n.quote_id, t.quote_id)
                  AND (m.speaker_id IS NULL OR EXISTS (
                      SELECT FROM quote_speakers qs
                      WHERE qs.speaker_id = m.speaker_id AND qs.quote_id = coalesce(n.quote_id, t.quote_id))))
        """,
    ),
)
