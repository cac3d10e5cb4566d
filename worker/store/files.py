"""The writes of intake about a dropped file as a whole: its content, whether it is known, and its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from worker.reasons import Refused
from worker.store import ledger, marks
from worker.store.ledger import Claim
from worker.store.marks import FORGOTTEN
from worker.store.queues import INTAKE
from worker.store.sightings import Stat

WHOLE = ("split", "stored", "duplicate")
"""States of a file that was split into documents."""
MOST_KNOWN = 50
"""Look at no more than this many rows of `files` with the same content."""

# Read only `most` rows, the most important rows first: a content that was dropped under ten thousand names must not
# cost ten thousand rows for each further file.
ROWS_OF_CONTENT = text(
    """
    SELECT f.id, f.inbox_id, f.path, f.inode, f.current, f.state, f.members,
           EXISTS (SELECT 1 FROM file_documents fd JOIN documents d ON d.id = fd.document_id
                   WHERE fd.file_id = f.id AND d.raw IS NULL) AS emptied,
           EXISTS (SELECT 1 FROM file_documents fd WHERE fd.file_id = f.id AND fd.document_id IS NULL) AS refused,
           f.reason = 'forgotten' AS forgotten
    FROM files f
    WHERE f.sha256 = :sha256 AND f.id <> :id
    ORDER BY (f.inbox_id = :inbox AND f.path = :path) DESC,
             (f.inbox_id = :inbox AND f.inode = :inode AND f.current) DESC,
             (f.state = ANY(CAST(:whole AS text[])) AND f.members > 0) DESC,
             f.id
    LIMIT :most
    """
)
IS_NEW = text(
    f"""
    SELECT forgotten_by IS NULL AND NOT {FORGOTTEN}
           AND NOT EXISTS (SELECT FROM files o WHERE o.sha256 = :sha256 AND o.id <> :id)
    FROM files WHERE id = :id
    """
)
DISPLACE_SQL = """
    UPDATE files SET current = false
    WHERE inbox_id = :inbox AND path = :path AND current AND id <> :id
    RETURNING id, missing_since IS NULL AND after_done_at IS NULL AS present
"""
DISPLACE = text(DISPLACE_SQL)
DELETE = text("""DELETE FROM files WHERE id = :id""")
ADOPT = text(
    """
    UPDATE files
    SET sha256 = :sha256, size = :size, mtime_ns = :mtime_ns, ctime_ns = :ctime_ns, inode = :inode,
        path = :path, shown = :shown, current = true, missing_since = NULL,
        after = :after, after_done_at = NULL, after_reason = NULL, after_message = NULL,
        replaces = CASE WHEN CAST(:replaces AS bigint) = id THEN replaces ELSE CAST(:replaces AS bigint) END
    WHERE id = :id
    """
)
READ_AGAIN = text(
    """
    UPDATE files
    SET state = 'waiting', members = 0, strikes = 0, reason = NULL, message = NULL, note = NULL, finished_at = NULL,
        rung_at = NULL
    WHERE id = :id
    """
)
# The other row is displaced before this one becomes the current one, since its id is read from it.
BEGIN = text(
    f"""
    WITH displaced AS ({DISPLACE_SQL}), older AS (SELECT max(id) FILTER (WHERE present) AS id FROM displaced)
    UPDATE files f
    SET sha256 = :sha256, size = :size, mtime_ns = :mtime_ns, ctime_ns = :ctime_ns, inode = :inode,
        current = true, replaces = coalesce(f.replaces, older.id), missing_since = NULL
    FROM older WHERE f.id = :id
    """
)
SHARE = text(
    """
    INSERT INTO file_documents (file_id, position, member, document_id, reason, message)
    SELECT :id, position, member, document_id, reason, message FROM file_documents WHERE file_id = :first
    ON CONFLICT DO NOTHING
    """
)
NOTE_OF = text("""SELECT note FROM files WHERE id = :id""")
NOTE = text("""UPDATE files SET note = :note WHERE id = :id""")
COUNT_MEMBERS = text("""UPDATE files SET members = :members WHERE id = :id""")


FRESH_SECONDS = 3.0
"""A file that is read so many seconds after it was first seen, at most, is fresh."""


class ClaimedFile(NamedTuple):
    """The columns of a claimed file that intake works with."""

    inbox_id: int
    inbox: bytes  # the absolute path of the inbox
    path: bytes
    shown: str
    after: str
    sha256: bytes | None
    first_seen: datetime
    claimed_at: datetime

    @property
    def is_fresh(self) -> bool:
        """True if it is read soon after it was seen: it does not come from a drop so large that its files wait."""
        return (self.claimed_at - self.first_seen).total_seconds() < FRESH_SECONDS


FileClaim = Claim[ClaimedFile]


@dataclass(frozen=True, slots=True)
class Seen:
    """The content that was read at a path: the SHA-256 of the bytes, and the file's stat."""

    sha256: bytes
    stat: Stat

    def columns(self) -> dict[str, Any]:
        """Return the hash and the stat as columns of `files`."""
        return {"sha256": self.sha256, **self.stat._asdict()}


