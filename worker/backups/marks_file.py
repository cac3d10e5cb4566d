"""The file `forgotten.jsonl` of a HOME: what people had forgotten, kept apart from the database and its backups.

A backup knows nothing of what was forgotten after it was made. So each mark is also appended to this file, and a
restore applies the marks again. A mark is a hash (`worker.store.marks`); the file holds no words. A line looks like
`{"kind": "text", "sha256": "9f86…", "decided_at": "2024-05-17T09:00:00+00:00"}`. When a decision to forget is undone,
a line with `"lifted": true` follows; of all lines about one hash, the last one counts.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from worker.embedded.account import give_to_owner
from worker.store.marks import DatedMark, Mark

NAME = "forgotten.jsonl"
KINDS = frozenset(("document", "text", "outlet", "file"))
HASH_BYTES = 32
LONGEST_LINE = 1000
"""Ignore a line that is longer than this many bytes: we never write such a line."""
LINES_AT_ONCE = 10_000
"""At most so many lines are held in memory while they are written."""


class Line(NamedTuple):
    """One line of the file: a mark, and whether it was set or lifted."""

    mark: DatedMark
    lifted: bool


def lines(path: Path) -> Iterator[Line | None]:
    """Yield every line of a file, in order; None for a line that cannot be read. A missing file has no lines.

    The last line is damaged if the machine lost power while it was written.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        while line := file.readline(LONGEST_LINE):
            yield parsed(line)


def parsed(line: bytes) -> Line | None:
    """Return what a line says, or None if it is not one of ours."""
    try:
        entry = json.loads(line)
        hashed = bytes.fromhex(entry["sha256"])
        decided_at = datetime.fromisoformat(entry["decided_at"])
        kind, lifted = entry["kind"], entry.get("lifted", False)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if kind not in KINDS or len(hashed) != HASH_BYTES or not line.endswith(b"\n") or decided_at.tzinfo is None:
        return None
    return Line(DatedMark(kind, hashed, decided_at), lifted is True)


def damaged(path: Path) -> int:
    """Return how many lines of a file cannot be read."""
    return sum(line is None for line in lines(path))


def in_force(path: Path) -> Iterator[DatedMark]:
    """Yield the marks of a file that were not lifted. Memory grows only with the marks that were."""
    lifts = {
        Mark(line.mark.kind, line.mark.hash): place for place, line in enumerate(lines(path)) if line and line.lifted
    }
    for place, line in enumerate(lines(path)):
        if line and not line.lifted and place > lifts.get(Mark(line.mark.kind, line.mark.hash), -1):
            yield line.mark


def keep(path: Path, marks: Iterable[DatedMark]) -> int:
    """Append those of the marks that are not in force in the file; return their number. Raises `OSError`."""
    known = {Mark(mark.kind, mark.hash) for mark in in_force(path)}
    return append(path, (mark for mark in marks if Mark(mark.kind, mark.hash) not in known))


def append(path: Path, marks: Iterable[DatedMark], *, lifted: bool = False) -> int:
    """Append a line for each mark, and wait until the disk has them; return their number. Raises `OSError`.

    `lifted`: the decisions were undone. Only we can read the file (mode 0600). Two commands never mix their lines.
    """
    iterator = iter(marks)
    first = list(islice(iterator, LINES_AT_ONCE))
    if not first:
        return 0
    number = 0
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    with closing(os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0)) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        give_to_owner(file.fileno(), path.parent)
        end_line(file)
        while first:
            write_all(file, b"".join(written(mark, lifted=lifted) for mark in first))
            number += len(first)
            first = list(islice(iterator, LINES_AT_ONCE))
        os.fsync(file.fileno())
    return number


def written(mark: DatedMark, *, lifted: bool) -> bytes:
    """Return the line of a mark."""
    entry = {"kind": mark.kind, "sha256": mark.hash.hex(), "decided_at": mark.decided_at.isoformat()}
    return json.dumps(entry | ({"lifted": True} if lifted else {})).encode() + b"\n"


def end_line(file: BinaryIO) -> None:
    """End a last line that was written only in part, so that the next one begins on a line of its own."""
    if (size := file.seek(0, os.SEEK_END)) and os.pread(file.fileno(), 1, size - 1) != b"\n":
        write_all(file, b"\n")


def write_all(file: BinaryIO, content: bytes) -> None:
    """Write to the end of a file that has no buffer."""
    while content:
        content = content[file.write(content) :]
