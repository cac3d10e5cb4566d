"""Retries: of rows that a person wants to be tried again, and of rows whose reason to fail may be gone."""

from sqlalchemy import Connection, text

from worker.reasons import Reason
from worker.store import outcome

PASSING = (Reason.UNREADABLE, Reason.TIMEOUT, Reason.MEMORY, Reason.CRASHED)
"""Try rows with these reasons again, since the reason may be gone: a permission was given, a machine has more room."""

MOST_ATTEMPTS = 5
"""At most this many attempts of a row; after that, the row is tried again only if a person asks for it."""

RETRY_DOCUMENTS = text(
    """
    UPDATE documents
    SET state = 'waiting', strikes = 0, reason = NULL, message = NULL, finished_at = NULL, rung_at = NULL
    WHERE id = ANY(CAST(:ids AS bigint[])) AND state IN ('quarantined', 'ignored') AND raw IS NOT NULL
    """
)
FILES_OF = text("""SELECT DISTINCT file_id FROM file_documents WHERE document_id = ANY(CAST(:ids AS bigint[]))""")
# If a newer version of the file waits to be read, that version is read instead.
RETRY_FILES = text(
    """
    UPDATE files f
    SET state = 'waiting', strikes = 0, members = 0, reason = NULL, message = NULL, note = NULL, finished_at = NULL,
        rung_at = NULL
    WHERE f.id = ANY(CAST(:ids AS bigint[])) AND f.current AND f.finished_at IS NOT NULL
      AND f.missing_since IS NULL AND f.after_done_at IS NULL
      AND (f.members = 0 OR NOT EXISTS (SELECT 1 FROM file_documents d WHERE d.file_id = f.id)
           OR EXISTS (SELECT 1 FROM file_documents d WHERE d.file_id = f.id AND d.document_id IS NULL))
      AND NOT EXISTS (SELECT FROM files n WHERE n.inbox_id = f.inbox_id AND n.path = f.path AND n.id <> f.id
                      AND n.sha256 IS NULL AND n.finished_at IS NULL)
    RETURNING f.id
    """
)
DROP_REFUSED_MEMBERS = text(
    """DELETE FROM file_documents WHERE file_id = ANY(CAST(:ids AS bigint[])) AND document_id IS NULL"""
)
REFUSED_DOCUMENTS = text(
    """
    SELECT DISTINCT d.id FROM file_documents fd JOIN documents d ON d.id = fd.document_id
    WHERE fd.file_id = ANY(CAST(:ids AS bigint[])) AND d.state IN ('quarantined', 'ignored')
    """
)
DUE = """
    state = 'quarantined' AND reason = ANY(CAST(:reasons AS text[])) AND attempt < :most
    AND finished_at < now() - make_interval(secs => :hours * 3600)
"""
# If only documents of a file failed, the file is not tried again. Its documents are, and each counts its own attempts.
DUE_FILES = text(
    f"""
    SELECT id FROM files
    WHERE {DUE} AND current
      AND (members = 0
           OR NOT EXISTS (SELECT 1 FROM file_documents d WHERE d.file_id = files.id AND d.document_id IS NOT NULL))
    ORDER BY finished_at LIMIT 1000
    """
)
DUE_DOCUMENTS = text(f"""SELECT id FROM documents WHERE {DUE} ORDER BY finished_at LIMIT 1000""")


def retry_documents(connection: Connection, document_ids: list[int]) -> int:
    """Let refused documents wait again, and set their files back to `split`; return the number of documents."""
    connection.execute(RETRY_DOCUMENTS, {"ids": document_ids})
    outcome.reopen(connection, list(connection.execute(FILES_OF, {"ids": document_ids}).scalars()))
    return len(document_ids)


def retry_files(connection: Connection, file_ids: list[int]) -> int:
    """Let refused files be read again: files that were refused as a whole, and files with members that were refused.

    Refused documents of the files wait again, too. Return how many files and documents wait again.
    """
    waiting = list(connection.execute(RETRY_FILES, {"ids": file_ids}).scalars())
    connection.execute(DROP_REFUSED_MEMBERS, {"ids": waiting})
    documents = list(connection.execute(REFUSED_DOCUMENTS, {"ids": file_ids}).scalars())
    if documents:
        retry_documents(connection, documents)
    return len(set(waiting)) + len(documents)


def retry_passing(connection: Connection, hours: float) -> int:
    """Try rows again that failed more than `hours` ago for a reason that may be gone; with 0 hours do nothing.

    Return how many files and documents wait again.
    """
    if not hours:
        return 0
    values = {"reasons": [reason.value for reason in PASSING], "hours": hours, "most": MOST_ATTEMPTS}
    retried = retry_files(connection, list(connection.execute(DUE_FILES, values).scalars()))
    documents = list(connection.execute(DUE_DOCUMENTS, values).scalars())
    return retried + (retry_documents(connection, documents) if documents else 0)
