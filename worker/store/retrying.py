"""Trying again: what a person asks for, and what failed for a reason that may have passed."""

from sqlalchemy import Connection, text

from worker.reasons import Reason
from worker.store import outcome

PASSING = (Reason.UNREADABLE, Reason.TIMEOUT, Reason.MEMORY, Reason.CRASHED)
"""Reasons that may pass by themselves: a permission is given, a machine has more room. Tried again at most 5 times."""

MOST_ATTEMPTS = 5


def retry_documents(connection: Connection, document_ids: list[int]) -> int:
    """Let refused documents wait again, and their files with them."""
    connection.execute(
        text(
            "UPDATE documents SET state = 'waiting', strikes = 0, reason = NULL, message = NULL, finished_at = NULL,"
            " rung_at = NULL WHERE id = ANY(:ids) AND state IN ('quarantined', 'ignored') AND raw IS NOT NULL"
        ),
        {"ids": document_ids},
    )
    files = connection.execute(
        text("SELECT DISTINCT file_id FROM file_documents WHERE document_id = ANY(:ids)"), {"ids": document_ids}
    )
    outcome.reopen(connection, list(files.scalars()))
    return len(document_ids)


def retry_files(connection: Connection, file_ids: list[int]) -> int:
    """Let refused files be read again: whole ones, and those with members that never became documents."""
    again = connection.execute(
        text(
            "UPDATE files f SET state = 'waiting', strikes = 0, members = 0, reason = NULL, message = NULL,"
            " finished_at = NULL, rung_at = NULL WHERE f.id = ANY(:ids) AND f.current AND f.finished_at IS NOT NULL"
            " AND f.missing_since IS NULL AND f.after_done_at IS NULL"
            " AND (f.members = 0 OR NOT EXISTS (SELECT 1 FROM file_documents d WHERE d.file_id = f.id)"
            "      OR EXISTS (SELECT 1 FROM file_documents d WHERE d.file_id = f.id AND d.document_id IS NULL))"
            " RETURNING f.id"
        ),
        {"ids": file_ids},
    )
    waiting = list(again.scalars())
    connection.execute(
        text("DELETE FROM file_documents WHERE file_id = ANY(:ids) AND document_id IS NULL"), {"ids": waiting}
    )
    documents = connection.execute(
        text(
            "SELECT DISTINCT d.id FROM file_documents fd JOIN documents d ON d.id = fd.document_id"
            " WHERE fd.file_id = ANY(:ids) AND d.state IN ('quarantined', 'ignored')"
        ),
        {"ids": file_ids},
    )
    found = list(documents.scalars())
    if found:
        retry_documents(connection, found)
    return len(set(waiting)) + len(found)


def retry_passing(connection: Connection, hours: float) -> int:
    """Try again what failed more than `hours` ago for a reason that may have passed; 0 hours: never."""
    if not hours:
        return 0
    values = {"reasons": [reason.value for reason in PASSING], "hours": hours, "most": MOST_ATTEMPTS}
    due = (
        " AND finished_at < now() - make_interval(secs => :hours * 3600) AND attempt < :most"
        " ORDER BY finished_at LIMIT 1000"
    )
    files = connection.execute(
        # A file whose documents failed is left to its documents, which count their own attempts.
        text(
            "SELECT id FROM files WHERE state = 'quarantined' AND current AND reason = ANY(:reasons) AND (members = 0"
            " OR NOT EXISTS (SELECT 1 FROM file_documents d WHERE d.file_id = files.id AND d.document_id IS NOT NULL))"
            + due
        ),
        values,
    )
    tried = retry_files(connection, list(files.scalars()))
    documents = connection.execute(
        text("SELECT id FROM documents WHERE state = 'quarantined' AND reason = ANY(:reasons)" + due), values
    )
    found = list(documents.scalars())
    return tried + (retry_documents(connection, found) if found else 0)
