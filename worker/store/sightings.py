"""The watcher's writes: the rows of `files` for the files that it sees in its inboxes (sightings).

Every function works in the caller's transaction. Only one watcher at a time writes an inbox (it holds a lock for that).
A sighting may be published any number of times: once a row has its stat, nothing more is written.
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from worker.reasons import Reason

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

# These rows describe the file that is at a path now: the row of its newest content, and rows that were not read yet or
# could not be read. Excluded are rows of files that we archived or deleted, and rows of files that had vanished before
# they were read. A file that is at such a path now came later, even if the file system gives it the same times.
SPEAKS = "(f.current OR f.sha256 IS NULL) AND f.after_done_at IS NULL AND f.reason IS DISTINCT FROM 'vanished'"
BATCH = """
    unnest(CAST(:paths AS bytea[]), CAST(:shown AS text[]), CAST(:sizes AS bigint[]), CAST(:mtimes AS bigint[]),
           CAST(:ctimes AS bigint[]), CAST(:inodes AS bigint[]), CAST(:currents AS bool[]), CAST(:reasons AS text[]),
           CAST(:messages AS text[])) AS s (path, shown, size, mtime_ns, ctime_ns, inode, current, reason, message)
"""
KNOWN = text(
    f"""
    SELECT f.path, f.size, f.mtime_ns, f.ctime_ns, f.inode, f.reason = 'pattern' AS by_name
    FROM files f WHERE f.inbox_id = :inbox AND f.missing_since IS NULL AND {SPEAKS}
    """
)
ROWS_OF_PATHS = text(
    f"""
    SELECT f.path, f.id, f.size, f.mtime_ns, f.ctime_ns, f.inode, f.current, f.reason,
           f.missing_since IS NOT NULL AS missing, {SPEAKS} AS speaks
    FROM files f
    WHERE f.inbox_id = :inbox AND f.path = ANY(CAST(:paths AS bytea[])) AND (f.current OR f.sha256 IS NULL)
    """
)
COME_BACK = text("""UPDATE files SET missing_since = NULL WHERE id = ANY(CAST(:ids AS bigint[]))""")
PUBLISH = text(
    f"""
    INSERT INTO files (inbox_id, path, shown, size, mtime_ns, ctime_ns, inode, current, after)
    SELECT :inbox, path, shown, size, mtime_ns, ctime_ns, inode, current, :after FROM {BATCH}
    ON CONFLICT (inbox_id, path) WHERE sha256 IS NULL AND finished_at IS NULL
    DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns,
        inode = excluded.inode, after = excluded.after, missing_since = NULL, rung_at = NULL
    WHERE files.state = 'waiting'
    RETURNING path
    """
)
RENEW_IGNORED = text(
    """
    UPDATE files
    SET size = :size, mtime_ns = :mtime_ns, ctime_ns = :ctime_ns, inode = :inode, missing_since = NULL
    WHERE id = :id
    """
)
IGNORE = text(
    f"""
    INSERT INTO files (inbox_id, path, shown, size, mtime_ns, ctime_ns, inode, current,
                       state, reason, message, finished_at)
    SELECT :inbox, path, shown, size, mtime_ns, ctime_ns, inode, current,
           'ignored', reason, message, now() FROM {BATCH}
    """
)
MISSING = text(
    f"""
    UPDATE files f SET missing_since = now()
    WHERE f.inbox_id = :inbox AND f.path = ANY(CAST(:paths AS bytea[])) AND f.missing_since IS NULL
      AND f.state NOT IN ('waiting', 'reading') AND {SPEAKS}
    """
)


def signed(number: int) -> int:
    """Return a number of up to 64 bits as PostgreSQL's bigint holds it: two's complement."""
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


class Stat(NamedTuple):
    """The values by which two states of a file differ: size in bytes, times in ns since 1970, inode; all as bigint."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, result: os.stat_result) -> "Stat":
        """Return the stat of an `os.stat_result`."""
        return cls(result.st_size, signed(result.st_mtime_ns), signed(result.st_ctime_ns), signed(result.st_ino))


@dataclass(frozen=True, slots=True)
class Sighting:
    """A file or other entry at rest at a path below its inbox; with a reason and a message if it will not be read."""

    path: bytes
    stat: Stat
    reason: Reason | None = None
    message: str | None = None


@dataclass(slots=True)
class KnownFiles:
    """The files of one inbox that the ledger holds: for each path the stats of its rows (nearly always one row)."""

    read: dict[bytes, tuple[Stat, ...]] = field(default_factory=dict)
    ignored: dict[bytes, tuple[Stat, ...]] = field(default_factory=dict)  # because of their name, without being read

    def has(self, sighting: Sighting) -> bool:
        """True if this state of the path is in the ledger.

        A file that was ignored because of its name counts as unknown once the patterns allow the name.
        """
        if sighting.stat in self.read.get(sighting.path, ()):
            return True
        return sighting.reason is not None and sighting.stat in self.ignored.get(sighting.path, ())

    def paths(self) -> set[bytes]:
        """Return all paths."""
        return self.read.keys() | self.ignored.keys()


