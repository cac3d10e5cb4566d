"""Questions about speakers, the forms of their names, and what people decided about them and about quotations."""

from worker.store.checking.question import Question
from worker.store.decided import DECIDED

LIVE = """NOT EXISTS (SELECT FROM decisions u WHERE u.undoes = d.id)"""
"""True for a decision `d` that nobody has undone."""

ACCEPTING = """('accept', 'recut', 'add', 'set_speaker', 'no_speaker')"""
"""The decisions with which a person says that a row is a quotation."""

# The latest decision in force about who said each current quotation. A decision about a quotation that a re-reading has
# replaced is applied to the quotation that took its place, so it is not asked about here.
ATTRIBUTED = f"""
    SELECT DISTINCT ON (d.quote_id) d.quote_id, d.kind FROM decisions d JOIN quotes q ON q.id = d.quote_id AND q.current
    WHERE d.kind IN ('set_speaker', 'no_speaker') AND {LIVE}
    ORDER BY d.quote_id, d.id DESC
"""

# While a form of a large speaker is moved in batches, some quotations name the old speaker, and some the new one.
FORM_MOVES = """
    EXISTS (SELECT FROM form_moves m WHERE m.name = n.name AND n.speaker_id IN (m.source, m.target))
"""
USED_FORM_MOVES = """
    EXISTS (SELECT FROM form_moves m WHERE m.name = qs.name AND qs.speaker_id IN (m.source, m.target))
"""

