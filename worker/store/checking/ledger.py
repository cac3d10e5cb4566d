"""Questions about the ledger: files, documents, re-readings, and the numbers that files show."""

from worker.store.checking.question import Question
from worker.store.states import STATE_OF_MEMBER

QUESTIONS = (
    Question(
        "file-members",
        "A file says that it has another number of members than are stored of it.",
        "files",
        """
        SELECT f.id FROM files f
        LEFT JOIN (SELECT file_id, count(*) AS number FROM file_documents GROUP BY 1) fd ON fd.file_id = f.id
        WHERE f.state IN ('split', 'stored', 'duplicate') AND f.members <> coalesce(fd.number, 0)
        """,
    ),
    # A document is open while it waits or is worked on; its file is settled when it ends, or by the next sweep.
    Question(
        "file-counts",
        "The members of a file do not add up: stored, repeated, quarantined and ignored ones are not all of them.",
        "files",
        f"""
        SELECT f.id FROM files f
        JOIN (
            SELECT fd.file_id, count(*) FILTER (WHERE {STATE_OF_MEMBER} = 'ignored') AS ignored,
                   count(*) FILTER (WHERE {STATE_OF_MEMBER} = 'quarantined') AS quarantined
            FROM file_documents fd LEFT JOIN documents d ON d.id = fd.document_id GROUP BY 1) m ON m.file_id = f.id
        WHERE f.state IN ('stored', 'duplicate', 'quarantined', 'ignored') AND f.members > 0
          AND (f.members <> f.members_stored + f.members_duplicate + m.quarantined + m.ignored
               OR f.members_quarantined <> m.quarantined)
        """,
    ),
    Question(
        "file-open-member",
        "A file has ended, but one of its members still waits.",
        "files",
        """
        SELECT DISTINCT f.id FROM documents d
        JOIN file_documents fd ON fd.document_id = d.id
        JOIN files f ON f.id = fd.file_id
        WHERE d.state IN ('waiting', 'working') AND f.state IN ('stored', 'duplicate')
        """,
    ),
    Question(
        "file-without-member",
        "A file waits for the end of its members, but it has none, so it would wait for ever.",
        "files",
        """
        SELECT id FROM files f
        WHERE f.state = 'split' AND NOT EXISTS (SELECT FROM file_documents fd WHERE fd.file_id = f.id)
        """,
    ),
    Question(
        "file-state",
        "The state of a file is not the one that follows from its members.",
        "files",
        """
        SELECT id FROM files
        WHERE state IN ('stored', 'duplicate') AND state IS DISTINCT FROM
            CASE WHEN members_stored > 0 THEN 'stored' WHEN members_duplicate > 0 THEN 'duplicate' END
        """,
    ),
    Question(
        "document-in-no-file",
        "A document belongs to no file.",
        "documents",
        """
        SELECT id FROM documents d WHERE NOT EXISTS (SELECT FROM file_documents fd WHERE fd.document_id = d.id)
        """,
    ),
    Question(
        "file-claimed",
        "A file is not being read, but a process still counts as reading it.",
        "files",
        """SELECT id FROM files WHERE (state = 'reading') <> (claimed_by IS NOT NULL)""",
    ),
    Question(
        "document-claimed",
        "A document is not worked on, but a process still counts as working on it.",
        "documents",
        """SELECT id FROM documents WHERE (state = 'working') <> (claimed_by IS NOT NULL)""",
    ),
    Question(
        "rereading-claimed",
        "An article is not being read again, but a process still counts as reading it.",
        "articles",
        """SELECT article_id FROM reprocess_items WHERE (state = 'working') <> (claimed_by IS NOT NULL)""",
    ),
    Question(
        "rereading-after-end",
        "A job of re-reading has ended, but articles of it still wait.",
        "jobs",
        """
        SELECT DISTINCT r.id FROM reprocess_runs r JOIN reprocess_items i ON i.run_id = r.id
        WHERE r.state = 'done' AND i.state IN ('waiting', 'working')
        """,
    ),
)
