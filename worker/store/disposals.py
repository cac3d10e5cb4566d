"""Which stored files wait to be archived or deleted, and how that ended."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from worker.reasons import NotMoved


@dataclass(frozen=True, slots=True)
class Disposal:
    """A stored file that shall leave its folder."""

    file_id: int
    inbox: bytes
    inbox_name: str
    path: bytes
    sha256: bytes
    after: str


# Never a quarantined file, nor one with a quarantined member; never one that has a newer version at its path.
DUE = """
    FROM files f JOIN inboxes i ON i.id = f.inbox_id
    WHERE f.after <> 'keep' AND f.after_done_at IS NULL AND f.current
      AND f.state IN ('stored', 'duplicate') AND f.members_quarantined = 0
      AND f.members > 0
"""

# What failed is tried again in turns of ten seconds: a few files every minute, many every ten minutes, so that a folder
# that is full for days costs next to nothing, and nobody waits for those that failed.
WAITING = (
    "WITH waiting AS (SELECT f.id, f.after_reason IS NOT NULL AS failed"
    + DUE
    + """),
    turns AS (SELECT greatest(6, least(60, count(*) / 10)) AS number FROM waiting WHERE failed)
    SELECT id FROM waiting, turns
    WHERE NOT failed OR id % number = (extract(epoch FROM now())::bigint / 10) % number
    ORDER BY failed, id LIMIT :limit"""
)


def due(engine: Engine, limit: int) -> list[int]:
    """Files that wait, those that failed before last."""
    with engine.begin() as connection:
        return list(connection.execute(text(WAITING), {"limit": limit}).scalars())


def lock(connection: Connection, file_id: int) -> Disposal | None:
    """The file, its row locked so that one worker disposes of it; None when it does not wait (any more)."""
    query = text(
        "SELECT f.id, i.path AS inbox, i.name, f.path, f.sha256, f.after"
        + DUE
        + " AND f.id = :id FOR UPDATE OF f SKIP LOCKED"
    )
    row = connection.execute(query, {"id": file_id}).first()
    return Disposal(row.id, row.inbox, row.name, row.path, row.sha256, row.after) if row else None


def done(connection: Connection, file_id: int) -> None:
    """The file is where it should be."""
    connection.execute(
        text("UPDATE files SET after_done_at = now(), after_reason = NULL, after_message = NULL WHERE id = :id"),
        {"id": file_id},
    )


def failed(connection: Connection, file_id: int, reason: NotMoved, message: str) -> None:
    """The file could not be moved; it stays stored, and only the move is tried again."""
    connection.execute(
        text("UPDATE files SET after_reason = :reason, after_message = :message WHERE id = :id"),
        {"id": file_id, "reason": reason, "message": message},
    )