QUESTIONS = (
    Question(
        "merged-twice",
        "A speaker is merged into a speaker that is itself merged into another one, or into itself in a circle.",
        "speakers",
        """
        SELECT s.id FROM speakers s JOIN speakers r ON r.id = s.merged_into WHERE r.merged_into IS NOT NULL
        """,
    ),
    Question(
        "merge-not-in-force",
        "A person merged two speakers, but they are still two.",
        "decisions",
        f"""
        SELECT d.id FROM decisions d
        JOIN speakers a ON a.id = d.speaker_id
        JOIN speakers b ON b.id = CAST(d.value->>'into' AS bigint)
        WHERE d.kind = 'merge' AND {LIVE} AND coalesce(a.merged_into, a.id) <> coalesce(b.merged_into, b.id)
        """,
    ),
    Question(
        "merged-without-decision",
        "A speaker is merged into another one, but no decision says so.",
        "speakers",
        f"""
        SELECT s.id FROM speakers s
        WHERE s.merged_into IS NOT NULL
          AND NOT EXISTS (SELECT FROM decisions d WHERE d.kind = 'merge' AND d.speaker_id = s.id AND {LIVE})
        """,
    ),
    Question(
        "list-without-import",
        "Rows of an imported list are in force, but their import was undone.",
        "decisions",
        f"""
        SELECT DISTINCT r.decision_id FROM list_rows r JOIN decisions d ON d.id = r.decision_id
        WHERE d.kind <> 'import' OR NOT {LIVE}
        """,
    ),
    Question(
        "name-count",
        "The number of articles that use a form of a speaker's name is wrong.",
        "speakers",
        f"""
        SELECT DISTINCT n.speaker_id FROM speaker_names n
        LEFT JOIN (
            SELECT qs.speaker_id, qs.name, count(DISTINCT q.article_id) AS articles
            FROM quote_speakers qs JOIN quotes q ON q.id = qs.quote_id WHERE q.current GROUP BY 1, 2) used
            ON used.speaker_id = n.speaker_id AND used.name = n.name
        WHERE n.status = 'joined' AND n.articles <> coalesce(used.articles, 0) AND NOT {FORM_MOVES}
        """,
    ),
    Question(
        "name-missing",
        "A quotation names its speaker by a form that is not stored as a form of this speaker's name.",
        "speakers",
        f"""
        SELECT DISTINCT qs.speaker_id FROM quote_speakers qs
        JOIN quotes q ON q.id = qs.quote_id AND q.current
        LEFT JOIN speaker_names n ON n.speaker_id = qs.speaker_id AND n.name = qs.name AND n.status = 'joined'
        WHERE n.id IS NULL AND NOT {USED_FORM_MOVES}
        """,
    ),
    Question(
        "speaker-without-key",
        "A speaker has a name but no key, so the name will not be found in other articles.",
        "speakers",
        """
        SELECT DISTINCT n.speaker_id FROM speaker_names n
        LEFT JOIN speaker_keys k ON k.speaker_id = n.speaker_id
        WHERE n.status = 'joined' AND n.articles > 0 AND k.speaker_id IS NULL
        """,
    ),
    Question(
        "speaker-beside-choice",
        "A person chose the speaker of a quotation, but another speaker stands on it too.",
        "quotes",
        """
        SELECT q.id FROM quotes q JOIN quote_speakers qs ON qs.quote_id = q.id
        WHERE q.current GROUP BY q.id HAVING count(*) > 1 AND bool_or(qs.by_hand)
        """,
    ),
    Question(
        "choice-not-in-force",
        "A person chose the speaker of a quotation, but the quotation does not have a speaker chosen by a person.",
        "quotes",
        f"""
        SELECT c.quote_id FROM ({ATTRIBUTED}) c
        WHERE c.kind = 'set_speaker'
          AND NOT EXISTS (SELECT FROM quote_speakers qs WHERE qs.quote_id = c.quote_id AND qs.by_hand)
        """,
    ),
    Question(
        "no-speaker-not-in-force",
        "A person decided that nobody known said a quotation, but it has a speaker.",
        "quotes",
        f"""
        SELECT c.quote_id FROM ({ATTRIBUTED}) c
        WHERE c.kind = 'no_speaker' AND EXISTS (SELECT FROM quote_speakers qs WHERE qs.quote_id = c.quote_id)
        """,
    ),
    Question(
        "choice-without-decision",
        "A speaker counts as chosen by a person, but no decision in force says so.",
        "quotes",
        f"""
        SELECT DISTINCT q.id FROM quotes q JOIN quote_speakers qs ON qs.quote_id = q.id AND qs.by_hand
        WHERE q.current AND NOT EXISTS (
            SELECT FROM decisions d WHERE d.article_id = q.article_id AND d.kind = 'set_speaker' AND {LIVE})
        """,
    ),
    Question(
        "rejection-not-in-force",
        "A person said that a row is no quotation, but reports still show it.",
        "quotes",
        f"""
        SELECT DISTINCT q.id FROM decisions d JOIN quotes q ON q.id = d.quote_id AND q.current
        WHERE d.kind = 'reject' AND {LIVE} AND NOT q.rejected
          AND NOT EXISTS (
            SELECT FROM decisions r WHERE r.quote_id = d.quote_id AND r.kind IN ('restore', 'accept') AND r.id > d.id
              AND NOT EXISTS (SELECT FROM decisions u WHERE u.undoes = r.id))
        """,
    ),
    Question(
        "rejected-without-decision",
        "Reports leave a quotation out, but no decision in force says that it is none.",
        "quotes",
        f"""
        SELECT q.id FROM quotes q
        WHERE q.current AND q.rejected AND NOT EXISTS (
            SELECT FROM decisions d WHERE d.article_id = q.article_id AND d.kind = 'reject' AND {LIVE})
        """,
    ),
    Question(
        "acceptance-not-in-force",
        "A person said that a row is a quotation, or whose, but reports leave it out if its confidence is low.",
        "quotes",
        f"""
        SELECT DISTINCT q.id FROM decisions d JOIN quotes q ON q.id = d.quote_id AND q.current
        WHERE d.kind IN {ACCEPTING} AND {LIVE} AND NOT q.accepted
          AND NOT jsonb_exists(d.value, 'lost')
        """,
    ),
    Question(
        "accepted-without-decision",
        "Reports show a quotation whatever its confidence is, but no decision in force says so.",
        "quotes",
        f"""
        SELECT q.id FROM quotes q
        WHERE q.current AND q.accepted AND NOT EXISTS (
            SELECT FROM decisions d
            WHERE d.article_id = q.article_id AND d.kind IN {ACCEPTING} AND {LIVE})
        """,
    ),
    Question(
        "undoing-undone",
        "An undoing counts as undone itself, so nobody can say what is in force.",
        "decisions",
        """
        SELECT d.id FROM decisions d JOIN decisions undone ON undone.id = d.undoes WHERE undone.kind = 'undo'
        """,
    ),
    Question(
        "proposal-without-speaker",
        "A proposed or refused join names only one speaker.",
        "speakers",
        """SELECT speaker_id FROM speaker_names WHERE status <> 'joined' AND other_id IS NULL""",
    ),
    Question(
        "speaker-without-quote",
        "A speaker has no quotation any more, and no decision is about this speaker.",
        "speakers",
        f"""
        SELECT s.id FROM speakers s
        WHERE s.merged_into IS NULL
          AND NOT EXISTS (SELECT FROM quote_speakers qs WHERE qs.speaker_id = s.id)
          AND NOT EXISTS (SELECT FROM speakers m WHERE m.merged_into = s.id)
          AND NOT EXISTS (SELECT FROM form_moves f WHERE s.id IN (f.source, f.target))
          AND s.id NOT IN ({DECIDED})
        """,
        leftover=True,
    ),
    Question(
        "name-without-quote",
        "A form of a speaker's name is used by no quotation any more.",
        "speakers",
        f"""
        SELECT DISTINCT n.speaker_id FROM speaker_names n
        WHERE n.status = 'joined' AND n.articles = 0
          AND NOT EXISTS (SELECT FROM quote_speakers qs WHERE qs.speaker_id = n.speaker_id AND qs.name = n.name)
          AND EXISTS (SELECT FROM quote_speakers qs WHERE qs.speaker_id = n.speaker_id)
          AND NOT {FORM_MOVES}
          AND n.speaker_id NOT IN ({DECIDED})
        """,
        leftover=True,
    ),
)