@dataclass(frozen=True, slots=True)
class PublishedPaths:
    """The outcome of a batch of sightings, by path; the paths in neither set were in the ledger already."""

    added: frozenset[bytes]  # their files wait to be read
    busy: frozenset[bytes]  # an older state of the path is being read now: publish again later


NOTHING = PublishedPaths(frozenset(), frozenset())


def shown(path: bytes) -> str:
    r"""Return a path as text for people; bytes that are not UTF-8, and control characters, become `\xNN`."""
    return CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", path.decode("utf-8", "backslashreplace"))


def known(connection: Connection, inbox_id: int) -> KnownFiles:
    """Return the files of an inbox that the ledger holds, except files that were missing at the last scan.

    The missing files may be those of many years. If such a file comes back, `publish` recognises it.
    """
    known = KnownFiles()
    streamed = {"stream_results": True, "yield_per": 10_000}
    rows = connection.execute(KNOWN, {"inbox": inbox_id}, execution_options=streamed)
    for path, size, mtime_ns, ctime_ns, inode, by_name in rows:
        stats = known.ignored if by_name else known.read
        stats[path] = (*stats.get(path, ()), Stat(size, mtime_ns, ctime_ns, inode))
    return known


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a path that is the current row of the path, or that was never read."""

    id: int
    stat: Stat
    current: bool
    speaks: bool
    missing: bool
    reason: str | None

    def holds(self, sighting: Sighting) -> bool:
        """True if the row already describes this state of the file, so that no row need be added."""
        by_name = self.reason == Reason.PATTERN and sighting.reason is None  # but the name is allowed now
        return self.speaks and self.stat == sighting.stat and not by_name


def _rows(connection: Connection, inbox_id: int, paths: Iterable[bytes]) -> dict[bytes, list[_Row]]:
    """Return the rows of some paths that are current, or that were never read, by path."""
    rows: dict[bytes, list[_Row]] = {}
    for row in connection.execute(ROWS_OF_PATHS, {"inbox": inbox_id, "paths": list(paths)}):
        stat = Stat(row.size, row.mtime_ns, row.ctime_ns, row.inode)
        rows.setdefault(row.path, []).append(_Row(row.id, stat, row.current, row.speaks, row.missing, row.reason))
    return rows


def publish(connection: Connection, inbox_id: int, sightings: Iterable[Sighting], after: str) -> PublishedPaths:
    """Let files at rest wait to be read; `after` says what is to be done with them once they are stored.

    A path has at most one unread row. While this row waits, a newer sighting updates its stat and lets it be rung
    again, since intake may have let it wait because the file was still written to. While the row is being read, it is
    left alone. A new row becomes the current row of its path only if the path has no current row. Otherwise intake
    decides that when it has read the file.
    """
    batch = {sighting.path: sighting for sighting in sightings}
    rows = _rows(connection, inbox_id, batch)
    back = [row.id for path, held in rows.items() for row in held if row.missing and row.holds(batch[path])]
    if back:
        connection.execute(COME_BACK, {"ids": back})
    fresh = [s for s in batch.values() if not any(row.holds(s) for row in rows.get(s.path, ()))]
    if not fresh:
        return NOTHING
    values = _columns(fresh, rows) | {"inbox": inbox_id, "after": after}
    published = frozenset(connection.execute(PUBLISH, values).scalars())
    return PublishedPaths(published, frozenset(sighting.path for sighting in fresh) - published)


def ignored(connection: Connection, inbox_id: int, sightings: Iterable[Sighting]) -> frozenset[bytes]:
    """Store files that will not be read, and the reasons; return the paths for which a row was added.

    If a file has changed but is ignored for the same reason again, its row is kept.
    """
    batch = {sighting.path: sighting for sighting in sightings}
    rows = _rows(connection, inbox_id, batch)
    fresh = []
    for sighting in batch.values():
        held = rows.get(sighting.path, [])
        again = next((row for row in held if row.reason == sighting.reason), None)
        if again is not None:
            connection.execute(RENEW_IGNORED, {"id": again.id, **sighting.stat._asdict()})
        elif not any(row.holds(sighting) for row in held):
            fresh.append(sighting)
    if fresh:
        connection.execute(IGNORE, _columns(fresh, rows) | {"inbox": inbox_id})
    return frozenset(sighting.path for sighting in fresh)


def missing(connection: Connection, inbox_id: int, paths: Iterable[bytes]) -> int:
    """Store that a scan did not find the files at these paths; return the number of changed rows."""
    return connection.execute(MISSING, {"inbox": inbox_id, "paths": list(paths)}).rowcount


def _columns(sightings: Sequence[Sighting], rows: dict[bytes, list[_Row]]) -> dict[str, Any]:
    """Return the columns of sightings, each as one array."""
    return {
        "paths": [s.path for s in sightings],
        "shown": [shown(s.path) for s in sightings],
        "sizes": [s.stat.size for s in sightings],
        "mtimes": [s.stat.mtime_ns for s in sightings],
        "ctimes": [s.stat.ctime_ns for s in sightings],
        "inodes": [s.stat.inode for s in sightings],
        "currents": [not any(row.current for row in rows.get(s.path, ())) for s in sightings],
        "reasons": [s.reason for s in sightings],
        "messages": [s.message for s in sightings],
    }
