"""A surname alone never joins a full name; the join is proposed as long as only one speaker has the surname."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from worker.speakers.across.matching import SURNAMES, Link, compare
from worker.speakers.across.name import read_name
from worker.speakers.across.proposing import PossibleJoin, not_refused, propose
from worker.speakers.within.resolution import EntityKind
from worker.store import forms as form_rows
from worker.store import proposals
from worker.store.forms import StoredForm

MOST_SPEAKERS = 32
"""Ignore a surname that more than 32 speakers share: the surname alone then leads to no proposal."""


def propose_bearers(connection: Connection, forms: Sequence[StoredForm], most: int) -> None:
    """Propose to join each of some surnames alone with the only speaker who has it, at most `most` of them.

    Propose nothing for a surname that several speakers have, and no join that a person refused.
    """
    names = {form: read_name(form.name, EntityKind.PERSON) for form in forms}
    surnames = frozenset[str]().union(*(name.surnames for name in names.values()))
    having: dict[str, list[StoredForm]] = {}
    for other in form_rows.forms_under_keys(connection, surnames, MOST_SPEAKERS):
        for surname in surnames.intersection(read_name(other.name, EntityKind(other.kind)).surnames):
            having.setdefault(surname, []).append(other)
    possible_joins: list[PossibleJoin] = []
    for form, name in names.items():
        bearers = _bearers(form, (other for surname in name.surnames for other in having.get(surname, ())))
        if len(bearers) == 1:
            possible_joins += bearers
    propose(connection, not_refused(connection, possible_joins[:most]))


def reconsider(connection: Connection, surnames: frozenset[str]) -> None:
    """Renew or withdraw the proposals for surnames alone, after full names with these surnames changed."""
    for form in form_rows.forms_under_keys(connection, {"=" + surname for surname in surnames}, MOST_SPEAKERS):
        is_person = form.kind == EntityKind.PERSON.value and form.listed is None
        if not is_person or not read_name(form.name, EntityKind.PERSON).is_single_word:
            continue
        possible_join = _only_bearer(connection, form)
        speakers = possible_join.speakers if possible_join else frozenset()
        stored = [row for row in proposals.concerning(connection, {form.speaker_id}) if row.evidence in SURNAMES]
        stale = [row.id for row in stored if {row.speaker_id, row.other_id} != speakers]
        if stale:
            proposals.withdraw(connection, stale)
        if possible_join and len(stale) == len(stored):
            propose(connection, [possible_join])


def _only_bearer(connection: Connection, form: StoredForm) -> PossibleJoin | None:
    """Return the join with the only speaker who has the surname in a full name.

    Return None if several speakers or nobody has it, or if a person refused the join.
    """
    surnames = read_name(form.name, EntityKind.PERSON).surnames
    bearers = _bearers(form, form_rows.forms_under_keys(connection, surnames, MOST_SPEAKERS))
    if len(bearers) != 1:
        return None
    return next(iter(not_refused(connection, bearers)), None)


def _bearers(form: StoredForm, others: Iterable[StoredForm]) -> list[PossibleJoin]:
    """Return the joins of a surname alone with each of the speakers who have it in a full name."""
    surname = read_name(form.name, EntityKind.PERSON)
    bearers: dict[int, PossibleJoin] = {}
    for other in others:
        name = read_name(other.name, EntityKind.PERSON)
        verdict = compare(surname, name)
        is_full_name = other.kind == form.kind and not name.is_single_word
        if is_full_name and verdict.link is Link.PROPOSE and other.root != form.root:
            bearers.setdefault(other.root, PossibleJoin(form, other, verdict))
    return [*bearers.values()]
