"""What the watcher writes: inboxes, and the `files` rows of what it saw in them.

Every function works in the caller's transaction. One watcher at a time writes an inbox (it holds a lock for that).
A sighting may be published any number of times: a row that already has its stat is all it asks for.
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, text, update
from sqlalchemy import func as sql_function
from sqlalchemy.dialects.postgresql import insert

from worker.reasons import Reason
from worker.store.models import Inbox

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

# The rows that speak for what lies at a path: its newest content, and what has not been or could not be read.
# Not those of a file that was archived or deleted by us, nor of one that had vanished when it was to be read: what
# lies there now came later, even where a file system gives it the same times.
SPEAKS = "(f.current OR f.sha256 IS NULL) AND f.after_done_at IS NULL AND f.reason IS DISTINCT FROM 'vanished'"
SAME = "f.size = s.size AND f.mtime_ns = s.mtime_ns AND f.ctime_ns = s.ctime_ns AND f.inode = s.inode"
SEEN = (
    "seen AS (SELECT * FROM unnest(CAST(:paths AS bytea[]), CAST(:shown AS text[]), CAST(:sizes AS bigint[]),"
    " CAST(:mtimes AS bigint[]), CAST(:ctimes AS bigint[]), CAST(:inodes AS bigint[]), CAST(:reasons AS text[]),"
    " CAST(:messages AS text[])) AS s (path, shown, size, mtime_ns, ctime_ns, inode, reason, message))"
)
NO_CURRENT = "NOT EXISTS (SELECT FROM files f WHERE f.inbox_id = :inbox AND f.path = s.path AND f.current)"


def signed(number: int) -> int:
    """A number of up to 64 bits as PostgreSQL's bigint holds it: two's complement."""
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


class Stat(NamedTuple):
    """What tells one state of a file from another: bytes, times in ns since 1970, inode (as bigint holds them)."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, result: os.stat_result) -> "Stat":
        """The stat of an `os.stat_result`."""
        return cls(result.st_size, signed(result.st_mtime_ns), signed(result.st_ctime_ns), signed(result.st_ino))


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something at rest at a path below its inbox; with a reason and a message if it will not be read."""

    path: bytes
    stat: Stat
    reason: Reason | None = None
    message: str | None = None


@dataclass(slots=True)
class Known:
    """What the ledger holds of one inbox: for each path the stats of its rows (nearly always one)."""

    read: dict[bytes, tuple[Stat, ...]] = field(default_factory=dict)
    ignored: dict[bytes, tuple[Stat, ...]] = field(default_factory=dict)  # by their name, before being read

    def has(self, sighting: Sighting) -> bool:
        """Whether this state of the path is in the ledger.

        A file that was ignored by its name is not known once the patterns let it through.
        """
        if sighting.stat in self.read.get(sighting.path, ()):
            return True
        return sighting.reason is not None and sighting.stat in self.ignored.get(sighting.path, ())

    def paths(self) -> set[bytes]:
        """All paths."""
        return self.read.keys() | self.ignored.keys()


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a batch of sightings, by path; the ones in neither set were in the ledger already."""

    added: frozenset[bytes]  # wait to be read
    busy: frozenset[bytes]  # an older state of the path is just being read: publish again later


NOTHING = Published(frozenset(), frozenset())


def shown(path: bytes) -> str:
    r"""A path as text for people: what is not UTF-8, and control characters, as `\xNN`."""
    return CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", path.decode("utf-8", "backslashreplace"))


def register(connection: Connection, name: str, path: bytes) -> int:
    """The number of the inbox with this name; it is made if there is none."""
    connection.execute(insert(Inbox).values(name=name, path=path).on_conflict_do_nothing())
    return int(connection.execute(text("SELECT id FROM inboxes WHERE name = :name"), {"name": name}).scalar_one())


def relocate(connection: Connection, inbox_id: int, path: bytes) -> None:
    """Write down where the inbox is now."""
    connection.execute(update(Inbox).where(Inbox.id == inbox_id, Inbox.path != path).values(path=path))


def scanned(connection: Connection, inbox_id: int) -> None:
    """Write down that a scan of the inbox has ended."""
    connection.execute(update(Inbox).where(Inbox.id == inbox_id).values(last_scan=sql_function.now()))


def known(connection: Connection, inbox_id: int) -> Known:
    """What the ledger holds of an inbox, but for files that were missing at the last scan.

    Those are few or many years' worth, and a file that comes back is recognised when it is published.
    """
    found = Known()
    rows = connection.execution_options(stream_results=True, yield_per=10_000).execute(
        text(
            "SELECT f.path, f.size, f.mtime_ns, f.ctime_ns, f.inode, f.reason = 'pattern' AS by_name FROM files f"
            f" WHERE f.inbox_id = :inbox AND f.missing_since IS NULL AND {SPEAKS}"
        ),
        {"inbox": inbox_id},
    )
    for path, size, mtime_ns, ctime_ns, inode, by_name in rows:
        stats = found.ignored if by_name else found.read
        stats[path] = (*stats.get(path, ()), Stat(size, mtime_ns, ctime_ns, inode))
    return found


