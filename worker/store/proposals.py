"""Rows of proposals: two speakers that may be one, for a person to decide; and those that a person refused.

A proposal stands in `speaker_names` with the lower speaker as `speaker_id` and the higher one as `other_id`.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from worker.store.tables.models import SpeakerName


def refused(connection: Connection, speakers: Collection[int]) -> set[frozenset[int]]:
    """Pairs among speakers that a person refused to join."""
    pairs = select(SpeakerName.speaker_id, SpeakerName.other_id).where(
        SpeakerName.speaker_id.in_(speakers), SpeakerName.other_id.in_(speakers), SpeakerName.status == "refused"
    )
    return {frozenset((row.speaker_id, row.other_id)) for row in connection.execute(pairs)}


def propose(connection: Connection, one: int, other: int, name: str, evidence: str, confidence: float) -> None:
    """Propose that two speakers are one, unless it is proposed already.

    `name` is the form of the higher one that looks like the lower one's.
    """
    row = {"low": min(one, other), "high": max(one, other), "name": name}
    connection.execute(_PROPOSE, row | {"evidence": evidence, "confidence": confidence})


_PROPOSE = text(
    """
    INSERT INTO speaker_names (speaker_id, other_id, name, status, evidence, confidence)
    SELECT :low, :high, CAST(:name AS text), 'proposed', :evidence, :confidence
    WHERE NOT EXISTS (
        SELECT FROM speaker_names WHERE speaker_id = :low AND other_id = :high AND status = 'proposed')
    ON CONFLICT DO NOTHING
    """
)


def concerning(connection: Connection, speakers: Collection[int]) -> Sequence[Any]:
    """Rows `id, speaker_id, other_id, name, evidence` of proposals that concern a speaker."""
    row = (SpeakerName.id, SpeakerName.speaker_id, SpeakerName.other_id, SpeakerName.name, SpeakerName.evidence)
    chosen = select(*row).where(
        SpeakerName.status == "proposed",
        or_(SpeakerName.speaker_id.in_(speakers), SpeakerName.other_id.in_(speakers)),
    )
    return connection.execute(chosen.order_by(SpeakerName.id)).all()


def withdraw(connection: Connection, proposals: Collection[int]) -> None:
    """Delete proposals."""
    connection.execute(delete(SpeakerName).where(SpeakerName.id.in_(proposals)))


def refuse(connection: Connection, one: int, other: int, evidence: str) -> None:
    """Note that two speakers are not to be proposed as one again."""
    low, high = sorted((one, other))
    row = upsert(SpeakerName).values(
        speaker_id=low, other_id=high, name=f"#{high}", status="refused", evidence=evidence, confidence=0.0
    )
    connection.execute(row.on_conflict_do_nothing())


def allow(connection: Connection, one: int, other: int) -> None:
    """Take `refuse` back."""
    low, high = sorted((one, other))
    mine = and_(SpeakerName.speaker_id == low, SpeakerName.other_id == high, SpeakerName.status == "refused")
    connection.execute(delete(SpeakerName).where(mine))
