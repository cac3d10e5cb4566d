"""Joining the names of one article to the speakers in the tables, under locks on their surnames (design page, §6)."""

from collections.abc import Collection, Sequence
from hashlib import blake2b

from sqlalchemy import Connection

from worker.speakers.across import bare
from worker.speakers.across.matching import Link, compare
from worker.speakers.across.name import Name, read_name
from worker.speakers.across.partition import Form, Pair, Partition, partition
from worker.speakers.within.resolution import Entity, EntityKind
from worker.store import decisions
from worker.store import names as rows
from worker.store.names import StoredForm

COMMON = 32
"""A key that more speakers have finds none of them; a name spelled alike is found by its own key all the same."""


def join(connection: Connection, entities: Sequence[Entity]) -> list[int]:
    """The speaker of each entity, in order, made where there is none; merges by people are not followed.

    A name joins a speaker by its exact words, else by what `partition` says of it and the names stored near it. What
    is doubtful is written down as proposed. Locks are held until the transaction ends.
    """
    names = [read_name(entity.name, entity.kind) for entity in entities]
    lock(connection, names)
    known = {(form.name, form.kind): form for form in reversed(rows.exact(connection, {name.text for name in names}))}
    ids: list[int] = []
    for entity, name in zip(entities, names, strict=True):
        form = known.get((name.text, name.kind.value))
        if form is not None:
            rows.add_roles(connection, form, entity.roles)
            ids.append(form.speaker_id)
        else:
            ids.append(_add(connection, name, frozenset(entity.roles)))
            added = StoredForm(ids[-1], name.text, name.kind.value, frozenset(entity.roles), 0, ids[-1])
            known[name.text, name.kind.value] = added
    return ids


def settle(connection: Connection, old: set[tuple[int, str]], new: set[tuple[int, str]]) -> None:
    """Count the (speaker, form) pairs an article used before and after a change, and name those speakers by use."""
    rows.discount(connection, old - new)
    rows.count(connection, new - old)
    rows.rename_by_use(connection, {speaker for speaker, _ in old ^ new})


def lock(connection: Connection, names: Collection[Name]) -> None:
    """Lock the surnames of persons, and the names of bodies."""
    keys = {f"{name.kind}:{key}" for name in names for key in name.locks}
    digests = (blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest() for key in keys)
    rows.lock(connection, [int.from_bytes(digest, signed=True) for digest in digests])


def near(connection: Connection, name: Name) -> list[StoredForm]:
    """The stored forms that are, or may be, the same as a name."""
    stored = rows.found(connection, {name.whole}, 1 << 16) + rows.found(connection, name.sought - {name.whole}, COMMON)
    forms = {(form.speaker_id, form.name): form for form in stored if form.kind == name.kind.value}
    return [
        form
        for form in forms.values()
        if compare(name, read_name(form.name, name.kind), (), form.roles).link is not Link.NO or form.name == name.text
    ]


def separated(connection: Connection, speakers: Collection[int]) -> set[Pair]:
    """Pairs of forms that people split, among the forms of speakers."""
    split = decisions.of_speakers(connection, speakers, "split")
    return {frozenset((name, other)) for row in split for name in row.value["names"] for other in row.value["others"]}


def partition_stored(connection: Connection, forms: Sequence[StoredForm], kind: EntityKind) -> Partition:
    """What belongs together among stored forms (by their place), decisions by people considered."""
    apart = separated(connection, {form.speaker_id for form in forms})
    return partition([Form(read_name(form.name, kind), form.roles) for form in forms], apart)


def _add(connection: Connection, name: Name, roles: frozenset[str]) -> int:
    """Store a form that was never seen: with a speaker it belongs to, or with a new one."""
    others = near(connection, name)
    parted = partition_stored(connection, [*others, StoredForm(0, name.text, name.kind.value, roles, 0, 0)], name.kind)
    mine = len(others)
    speakers = sorted(others[place].speaker_id for place in parted.group_of(mine) if place != mine)
    speaker = speakers[0] if speakers else rows.add_speaker(connection, name.text, name.kind.value)
    verdict = parted.joined.get(mine)
    evidence, confidence = (verdict.evidence, verdict.confidence) if verdict and speakers else ("first seen", 1.0)
    rows.add_form(connection, speaker, name.text, evidence, confidence, roles)
    rows.add_keys(connection, speaker, name.keys)
    form = StoredForm(speaker, name.text, name.kind.value, roles, 0, speaker)
    propose(connection, [*others, form], parted, about=mine)
    if name.bare and name.kind is EntityKind.PERSON:
        bare.propose(connection, form)
    return speaker


def propose(connection: Connection, forms: Sequence[StoredForm], parted: Partition, about: int | None = None) -> None:
    """Write down the joins that a person may make (all, or those of one form), but for those refused before."""
    refused = rows.refused(connection, {form.speaker_id for form in forms})
    for (i, j), verdict in parted.proposed.items():
        one, other = sorted((forms[i], forms[j]), key=lambda form: form.speaker_id)
        if about not in (None, i, j) or one.root == other.root:
            continue
        if frozenset((one.speaker_id, other.speaker_id)) not in refused:
            rows.propose(connection, one.speaker_id, other.speaker_id, other.name, verdict.evidence, verdict.confidence)