@dataclass(frozen=True, slots=True)
class KnownContent:
    """The rows of `files` that already hold the content of a claimed file."""

    here: int | None  # the row of the same path that had this content before
    moved: Sequence[tuple[int, bytes]]  # current rows of the inbox with this inode and content: renamed?
    split: int | None  # the first file, at any path, whose documents are stored
    unread: frozenset[int]  # rows to read again: refused as a whole, or forgotten and perhaps allowed now
    refused: frozenset[int]  # those of them that were refused as a whole, and not because a person had them forgotten


def is_new(connection: Connection, claim: FileClaim, seen: Seen) -> bool:
    """True if no other row of `files` holds a content, and if no person had the content or this file forgotten."""
    values = {"id": claim.id, "sha256": seen.sha256, **marks.of_file(seen.sha256).values()}
    return bool(connection.execute(IS_NEW, values).scalar())


def known(connection: Connection, claim: FileClaim, seen: Seen) -> KnownContent:
    """Find the rows of `files` that already hold a content."""
    inbox, path = claim.row.inbox_id, claim.row.path
    values = {
        "sha256": seen.sha256,
        "id": claim.id,
        "inbox": inbox,
        "path": path,
        "inode": seen.stat.inode,
        "whole": list(WHOLE),
        "most": MOST_KNOWN,
    }
    rows = connection.execute(ROWS_OF_CONTENT, values).all()
    here = next((row.id for row in rows if row.inbox_id == inbox and row.path == path), None)
    moved = [
        (row.id, row.path)
        for row in rows
        if row.inbox_id == inbox and row.path != path and row.inode == seen.stat.inode and row.current
    ]
    # Share only with a file that was split completely; `members` is set when the splitting ends.
    whole = sorted((row for row in rows if row.state in WHOLE and row.members), key=lambda row: row.id)
    done = next((row.id for row in whole if not row.emptied and not row.refused), None)
    ended = [row for row in rows if row.state in ("quarantined", "ignored") and not row.members]
    unread = frozenset(row.id for row in rows if row.emptied or row.forgotten or row in ended)
    refused = frozenset(row.id for row in ended if not row.forgotten)
    return KnownContent(here, moved, done, unread, refused)


def displace(connection: Connection, claim: FileClaim) -> int | None:
    """Let no other row be the current one at the claimed row's path.

    Return the id of the row that was the current one; None if there was no such row, or if its file was not at the path
    any more.
    """
    values = {"inbox": claim.row.inbox_id, "path": claim.row.path, "id": claim.id}
    displaced = connection.execute(DISPLACE, values).first()
    return int(displaced.id) if displaced is not None and displaced.present else None


def adopt(connection: Connection, claim: FileClaim, older: int, seen: Seen) -> None:
    """Replace the claimed row by an older row with the same bytes: the file was touched, renamed, or came back."""
    ledger.fence(connection, claim)
    replaces = displace(connection, claim)
    connection.execute(DELETE, {"id": claim.id})
    place = {"path": claim.row.path, "shown": claim.row.shown, "after": claim.row.after}
    connection.execute(ADOPT, {"id": older, "replaces": replaces, **place, **seen.columns()})


def read_again(connection: Connection, file_id: int) -> None:
    """Let a file that has ended wait to be read once more."""
    connection.execute(READ_AGAIN, {"id": file_id})


def begin(connection: Connection, claim: FileClaim, seen: Seen) -> None:
    """Store the content of the claimed file, and make it the current content of the path."""
    place = {"inbox": claim.row.inbox_id, "path": claim.row.path}
    connection.execute(BEGIN, {"id": claim.id, **place, **seen.columns()})


def share(connection: Connection, claim: FileClaim, first: int) -> None:
    """Give the claimed file the documents of an earlier file (`first`) with the same bytes."""
    members = connection.execute(SHARE, {"id": claim.id, "first": first}).rowcount
    note = connection.execute(NOTE_OF, {"id": first}).scalar()
    finish_split(connection, claim, members, note)


def count_members(connection: Connection, claim: FileClaim, members: int) -> None:
    """Store how many members of a file that is being read are stored by now."""
    connection.execute(COUNT_MEMBERS, {"id": claim.id, "members": members})


def finish_split(connection: Connection, claim: FileClaim, members: int, note: str | None = None) -> None:
    """Set the state `split`: all members are stored, and from now on the file's state follows from their states.

    `note` is what splitting says about the whole file.
    """
    ledger.end(connection, INTAKE, [claim.id], "split", members=members)
    if note is not None:
        connection.execute(NOTE, {"id": claim.id, "note": note})


def finish_refused(connection: Connection, claim: FileClaim, refused: Refused) -> None:
    """Store the end of a file that was refused as a whole, with the reason.

    The members that were stored before are not counted: the same bytes are read again if they are dropped again.
    """
    ledger.fence(connection, claim)
    reason = refused.reason
    ledger.end(connection, INTAKE, [claim.id], reason.state, reason=reason, message=refused.message, members=0)


def wait_again(connection: Connection, claim: FileClaim, *, rung: bool = False) -> None:
    """Let a file that cannot be read now wait again.

    Without `rung` the row is rung again with the next ring. With `rung` it counts as rung already: the sweep rings
    again later, or the watcher's next sighting of the file does.
    """
    if ledger.holds(connection, claim):
        ledger.end(connection, INTAKE, [claim.id], "waiting", rung=rung, members=0)
