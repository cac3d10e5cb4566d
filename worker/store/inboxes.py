"""Rows of inboxes (watched folders); a row also says whether its folder is away, that is, cannot be found at its path.

The watcher marks a folder as away. So does a worker that does not find the folder when it wants to read a file in it.
While a folder is away, its files wait and are not rung for. So they take no doorbells from the files of other folders.
The mark counts for `ring_again_seconds`, as long as a doorbell, and must then be renewed. So the files are rung for
again even if no process removes the mark.
"""

from sqlalchemy import Connection, text

from worker.settings import settings

AFRESH_SECONDS = 1.0
"""Wait at least this many seconds before a folder is marked as away again, even if many workers do not find it."""

ABSENT = "away_at > now() - make_interval(secs => :away_seconds)"
"""The SQL condition that an inbox is away; `away_seconds` is the setting `ring_again_seconds`."""

REGISTER = text("""INSERT INTO inboxes (name, path) VALUES (:name, :path) ON CONFLICT DO NOTHING""")
NUMBER = text("""SELECT id FROM inboxes WHERE name = :name""")
RELOCATE = text("""UPDATE inboxes SET path = :path WHERE id = :id AND path <> :path""")
SCANNED = text("""UPDATE inboxes SET last_scan = now() WHERE id = :id""")
IS_AWAY = text(f"""SELECT 1 FROM inboxes WHERE id = :id AND {ABSENT}""")
AWAY = text(
    """
    UPDATE inboxes SET away_at = now()
    WHERE id = :id AND (away_at IS NULL OR away_at < now() - make_interval(secs => :afresh_seconds))
    """
)
BACK = text("""UPDATE inboxes SET away_at = NULL WHERE id = :id AND away_at IS NOT NULL""")


def register(connection: Connection, name: str, path: bytes) -> int:
    """Return the id of the inbox with this name; add the inbox if it is new."""
    connection.execute(REGISTER, {"name": name, "path": path})
    return int(connection.execute(NUMBER, {"name": name}).scalar_one())


def relocate(connection: Connection, inbox_id: int, path: bytes) -> None:
    """Store the path at which the inbox is now."""
    connection.execute(RELOCATE, {"id": inbox_id, "path": path})


def scanned(connection: Connection, inbox_id: int) -> None:
    """Store that a scan of the inbox has ended."""
    connection.execute(SCANNED, {"id": inbox_id})


def is_away(connection: Connection, inbox_id: int) -> bool:
    """True if the inbox was marked as away during the last `ring_again_seconds`."""
    values = {"id": inbox_id, "away_seconds": settings().ring_again_seconds}
    return connection.execute(IS_AWAY, values).first() is not None


def away(connection: Connection, inbox_id: int) -> None:
    """Store that the inbox is away."""
    connection.execute(AWAY, {"id": inbox_id, "afresh_seconds": AFRESH_SECONDS})


def back(connection: Connection, inbox_id: int) -> None:
    """Store that the inbox is not away (any more)."""
    connection.execute(BACK, {"id": inbox_id})
