"""A surname alone: never joined to a full name; proposed while exactly one speaker may be meant."""

from sqlalchemy import Connection

from worker.speakers.across.matching import Link, Verdict, compare
from worker.speakers.across.name import read_name
from worker.speakers.within.resolution import EntityKind
from worker.store import proposals
from worker.store import speakers as speaker_rows
from worker.store.speakers import StoredForm

MANY = 32
"""Speakers with a surname from which nobody in particular is meant by it."""


def propose(connection: Connection, form: StoredForm) -> None:
    """Write down the only speaker that a surname may stand for, if there is one and nobody refused it."""
    found = _meant(connection, form)
    if found is not None:
        other, verdict = found
        higher = max(form, other, key=lambda one: one.speaker_id)
        proposals.propose(
            connection, form.speaker_id, other.speaker_id, higher.name, verdict.evidence, verdict.confidence
        )


def reconsider(connection: Connection, surnames: frozenset[str]) -> None:
    """Propose anew, or no more, for the surnames alone that stand beside full names that changed."""
    for form in speaker_rows.forms_under_keys(connection, {"=" + surname for surname in surnames}, MANY):
        if form.kind != EntityKind.PERSON.value or not read_name(form.name, EntityKind.PERSON).bare:
            continue
        found = _meant(connection, form)
        wanted = {form.speaker_id, found[0].speaker_id} if found else set()
        written = proposals.concerning(connection, {form.speaker_id})
        stale = [row.id for row in written if {row.speaker_id, row.other_id} != wanted]
        if stale:
            proposals.withdraw(connection, stale)
        if found and len(stale) == len(written):
            propose(connection, form)


def _meant(connection: Connection, form: StoredForm) -> tuple[StoredForm, Verdict] | None:
    surname = read_name(form.name, EntityKind.PERSON)
    meant: dict[int, tuple[StoredForm, Verdict]] = {}
    for other in speaker_rows.forms_under_keys(connection, surname.surnames, MANY):
        name = read_name(other.name, EntityKind.PERSON)
        verdict = compare(surname, name)
        if other.kind == form.kind and not name.bare and verdict.link is Link.PROPOSE and other.root != form.root:
            meant.setdefault(other.root, (other, verdict))
    if len(meant) != 1:
        return None
    (found,) = meant.values()
    return None if proposals.refused(connection, {form.speaker_id, found[0].speaker_id}) else found
