"""A surname alone: never joined to a full name; proposed while exactly one speaker may be meant."""

from sqlalchemy import Connection

from worker.speakers.across.matching import Link, compare
from worker.speakers.across.name import read_name
from worker.speakers.within.resolution import EntityKind
from worker.store import names as rows
from worker.store.names import StoredForm

MANY = 32
"""Speakers with a surname from which nobody in particular is meant by it."""


def propose(connection: Connection, form: StoredForm) -> None:
    """Write down the only speaker that a surname may stand for, if there is one and nobody refused it."""
    surname = read_name(form.name, EntityKind.PERSON)
    meant: dict[int, StoredForm] = {}
    evidence = ("", 0.0)
    for other in rows.found(connection, surname.surnames, MANY):
        name = read_name(other.name, EntityKind.PERSON)
        verdict = compare(surname, name)
        if other.kind == form.kind and not name.bare and verdict.link is Link.PROPOSE and other.root != form.root:
            meant.setdefault(other.root, other)
            evidence = (verdict.evidence, verdict.confidence)
    if len(meant) == 1:
        (other,) = meant.values()
        if not rows.refused(connection, {form.speaker_id, other.speaker_id}):
            higher = max(form, other, key=lambda one: one.speaker_id)
            rows.propose(connection, form.speaker_id, other.speaker_id, higher.name, *evidence)


def reconsider(connection: Connection, surnames: frozenset[str]) -> None:
    """Propose anew, or no more, for the surnames alone that stand beside full names that changed."""
    alone = {"=" + surname for surname in surnames}
    for form in rows.found(connection, alone, MANY):
        if read_name(form.name, EntityKind.PERSON).bare and form.kind == EntityKind.PERSON.value:
            stale = [row.id for row in rows.proposals(connection, {form.speaker_id})]
            rows.withdraw(connection, stale)
            propose(connection, form)
