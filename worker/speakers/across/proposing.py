"""Doubtful joins, about which only a person may decide; they are stored as proposals."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from worker.speakers.across.matching import Verdict
from worker.store import proposals
from worker.store.forms import StoredForm
from worker.store.proposals import NewProposal


@dataclass(frozen=True, slots=True)
class PossibleJoin:
    """Two stored forms that may belong to the same speaker, and the verdict on them."""

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
    """Return the possible joins between speakers with different roots, except joins that a person refused.

    The root of a speaker is the speaker into which people merged it, or else the speaker itself.
    """
    between_roots = [join for join in possible_joins if join.form.root != join.other.root]
    if not between_roots:
        return []
    refused = proposals.refused(connection, frozenset[int]().union(*(join.speakers for join in between_roots)))
    return [join for join in between_roots if join.speakers not in refused]


def propose(connection: Connection, possible_joins: Sequence[PossibleJoin]) -> None:
    """Store possible joins as proposals, in this order.

    If two speakers have a proposal already, that proposal stays as it is.
    """
    proposals.propose(
        connection,
        [
            NewProposal(
                join.lower.speaker_id,
                join.higher.speaker_id,
                join.higher.name,
                join.verdict.evidence,
                join.verdict.confidence,
            )
            for join in possible_joins
        ],
    )
