"""Rows of speakers: their names, and merges. `forms.py` has the forms of their names.

A speaker may have been merged into another one. The *root* of a speaker is the speaker into which it was merged, or
itself.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store import attributions
from worker.store.db import many_rows
from worker.store.db.many_rows import numbers

LOCKS = 16_384
"""Lock one of so many rows for a surname; two surnames share a row by chance once in so many pairs."""

# The rows are sorted before they are locked. To lock a row makes no new version of it, so the table does not grow.
LOCK = text(
    """
    SELECT id FROM surname_locks WHERE id = ANY(CAST(:ids AS integer[])) ORDER BY id FOR NO KEY UPDATE
    """
)

ADD_SPEAKERS = many_rows.adding("speakers", "name text", "kind text", returning=True)
SPEAKER = text("""SELECT id, name, kind, coalesce(merged_into, id) AS root FROM speakers WHERE id = :speaker""")
FAMILY = text("""SELECT id FROM speakers WHERE id = :root OR merged_into = :root ORDER BY id""")
LOWEST_NAMED = text("""SELECT min(id) FROM speakers WHERE name = :name AND merged_into IS NULL""")
SET_ROOT = text("""UPDATE speakers SET merged_into = :root WHERE id = :speaker""")
SET_NAME = text(
    """
    UPDATE speakers SET named_by_hand = CAST(:name AS text) IS NOT NULL, name = coalesce(:name, name)
    WHERE id = :speaker
    """
)
RENAME_BY_USE = text(
    """
    WITH touched AS (
        SELECT DISTINCT coalesce(merged_into, id) AS id FROM speakers WHERE id = ANY(CAST(:speakers AS bigint[]))),
    best AS (
        SELECT DISTINCT ON (t.id) t.id, coalesce(l.name, n.name) AS name
        FROM touched t
        CROSS JOIN LATERAL (SELECT t.id UNION ALL SELECT id FROM speakers WHERE merged_into = t.id OFFSET 0) m
        CROSS JOIN LATERAL (SELECT * FROM speaker_names WHERE speaker_id = m.id AND status = 'joined' OFFSET 0) n
        LEFT JOIN LATERAL (SELECT id, name FROM listed_speakers WHERE id = n.listed_id OFFSET 0) l ON true
        GROUP BY t.id, n.name, l.id, l.name
        ORDER BY t.id, l.id NULLS LAST, sum(n.articles) DESC, char_length(n.name) DESC, n.name COLLATE "C")
    UPDATE speakers s SET name = best.name FROM best
    WHERE s.id = best.id AND NOT s.named_by_hand AND s.name <> best.name
    """
)


class Speaker(NamedTuple):
    """A speaker's row; `root` is the id of the speaker's root."""

    id: int
    name: str
    kind: str
    root: int


def lock(connection: Connection, hashes: Iterable[int]) -> None:
    """Lock a row for each hash of a surname until the transaction ends.

    The rows are locked in ascending order, so that two transactions never deadlock here. They are rows of a table of
    ours, and no advisory locks, so that a reader of the database cannot hold them.
    """
    ids = {value % LOCKS for value in hashes}
    locked = connection.execute(LOCK, {"ids": numbers(ids)}).all()
    if len(locked) != len(ids):
        raise RuntimeError(f"surname_locks has lost rows; it must hold the numbers from 0 to {LOCKS - 1}")


def add_speaker(connection: Connection, name: str, kind: str) -> int:
    """Store a new speaker; return its id."""
    return add_speakers(connection, [(name, kind)])[0]


def add_speakers(connection: Connection, speakers: Sequence[tuple[str, str]]) -> list[int]:
    """Store new speakers, each given as (name, kind); return their ids in the same order."""
    return many_rows.add_returning(connection, ADD_SPEAKERS, [{"name": name, "kind": kind} for name, kind in speakers])


def rename_by_use(connection: Connection, speakers: Collection[int]) -> None:
    """Name the roots of speakers after the form that most articles use, unless a person chose the name.

    A speaker of an imported list has the name of the list. If several forms are used equally often, the longest is
    chosen, and of equally long forms the first in the alphabet. So the order in which articles arrive does not matter.
    """
    if speakers:
        connection.execute(RENAME_BY_USE, {"speakers": numbers(sorted(speakers))})


def quotes_of(connection: Connection, speakers: Collection[int]) -> list[int]:
    """Return the ids of the quotes of some speakers, in ascending order."""
    return attributions.of_speakers(connection, speakers)


def speaker(connection: Connection, speaker_id: int) -> Speaker | None:
    """Return a speaker; None if no speaker has this id."""
    row = connection.execute(SPEAKER, {"speaker": speaker_id}).first()
    return Speaker(*row) if row is not None else None


def family(connection: Connection, root: int) -> list[int]:
    """Return the ids of a root and of the speakers merged into it, in ascending order."""
    return list(connection.execute(FAMILY, {"root": root}).scalars())


def root_named(connection: Connection, name: str) -> int | None:
    """Return the lowest id of a root with this canonical name; None if there is no such root."""
    lowest = connection.execute(LOWEST_NAMED, {"name": name}).scalar()
    return int(lowest) if lowest is not None else None


def set_root(connection: Connection, speaker_id: int, root: int | None) -> None:
    """Merge a speaker into a root; with None, undo the merge."""
    connection.execute(SET_ROOT, {"speaker": speaker_id, "root": root})


def set_name(connection: Connection, speaker_id: int, name: str | None) -> None:
    """Store the name that a person gave a speaker; with None, the machine chooses the name again."""
    connection.execute(SET_NAME, {"speaker": speaker_id, "name": name})
