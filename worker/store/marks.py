"""Rows of marks: hashes of what people had forgotten. Whatever has such a hash is not stored.

A mark is added by the decision to forget, and deleted when this decision is undone. Until `removed` is set, rows that
have the hash may still be stored; the removal goes on with these marks (`worker.decisions.forgetting`).
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from worker.store.catalogue import outlet_key
from worker.store.db.many_rows import numbers

ADD = text(
    """
    INSERT INTO forgotten (hash, kind, decision_id, removed)
    SELECT hash, kind, :decision, :removed
    FROM unnest(CAST(:hashes AS bytea[]), CAST(:kinds AS text[])) AS m (hash, kind)
    ON CONFLICT DO NOTHING
    """
)
AMONG = text(
    """
    SELECT DISTINCT hash FROM forgotten
    WHERE hash = ANY(CAST(:hashes AS bytea[])) AND kind = ANY(CAST(:kinds AS text[]))
    """
)
ALL = text(
    """
    SELECT m.kind, m.hash, min(d.decided_at) AS decided_at FROM forgotten m JOIN decisions d ON d.id = m.decision_id
    WHERE CAST(:decision AS bigint) IS NULL OR d.id = :decision
    GROUP BY m.kind, m.hash ORDER BY min(d.id), m.kind, m.hash
    """
)
FORGOTTEN = """EXISTS (
    SELECT FROM forgotten WHERE hash = ANY(CAST(:hashes AS bytea[])) AND kind = ANY(CAST(:kinds AS text[])))"""
"""True if a person has decided to forget something that has one of these marks (SQL)."""
LEFT = text(
    """
    SELECT kind, hash FROM forgotten
    WHERE decision_id = :decision AND NOT removed AND kind = ANY(CAST(:kinds AS text[])) ORDER BY hash LIMIT :limit
    """
)
IS_LEFT = text(
    """
    SELECT EXISTS (
        SELECT FROM forgotten WHERE hash = :hash AND kind = :kind AND decision_id = :decision AND NOT removed)
    """
)
COUNT_TEXTS = text("""SELECT count(*) FROM forgotten WHERE decision_id = :decision AND kind = 'text'""")
COUNT_LEFT = text("""SELECT count(*) FROM forgotten WHERE decision_id = :decision AND NOT removed""")
UNFINISHED = text("""SELECT DISTINCT decision_id FROM forgotten WHERE NOT removed ORDER BY decision_id""")
ANY_BEGUN = text(
    """
    SELECT EXISTS (SELECT FROM forgotten WHERE decision_id = ANY(CAST(:decisions AS bigint[])) AND removed)
    """
)
REMOVED = text(
    """
    UPDATE forgotten SET removed = true
    WHERE decision_id = :decision AND hash = ANY(CAST(:hashes AS bytea[])) AND kind = ANY(CAST(:kinds AS text[]))
    """
)
LIFT = text("""DELETE FROM forgotten WHERE decision_id = ANY(CAST(:decisions AS bigint[])) RETURNING kind, hash""")


class Mark(NamedTuple):
    """One mark: what was hashed ("document", "text", "outlet" or "file"), and the SHA-256."""

    kind: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class Marks:
    """The hashes that something has, and the kinds of marks that stand in its way."""

    hashes: Sequence[bytes] = ()
    kinds: Sequence[str] = ()

    def values(self) -> dict[str, list[Any]]:
        """Return the values for `FORGOTTEN`."""
        return {"hashes": [*self.hashes], "kinds": [*self.kinds]}


NO_MARKS = Marks()


class DatedMark(NamedTuple):
    """A mark, and when a person decided it."""

    kind: str
    hash: bytes
    decided_at: datetime


def of_outlet(name: str) -> bytes:
    """Return the hash by which an outlet is marked, from its name.

    It is not salted, so that it is the same in every database. Whoever guesses the name can check the guess.
    """
    return hashlib.sha256(f"outlet:{outlet_key(name)}".encode("utf-8", "surrogatepass")).digest()


def add(connection: Connection, decision_id: int, marks: Collection[Mark], *, removed: bool = False) -> None:
    """Add the marks of a decision; marks that it has already stay. `removed`: nothing with these hashes is stored."""
    if marks:
        kinds, hashes = zip(*sorted(marks), strict=True)
        values = {"decision": decision_id, "kinds": [*kinds], "hashes": [*hashes], "removed": removed}
        connection.execute(ADD, values)


def among(connection: Connection, hashes: Collection[bytes], *kinds: str) -> set[bytes]:
    """Return those of the hashes that have a mark of one of these kinds."""
    if not hashes:
        return set()
    return set(connection.execute(AMONG, {"hashes": [*hashes], "kinds": [*kinds]}).scalars())


def of_article(
    *, document_sha256: bytes | None = None, canonical_hash: bytes | None = None, outlet: str | None = None
) -> Marks:
    """Return the marks of an article: of its bytes, of its text, and of the outlet with this name."""
    hashed = (document_sha256, canonical_hash, of_outlet(outlet) if outlet else None)
    return Marks([value for value in hashed if value is not None], ("document", "text", "outlet"))


def of_file(sha256: bytes) -> Marks:
    """Return the mark of a file with this content."""
    return Marks((sha256,), ("file",))


def any_stands(connection: Connection, marks: Marks) -> bool:
    """True if a person has decided to forget something that has one of these marks."""
    return bool(among(connection, marks.hashes, *marks.kinds))


def every(connection: Connection, decision_id: int | None = None) -> Iterator[DatedMark]:
    """Yield the marks of one decision, or all marks, in the order of the decisions; memory stays flat."""
    for row in connection.execute(ALL, {"decision": decision_id}, execution_options={"yield_per": 10_000}):
        yield DatedMark(row.kind, bytes(row.hash), row.decided_at)


def unfinished(connection: Connection) -> list[int]:
    """Return the decisions whose removal has not ended, oldest first."""
    return list(connection.execute(UNFINISHED).scalars())


def any_begun(connection: Connection, decisions: Collection[int]) -> bool:
    """True if the removal of any of these decisions has begun."""
    return bool(connection.execute(ANY_BEGUN, {"decisions": numbers(decisions)}).scalar_one())


def left(connection: Connection, decision_id: int, limit: int, *kinds: str) -> list[Mark]:
    """Return up to `limit` marks of a decision with which the removal is still to go on."""
    rows = connection.execute(LEFT, {"decision": decision_id, "kinds": [*kinds], "limit": limit})
    return [Mark(row.kind, bytes(row.hash)) for row in rows]


def is_left(connection: Connection, decision_id: int, mark: Mark) -> bool:
    """True if the removal is still to go on with this mark of a decision."""
    values = {"decision": decision_id, "kind": mark.kind, "hash": mark.hash}
    return bool(connection.execute(IS_LEFT, values).scalar_one())


def count_left(connection: Connection, decision_id: int) -> int:
    """Return with how many marks of a decision the removal is still to go on."""
    return int(connection.execute(COUNT_LEFT, {"decision": decision_id}).scalar_one())


def count_texts(connection: Connection, decision_id: int) -> int:
    """Return how many articles were removed by a decision, or are to be."""
    return int(connection.execute(COUNT_TEXTS, {"decision": decision_id}).scalar_one())


def removed(connection: Connection, decision_id: int, marks: Sequence[Mark]) -> None:
    """Store that nothing with these hashes is stored any more."""
    kinds = sorted({mark.kind for mark in marks})
    hashes = [mark.hash for mark in marks]
    connection.execute(REMOVED, {"decision": decision_id, "kinds": kinds, "hashes": hashes})


def lift(connection: Connection, decisions: Collection[int]) -> list[Mark]:
    """Delete the marks of decisions that were undone; return them."""
    rows = connection.execute(LIFT, {"decisions": numbers(decisions)})
    return [Mark(row.kind, bytes(row.hash)) for row in rows]