def publish(connection: Connection, inbox_id: int, sightings: Sequence[Sighting], after: str) -> Published:
    """Let files at rest wait to be read; `after` is what is to be done with them once they are stored.

    A path has at most one unread row. While that waits, a newer sighting renews its stat and has it rung again (intake
    may have put it back because it was still written to); while it is being read it is left alone. A new row is its
    path's current one only if there is no other; intake decides when it has read it.
    """
    values = _columns(sightings) | {"inbox": inbox_id, "after": after}
    connection.execute(
        text(
            f"WITH {SEEN} UPDATE files f SET missing_since = NULL FROM seen s WHERE f.inbox_id = :inbox"
            f" AND f.path = s.path AND f.missing_since IS NOT NULL AND {SPEAKS} AND {SAME}"
        ),
        values,
    )
    rows = connection.execute(
        text(
            f"""
            WITH {SEEN}, fresh AS (
                SELECT s.* FROM seen s WHERE NOT EXISTS (
                    SELECT FROM files f WHERE f.inbox_id = :inbox AND f.path = s.path AND {SPEAKS}
                    AND f.reason IS DISTINCT FROM 'pattern' AND {SAME})),
            added AS (
                INSERT INTO files (inbox_id, path, shown, size, mtime_ns, ctime_ns, inode, current, after)
                SELECT :inbox, path, shown, size, mtime_ns, ctime_ns, inode, {NO_CURRENT}, :after FROM fresh s
                ON CONFLICT (inbox_id, path) WHERE sha256 IS NULL AND finished_at IS NULL
                DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns,
                    inode = excluded.inode, after = excluded.after, missing_since = NULL,
                    rung_at = NULL
                WHERE files.state = 'waiting'
                RETURNING path)
            SELECT fresh.path, added.path IS NOT NULL FROM fresh LEFT JOIN added USING (path)
            """
        ),
        values,
    ).all()
    return Published(frozenset(path for path, added in rows if added), frozenset(p for p, added in rows if not added))


def ignored(connection: Connection, inbox_id: int, sightings: Sequence[Sighting]) -> frozenset[bytes]:
    """Write down files that will not be read, and why; the paths for which that is new.

    A file that is ignored for the same reason again, looking different, keeps its row.
    """
    values = _columns(sightings) | {"inbox": inbox_id}
    rows = connection.execute(
        text(
            f"""
            WITH {SEEN}, again AS (
                UPDATE files f SET size = s.size, mtime_ns = s.mtime_ns, ctime_ns = s.ctime_ns, inode = s.inode,
                    message = s.message, missing_since = NULL
                FROM seen s WHERE f.inbox_id = :inbox AND f.path = s.path AND f.state = 'ignored'
                    AND f.reason = s.reason AND f.sha256 IS NULL
                RETURNING f.path)
            INSERT INTO files (inbox_id, path, shown, size, mtime_ns, ctime_ns, inode, current,
                               state, reason, message, finished_at)
            SELECT :inbox, path, shown, size, mtime_ns, ctime_ns, inode, {NO_CURRENT},
                   'ignored', reason, message, now()
            FROM seen s
            WHERE NOT EXISTS (SELECT FROM again WHERE again.path = s.path) AND NOT EXISTS (
                SELECT FROM files f WHERE f.inbox_id = :inbox AND f.path = s.path AND {SPEAKS} AND {SAME})
            RETURNING path
            """
        ),
        values,
    )
    return frozenset(rows.scalars())


def missing(connection: Connection, inbox_id: int, paths: Iterable[bytes]) -> int:
    """Write down that a scan missed the files at these paths; the number of rows. Nothing else changes for them."""
    return connection.execute(
        text(
            "UPDATE files f SET missing_since = now() WHERE f.inbox_id = :inbox"
            " AND f.path = ANY(CAST(:paths AS bytea[])) AND f.missing_since IS NULL"
            f" AND f.state NOT IN ('waiting', 'reading') AND {SPEAKS}"
        ),
        {"inbox": inbox_id, "paths": list(paths)},
    ).rowcount


def _columns(sightings: Iterable[Sighting]) -> dict[str, list[Any]]:
    """Sightings as one array a column; the last of each path."""
    rows = list({sighting.path: sighting for sighting in sightings}.values())
    return {
        "paths": [row.path for row in rows],
        "shown": [shown(row.path) for row in rows],
        "sizes": [row.stat.size for row in rows],
        "mtimes": [row.stat.mtime_ns for row in rows],
        "ctimes": [row.stat.ctime_ns for row in rows],
        "inodes": [row.stat.inode for row in rows],
        "reasons": [row.reason for row in rows],
        "messages": [row.message for row in rows],
    }
