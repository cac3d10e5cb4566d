"""Disposals in the tables: which stored files wait to be archived or deleted, and how each disposal ended."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from worker.reasons import NotMoved
from worker.store.db.engine import single_statements


@dataclass(frozen=True, slots=True)
class Disposal:
    """A stored file that is to be archived or deleted."""

    file_id: int
    inbox: bytes
    inbox_name: str
    path: bytes
    sha256: bytes
    after: str


# A file is not disposed of if it is quarantined, if one of its members is, or if its path has a newer version.
DUE = """
    FROM files f JOIN inboxes i ON i.id = f.inbox_id
    WHERE f.after <> 'keep' AND f.after_done_at IS NULL AND f.current
      AND f.state IN ('stored', 'duplicate') AND f.members_quarantined = 0
      AND f.members > 0
"""

# Failed moves are tried again in turns of ten seconds. If few files have failed, each of them has a turn every minute;
# if many have failed, every ten minutes. So a folder that is full for days costs next to nothing, and the failed files
# do not delay the others.
WAITING = text(
    f"""
    WITH waiting AS (SELECT f.id, f.after_reason IS NOT NULL AS failed {DUE}),
    turns AS (SELECT greatest(6, least(60, count(*) / 10)) AS number FROM waiting WHERE failed)
    SELECT id FROM waiting, turns
    WHERE NOT failed OR id % number = (extract(epoch FROM now())::bigint / 10) % number
    ORDER BY failed, id LIMIT :limit
    """
)
LOCK = text(
    f"""
    SELECT f.id AS file_id, i.path AS inbox, i.name AS inbox_name, f.path, f.sha256, f.after
    {DUE} AND f.id = :id
    FOR UPDATE OF f SKIP LOCKED
    """
)
DONE = text("""UPDATE files SET after_done_at = now(), after_reason = NULL, after_message = NULL WHERE id = :id""")
FAILED = text("""UPDATE files SET after_reason = :reason, after_message = :message WHERE id = :id""")


def due(engine: Engine, limit: int) -> list[int]:
    """Return the ids of up to `limit` files that wait; files whose move failed before come last."""
    with single_statements(engine) as connection:
        return list(connection.execute(WAITING, {"limit": limit}).scalars())


def lock(connection: Connection, file_id: int) -> Disposal | None:
    """Lock the file's row, so that only one worker disposes of the file.

    Return None if the file does not wait (any more), or if another worker has locked it.
    """
    row = connection.execute(LOCK, {"id": file_id}).first()
    return Disposal(*row) if row else None


def done(connection: Connection, file_id: int) -> None:
    """Store that the file was archived or deleted."""
    connection.execute(DONE, {"id": file_id})


def failed(connection: Connection, file_id: int, reason: NotMoved, message: str) -> None:
    """Store that the file could not be moved; the file stays stored, and only the move is tried again."""
    connection.execute(FAILED, {"id": file_id, "reason": reason, "message": message})
