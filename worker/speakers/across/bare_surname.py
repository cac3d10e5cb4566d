"""A surname alone never joins a full name; the join is proposed as long as only one speaker has the surname."""

from sqlalchemy import Connection

from worker.speakers.across.matching import Link, compare
from worker.speakers.across.name import read_name
from worker.speakers.across.proposing import PossibleJoin, not_refused, propose
from worker.speakers.within.resolution import EntityKind
from worker.store import proposals
from worker.store import speakers as speaker_rows
from worker.store.speakers import StoredForm

MOST_SPEAKERS = 32
"""Ignore a surname that more than 32 speakers share: the surname alone then leads to no proposal."""


def propose_bearer(connection: Connection, form: StoredForm) -> None:
    """Propose to join a surname alone with the only speaker who has it.

    Propose nothing if several speakers have the surname, or if a person refused this join.
    """
    possible_join = _only_bearer(connection, form)
    if possible_join is not None:
        propose(connection, [possible_join])


def reconsider(connection: Connection, surnames: frozenset[str]) -> None:
    """Renew or withdraw the proposals for surnames alone, after full names with these surnames changed."""
    for form in speaker_rows.forms_under_keys(connection, {"=" + surname for surname in surnames}, MOST_SPEAKERS):
        if form.kind != EntityKind.PERSON.value or not read_name(form.name, EntityKind.PERSON).is_single_word:
            continue
        possible_join = _only_bearer(connection, form)
        speakers = possible_join.speakers if possible_join else frozenset()
        stored = proposals.concerning(connection, {form.speaker_id})
        stale = [row.id for row in stored if {row.speaker_id, row.other_id} != speakers]
        if stale:
            proposals.withdraw(connection, stale)
        if possible_join and len(stale) == len(stored):
            propose(connection, [possible_join])


def _only_bearer(connection: Connection, form: StoredForm) -> PossibleJoin | None:
    """Return the join with the only speaker who has the surname in a full name.

    Return None if several speakers or nobody has it, or if a person refused the join.
    """
    surname = read_name(form.name, EntityKind.PERSON)
    bearers: dict[int, PossibleJoin] = {}
    for other in speaker_rows.forms_under_keys(connection, surname.surnames, MOST_SPEAKERS):
        name = read_name(other.name, EntityKind.PERSON)
        verdict = compare(surname, name)
        is_full_name = other.kind == form.kind and not name.is_single_word
        if is_full_name and verdict.link is Link.PROPOSE and other.root != form.root:
            bearers.setdefault(other.root, PossibleJoin(form, other, verdict))
    if len(bearers) != 1:
        return None
    return next(iter(not_refused(connection, [*bearers.values()])), None)
