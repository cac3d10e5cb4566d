"""Joins that only a person may make: they are stored as proposals."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from worker.speakers.across.matching import Verdict
from worker.store import proposals
from worker.store.speakers import StoredForm


@dataclass(frozen=True, slots=True)
class PossibleJoin:
    """Two stored forms that may be one speaker's, and the verdict on them."""

    form: StoredForm
    other: StoredForm
    verdict: Verdict

    @property
    def lower(self) -> StoredForm:
        """The form of the speaker with the lower id."""
        return min(self.form, self.other, key=lambda form: form.speaker_id)

    @property
    def higher(self) -> StoredForm:
        """The form of the speaker with the higher id."""
        return max(self.form, self.other, key=lambda form: form.speaker_id)

    @property
    def speakers(self) -> frozenset[int]:
        """The ids of the two speakers."""
        return frozenset((self.form.speaker_id, self.other.speaker_id))


def not_refused(connection: Connection, possible_joins: Sequence[PossibleJoin]) -> list[PossibleJoin]:
    """Return the possible joins between two roots, except those that a person refused."""
    between_roots = [join for join in possible_joins if join.form.root != join.other.root]
    if not between_roots:
        return []
    refused = proposals.refused(connection, frozenset[int]().union(*(join.speakers for join in between_roots)))
    return [join for join in between_roots if join.speakers not in refused]


def propose(connection: Connection, possible_joins: Sequence[PossibleJoin]) -> None:
    """Store possible joins as proposals, in this order; a pair of speakers that is proposed already stays as it is."""
    for join in possible_joins:
        lower, higher, verdict = join.lower, join.higher, join.verdict
        proposals.propose(
            connection, lower.speaker_id, higher.speaker_id, higher.name, verdict.evidence, verdict.confidence
        )
