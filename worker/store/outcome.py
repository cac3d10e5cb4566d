"""How a file ends: its state follows from the states of its documents, and a newer version replaces an older one.

Every function here may be called again with the same arguments; the sweep does so.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from worker.store.db.conflicts import retry_on_conflict
from worker.store.db.many_rows import numbers
from worker.store.states import STATE_OF_MEMBER
from worker.store.versions import IS_VERSION, LIVE

# A document counts as stored at the first position that it has in any file, and as a duplicate at every later position.
SETTLE = text(
    f"""
    WITH places AS (
        SELECT fd.file_id, fd.position, d.id AS document_id, d.article_id,
               {STATE_OF_MEMBER} AS state,
               coalesce(fd.reason, d.reason) AS reason, coalesce(fd.message, d.message) AS message,
               d.state = 'stored' AND NOT EXISTS (
                   SELECT 1 FROM file_documents o WHERE o.document_id = fd.document_id
                    AND (o.file_id, o.position) < (fd.file_id, fd.position)) AS first
        FROM file_documents fd LEFT JOIN documents d ON d.id = fd.document_id
        WHERE fd.file_id = :file),
    counts AS (
        SELECT count(*) AS members,
               count(*) FILTER (WHERE first) AS stored,
               count(*) FILTER (WHERE state IN ('stored', 'duplicate') AND NOT coalesce(first, false)) AS duplicate,
               count(*) FILTER (WHERE state = 'quarantined') AS quarantined,
               count(*) FILTER (WHERE state IN ('stored', 'duplicate') AND message IS NOT NULL) AS left_out,
               count(*) FILTER (WHERE state IN ('waiting', 'working')) AS open
        FROM places),
    worst AS (
        SELECT reason, message FROM places WHERE reason IS NOT NULL
        ORDER BY state = 'quarantined' DESC, position LIMIT 1),
    outcome AS (
        SELECT counts.*, CASE WHEN stored > 0 THEN 'stored' WHEN duplicate > 0 THEN 'duplicate'
                              WHEN quarantined > 0 THEN 'quarantined' ELSE 'ignored' END AS state,
               EXISTS (SELECT 1 FROM files WHERE id = :file AND state = 'split') AS ends
        FROM counts WHERE open = 0 AND members > 0)
    UPDATE files f
    SET state = outcome.state, finished_at = coalesce(f.finished_at, clock_timestamp()),
        members = outcome.members, members_stored = outcome.stored,
        members_duplicate = outcome.duplicate, members_quarantined = outcome.quarantined,
        duplicate_of = CASE WHEN outcome.state = 'duplicate' THEN (
            SELECT o.file_id FROM places p
            JOIN documents od ON od.article_id = p.article_id
            JOIN file_documents o ON o.document_id = od.id
            WHERE o.file_id <> f.id ORDER BY p.position, o.file_id LIMIT 1) END,
        reason = CASE WHEN outcome.state IN ('quarantined', 'ignored') THEN (SELECT reason FROM worst) END,
        message = nullif(concat_ws(' ', f.note,
                       CASE WHEN outcome.state = 'ignored' OR outcome.quarantined = outcome.members
                       THEN (SELECT message FROM worst)
                       WHEN outcome.quarantined > 0
                       THEN outcome.quarantined || ' of ' || outcome.members || ' members are quarantined; '
                            || '`onrecord files --members --state quarantined` lists them.' END,
                       CASE WHEN outcome.left_out > 0 AND outcome.members = 1 THEN (SELECT message FROM places)
                       WHEN outcome.left_out > 0
                       THEN outcome.left_out || ' of ' || outcome.members || ' members are versions that the reports '
                            || 'leave out; `report.withdrawals` lists them.' END), '')
    FROM outcome WHERE f.id = :file AND f.state NOT IN ('waiting', 'reading')
    RETURNING f.state, outcome.duplicate > 0 AS repeats, outcome.ends AND outcome.stored > 0 AS overtakes,
              f.replaces IS NOT NULL OR NOT f.current AS versions
    """
)

# Later files (with higher ids) that ended before this file, and that were counted as the first with one of its
# documents. They are settled again, but only once: when this file ends. If every call of `settle` settled other files,
# a few feeds with the same articles would keep each other busy for hours (each file settles all later files, and each
# of those again).
OVERTAKEN = text(
    """
    SELECT DISTINCT o.file_id
    FROM file_documents fd
    JOIN file_documents o ON o.document_id = fd.document_id AND o.file_id > fd.file_id
    JOIN files later ON later.id = o.file_id AND later.state = 'stored'
    WHERE fd.file_id = :file ORDER BY o.file_id
    """
)

# The current content of a path replaces every older content of this path, in whatever order they end, if each of them
# holds exactly one article, if the path was there all the time, and if no other current file holds the old article. The
# search follows `replaces` from version to version. It passes a content without an article (the file was emptied, and
# filled again later). It stops at a file with many members, even if that file was split only in part. Versions that
# come back (A, B, A) make a ring of `replaces`; UNION ends the search there. The article of a version of an
# agency's item stays as long as the version is live (`worker.store.versions`).
WITHDRAW = text(
    f"""
    WITH RECURSIVE top AS (
        SELECT c.id, c.replaces FROM files f
        JOIN files c ON c.inbox_id = f.inbox_id AND c.path = f.path AND c.current
        WHERE f.id = :file AND c.members = 1),
    chain (id, replaces) AS (
        SELECT id, replaces FROM top
        UNION
        SELECT o.id, o.replaces FROM chain JOIN files o ON o.id = chain.replaces
        WHERE o.members <= 1 AND o.missing_since IS NULL AND o.after_done_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM file_documents m WHERE m.file_id = o.id AND m.position > 0))
    UPDATE articles a SET current = false
    FROM chain
    JOIN file_documents ofd ON ofd.file_id = chain.id
    JOIN documents od ON od.id = ofd.document_id
    CROSS JOIN top
    JOIN file_documents fd ON fd.file_id = top.id
    JOIN documents d ON d.id = fd.document_id
    WHERE chain.id <> top.id AND a.id = od.article_id AND d.article_id <> a.id AND a.current
      AND NOT EXISTS (
        SELECT 1 FROM documents other
        JOIN file_documents x ON x.document_id = other.id JOIN files y ON y.id = x.file_id
        WHERE other.article_id = a.id AND (y.current OR {IS_VERSION.format(document="other.id")})
          AND {LIVE.format(document="other.id")})
    """
)

RETURN = text(
    f"""
    UPDATE articles a SET current = true
    FROM file_documents fd JOIN documents d ON d.id = fd.document_id JOIN files f ON f.id = fd.file_id
    WHERE fd.file_id = :file AND (f.current OR {IS_VERSION.format(document="d.id")})
      AND a.id = d.article_id AND NOT a.current AND {LIVE.format(document="d.id")}
    """
)

# Search from the last position, since the last documents of a container are usually the last to end.
OPEN_AMONG = text(
    """
    SELECT d.state FROM file_documents fd JOIN documents d ON d.id = fd.document_id
    WHERE fd.file_id = :file AND d.state IN ('waiting', 'working') ORDER BY fd.position DESC LIMIT 1
    """
)
FILES_OF = text(
    """
    SELECT DISTINCT f.id, f.state = 'split' AS split, f.members > 1 AS many,
           f.after <> 'keep' AND f.after_done_at IS NULL AS leaving
    FROM file_documents fd JOIN files f ON f.id = fd.file_id
    WHERE fd.document_id = :document ORDER BY f.id LIMIT 1000
    """
)
SPLIT = text("""SELECT id FROM files WHERE state = 'split' ORDER BY id LIMIT :limit""")
# Whoever changes documents of files that have ended, or that only wait to be settled, locks these files in the same
# transaction (`reopen`). So wait for this lock before the documents are counted. Rows that refer to a file may be
# written meanwhile. Several files are locked in ascending order.
LOCK = text("""SELECT id FROM files WHERE id = ANY(CAST(:files AS bigint[])) ORDER BY id FOR NO KEY UPDATE""")
REOPEN = text(
    """
    UPDATE files SET state = 'split', finished_at = NULL, reason = NULL, message = NULL, duplicate_of = NULL
    WHERE id = ANY(CAST(:files AS bigint[])) AND members > 0
      AND state IN ('stored', 'duplicate', 'quarantined', 'ignored')
    """
)


def settle(
    connection: Connection, file_id: int, *, single: bool = False, come_back: bool = False, is_alone: bool = False
) -> str | None:
    """If all documents of a file have ended, give the file its terminal state and return that state; else None.

    `single`: the caller knows that the file holds only one document, and that this document has ended; it keeps
    decisions out. `come_back`: the path of the file had this content before. `is_alone`: no other file has
    this document.
    """
    if not single:
        if connection.execute(OPEN_AMONG, {"file": file_id}).first() is not None:
            return None
        connection.execute(LOCK, {"files": numbers([file_id])})
    ended = connection.execute(SETTLE, {"file": file_id}).first()
    if ended is None:
        return None
    if ended.repeats or come_back:
        connection.execute(RETURN, {"file": file_id})
    if ended.versions:
        connection.execute(WITHDRAW, {"file": file_id})
    if ended.overtakes and not is_alone:
        for later in list(connection.execute(OVERTAKEN, {"file": file_id}).scalars()):
            settle(connection, later)
    return str(ended.state)


@dataclass(frozen=True, slots=True)
class Holders:
    """The files that hold one document."""

    single: list[int]  # unfinished files that hold only this document
    containers: list[int]  # unfinished files that hold several documents
    leaving: list[int]  # files to be archived or deleted once they are stored
    is_alone: bool  # only one file holds the document


def files_of(connection: Connection, document_id: int) -> Holders:
    """Return those files with a document that are unfinished, or that are still to be archived or deleted."""
    rows = connection.execute(FILES_OF, {"document": document_id}).all()
    return Holders(
        [row.id for row in rows if row.split and not row.many],
        [row.id for row in rows if row.split and row.many],
        [row.id for row in rows if row.leaving],
        len(rows) == 1,
    )


def settle_all(engine: Engine, limit: int = 1000) -> int:
    """Settle up to `limit` files in the state `split`; return how many of them ended.

    Each is settled in a transaction of its own, so that nobody has to wait for long for a file. Files with documents
    that have not ended are passed over.
    """
    with engine.begin() as connection:
        split = list(connection.execute(SPLIT, {"limit": limit}).scalars())
        ready = [file for file in split if connection.execute(OPEN_AMONG, {"file": file}).first() is None]
    return sum(settle_alone(engine, file_id) is not None for file_id in ready)


def settle_alone(engine: Engine, file_id: int) -> str | None:
    """Call `settle` in a transaction of its own; again after a conflict with another one."""
    return retry_on_conflict(engine, lambda connection: settle(connection, file_id))


def reopen(connection: Connection, file_ids: Iterable[int]) -> None:
    """Set ended files back to the state `split`, because one of their documents changes.

    Files in this state are locked, too: else a sweep could count the documents as they were, and end the file.
    """
    files = numbers(file_ids)
    connection.execute(LOCK, {"files": files})
    connection.execute(REOPEN, {"files": files})
