"""Finds speakers by what people call them: a number, or any form of a name."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

CALLED = text(
    """
    SELECT DISTINCT r.id, r.name, r.kind FROM speakers s
    JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
    LEFT JOIN speaker_names n ON n.speaker_id = s.id AND n.status = 'joined'
    WHERE s.id = :number OR (:number IS NULL AND lower(:name) IN (lower(r.name), lower(s.name), lower(n.name)))
    ORDER BY r.id
    """
)


class CalledSpeaker(NamedTuple):
    """A speaker that a person named, after merges."""

    id: int
    name: str
    kind: str


def called(connection: Connection, name: str, number: int | None) -> Sequence[CalledSpeaker]:
    """Return the speakers with this number; if it is None, those with any form of this name."""
    return [CalledSpeaker(*row) for row in connection.execute(CALLED, {"number": number, "name": name})]
