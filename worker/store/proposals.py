"""Rows of proposals: pairs of speakers that may be one speaker, for a person to decide; and refused pairs.

A proposal is a row of `speaker_names`: `speaker_id` is the lower of the two ids, and `other_id` the higher. A refused
pair is stored in the same way, but without a name.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store.db import many_rows
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
    SELECT low, high, name, 'proposed', evidence, confidence
    FROM ROWS FROM (
        json_to_recordset(CAST(:rows AS json))
            AS (low bigint, high bigint, name text, evidence text, confidence real)
    ) WITH ORDINALITY AS r (low, high, name, evidence, confidence, place)
    WHERE NOT EXISTS (
        SELECT FROM speaker_names s WHERE s.speaker_id = low AND s.other_id = high AND s.status = 'proposed')
    ORDER BY place
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
LATEST = text("""SELECT coalesce(max(id), 0) FROM speaker_names WHERE status = 'proposed'""")
SINCE = text(
    """
    SELECT n.id, a.name, b.name AS other, n.evidence
    FROM speaker_names n JOIN speakers a ON a.id = n.speaker_id JOIN speakers b ON b.id = n.other_id
    WHERE n.status = 'proposed' AND n.id > :id ORDER BY n.confidence DESC, n.id
    """
)
LEFT = text("""SELECT id FROM speaker_names WHERE status = 'proposed' AND id = ANY(CAST(:ids AS bigint[]))""")
WITHDRAW = text("""DELETE FROM speaker_names WHERE id = ANY(CAST(:proposals AS bigint[]))""")
REFUSE = text(
    """
    INSERT INTO speaker_names (speaker_id, other_id, status, evidence, confidence)
    VALUES (:low, :high, 'refused', :evidence, 0)
    ON CONFLICT DO NOTHING
    """
)
ALLOW = text("""DELETE FROM speaker_names WHERE speaker_id = :low AND other_id = :high AND status = 'refused'""")


class NewProposal(NamedTuple):
    """A proposal that is to be stored. `name` is the form of the higher speaker that is similar to one of the lower."""

    low: int
    high: int
    name: str
    evidence: str
    confidence: float


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


class NamedProposal(NamedTuple):
    """The names of two speakers whose join is proposed, and why."""

    id: int
    name: str
    other: str
    evidence: str


def refused(connection: Connection, speakers: Collection[int]) -> set[frozenset[int]]:
    """Return the pairs of these speakers that a person refused to join."""
    return {frozenset(row) for row in connection.execute(REFUSED, {"speakers": numbers(speakers)})}


def propose(connection: Connection, proposals: Sequence[NewProposal]) -> None:
    """Store proposals in this order. If two speakers have a proposal already, it stays as it is."""
    first: dict[tuple[int, int], NewProposal] = {}
    for proposal in proposals:
        first.setdefault((proposal.low, proposal.high), proposal)
    many_rows.add(connection, PROPOSE, [proposal._asdict() for proposal in first.values()])


def concerning(connection: Connection, speakers: Collection[int]) -> list[Proposal]:
    """Return the proposals about at least one of these speakers, in order of their ids."""
    return [Proposal(*row) for row in connection.execute(CONCERNING, {"speakers": numbers(speakers)})]


def latest(connection: Connection) -> int:
    """Return the id of the latest proposal; 0 if there is none."""
    return int(connection.execute(LATEST).scalar_one())


def since(connection: Connection, proposal_id: int) -> list[NamedProposal]:
    """Return the proposals that were made after this one, the surest first."""
    return [NamedProposal(*row) for row in connection.execute(SINCE, {"id": proposal_id})]


def left(connection: Connection, proposals: Collection[int]) -> set[int]:
    """Return those of the proposals that are still stored."""
    return set(connection.execute(LEFT, {"ids": numbers(proposals)}).scalars())


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
