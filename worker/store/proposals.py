"""Rows of proposals: pairs of speakers that may be one speaker, for a person to decide; and refused pairs.

A proposal is a row of `speaker_names`: `speaker_id` is the lower of the two ids, and `other_id` the higher. A refused
pair is stored in the same way, but without a name.
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store.db.many_rows import numbers

REFUSED = text(
    """
    SELECT speaker_id, other_id FROM speaker_names
    WHERE speaker_id = ANY(CAST(:speakers AS bigint[])) AND other_id = ANY(CAST(:speakers AS bigint[]))
      AND status = 'refused'
    """
)
PROPOSE = text(
    """
    INSERT INTO speaker_names (speaker_id, other_id, name, status, evidence, confidence)
    SELECT :low, :high, CAST(:name AS text), 'proposed', :evidence, :confidence
    WHERE NOT EXISTS (
        SELECT FROM speaker_names WHERE speaker_id = :low AND other_id = :high AND status = 'proposed')
    ON CONFLICT DO NOTHING
    """
)
CONCERNING = text(
    """
    SELECT id, speaker_id, other_id, name, evidence FROM speaker_names
    WHERE status = 'proposed'
      AND (speaker_id = ANY(CAST(:speakers AS bigint[])) OR other_id = ANY(CAST(:speakers AS bigint[])))
    ORDER BY id
    """
)
WITHDRAW = text("""DELETE FROM speaker_names WHERE id = ANY(CAST(:proposals AS bigint[]))""")
REFUSE = text(
    """
    INSERT INTO speaker_names (speaker_id, other_id, status, evidence, confidence)
    VALUES (:low, :high, 'refused', :evidence, 0)
    ON CONFLICT DO NOTHING
    """
)
ALLOW = text("""DELETE FROM speaker_names WHERE speaker_id = :low AND other_id = :high AND status = 'refused'""")


class Proposal(NamedTuple):
    """A join that only a person may make.

    `speaker_id` is the lower id, and `other_id` the higher. `name` is a form of the higher speaker's name. `evidence`
    tells why the join is proposed.
    """

    id: int
    speaker_id: int
    other_id: int
    name: str
    evidence: str


def refused(connection: Connection, speakers: Collection[int]) -> set[frozenset[int]]:
    """Return the pairs of these speakers that a person refused to join."""
    return {frozenset(row) for row in connection.execute(REFUSED, {"speakers": numbers(speakers)})}


def propose(connection: Connection, one: int, other: int, name: str, evidence: str, confidence: float) -> None:
    """Propose that two speakers are one speaker, unless this is proposed already.

    `name` is the form of the higher speaker's name that is similar to a form of the lower speaker's name.
    """
    row = {"low": min(one, other), "high": max(one, other), "name": name}
    connection.execute(PROPOSE, row | {"evidence": evidence, "confidence": confidence})


def concerning(connection: Connection, speakers: Collection[int]) -> list[Proposal]:
    """Return the proposals about at least one of these speakers, in order of their ids."""
    return [Proposal(*row) for row in connection.execute(CONCERNING, {"speakers": numbers(speakers)})]


def withdraw(connection: Connection, proposals: Collection[int]) -> None:
    """Delete proposals."""
    connection.execute(WITHDRAW, {"proposals": numbers(proposals)})


def refuse(connection: Connection, one: int, other: int, evidence: str) -> None:
    """Store that a person refused to join two speakers, so that the join is not proposed again."""
    low, high = sorted((one, other))
    connection.execute(REFUSE, {"low": low, "high": high, "evidence": evidence})


def allow(connection: Connection, one: int, other: int) -> None:
    """Delete what `refuse` stored, so that the join may be proposed again."""
    low, high = sorted((one, other))
    connection.execute(ALLOW, {"low": low, "high": high})
