"""Watched folders: each has a row; it says whether the folder is there.

The watcher says so, and so does a worker that finds the folder away when a file of it is to be read. Files of a folder
that is away wait, are not rung for, and keep no doorbell from the files of other folders. A folder counts as away for
as long as a doorbell lasts (`ring_again_seconds`), so that nothing depends on a process that takes it back.
"""

from sqlalchemy import Connection, text

from worker.settings import settings

AFRESH_SECONDS = 1.0
"""Wait so long before a folder is marked as away again, however many files find it away."""

ABSENT = "away_at > now() - make_interval(secs => :away_seconds)"
"""The condition that an inbox is away; `away_seconds` is the setting `ring_again_seconds`."""

REGISTER = text("""INSERT INTO inboxes (name, path) VALUES (:name, :path) ON CONFLICT DO NOTHING""")
NUMBER = text("""SELECT id FROM inboxes WHERE name = :name""")
RELOCATE = text("""UPDATE inboxes SET path = :path WHERE id = :id AND path <> :path""")
SCANNED = text("""UPDATE inboxes SET last_scan = now() WHERE id = :id""")
PATH = text("""SELECT path FROM inboxes WHERE id = :id""")
IS_AWAY = text(f"""SELECT 1 FROM inboxes WHERE id = :id AND {ABSENT}""")
AWAY = text(
    """
    UPDATE inboxes SET away_at = now()
    WHERE id = :id AND (away_at IS NULL OR away_at < now() - make_interval(secs => :afresh_seconds))
    """
)
BACK = text("""UPDATE inboxes SET away_at = NULL WHERE id = :id AND away_at IS NOT NULL""")


def register(connection: Connection, name: str, path: bytes) -> int:
    """Return the number of the inbox with this name; make it if there is none."""
    connection.execute(REGISTER, {"name": name, "path": path})
    return int(connection.execute(NUMBER, {"name": name}).scalar_one())


def relocate(connection: Connection, inbox_id: int, path: bytes) -> None:
    """Store where the inbox is now."""
    connection.execute(RELOCATE, {"id": inbox_id, "path": path})


def scanned(connection: Connection, inbox_id: int) -> None:
    """Store that a scan of the inbox has ended."""
    connection.execute(SCANNED, {"id": inbox_id})


def path(connection: Connection, inbox_id: int) -> bytes:
    """Return the absolute path of the inbox."""
    return bytes(connection.execute(PATH, {"id": inbox_id}).scalar_one())


def is_away(connection: Connection, inbox_id: int) -> bool:
    """True if the inbox was found away lately."""
    values = {"id": inbox_id, "away_seconds": settings().ring_again_seconds}
    return connection.execute(IS_AWAY, values).first() is not None


def away(connection: Connection, inbox_id: int) -> None:
    """Store that the inbox is away."""
    connection.execute(AWAY, {"id": inbox_id, "afresh_seconds": AFRESH_SECONDS})


def back(connection: Connection, inbox_id: int) -> None:
    """Store that the inbox is there (again)."""
    connection.execute(BACK, {"id": inbox_id})
