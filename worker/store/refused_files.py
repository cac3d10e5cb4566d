"""Files that were refused, as a whole or in part, which a person lets wait again."""

from sqlalchemy import Connection, text

from worker.store.retrying import retry_files
from worker.store.states import STATE_OF_MEMBER

# A file with one bad member of a hundred is stored, so files with such members are chosen too.
REFUSED = text(f"""
    SELECT f.id FROM files f
    WHERE f.current AND (f.state = :state OR (:state = 'quarantined' AND f.members_quarantined > 0)
        OR (:state = 'ignored' AND EXISTS (
            SELECT FROM file_documents fd LEFT JOIN documents d ON d.id = fd.document_id
            WHERE fd.file_id = f.id AND {STATE_OF_MEMBER} = 'ignored')))
      AND (CAST(:file AS text) IS NULL OR f.shown = :file OR right(:file, length(f.shown) + 1) = '/' || f.shown)
    ORDER BY f.id
""")


def try_again(connection: Connection, state: str, file: str | None) -> int:
    """Set refused files and members to waiting; return how many. The workers ring for waiting rows by themselves.

    `state` is quarantined or ignored. `file` is the path of one file, also with the folder before it; None: all files.
    """
    return retry_files(connection, list(connection.execute(REFUSED, {"state": state, "file": file}).scalars()))
