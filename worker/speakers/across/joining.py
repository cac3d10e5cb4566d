"""Joining the names of one article to the speakers in the tables, under locks on their surnames (design page, §6)."""

from collections.abc import Collection, Sequence
from hashlib import blake2b

from sqlalchemy import Connection

from worker.speakers.across import bare
from worker.speakers.across.body import placeless
from worker.speakers.across.matching import NO, Link, Verdict, compare
from worker.speakers.across.name import Name, read_name
from worker.speakers.across.partition import Form, Pair, Partition, partition
from worker.speakers.within.resolution import Entity, EntityKind
from worker.store import decisions, proposals
from worker.store import speakers as speaker_rows
from worker.store.speakers import Joined, StoredForm

COMMON = 16
"""A key that more speakers have finds none of them; a name spelled alike is found by its own key all the same."""

FIRST = Verdict(Link.NO, "first seen", 1.0)
SURNAME = Verdict(Link.NO, "one word only: who is called no more than this is taken for one person", 0.5)
PLACELESS = Verdict(Link.NO, "no country or place is named: the articles may mean several", 0.5)


def join(connection: Connection, entities: Sequence[Entity]) -> list[int]:
    """The speaker of each entity, in order, made where there is none; merges by people are not followed.

    A name joins a speaker by its exact words, else by what `partition` says of it and the names stored near it. What
    is doubtful is written down as proposed. Locks are held until the transaction ends.
    """
    names = [read_name(entity.name, entity.kind) for entity in entities]
    if not names:
        return []
    lock(connection, names)
    known = {
        (form.name, form.kind): form
        for form in reversed(speaker_rows.forms_named(connection, {name.text for name in names}))
    }
    newcomers: dict[tuple[str, str], tuple[Name, frozenset[str]]] = {}
    for entity, name in zip(entities, names, strict=True):
        form = known.get((name.text, name.kind.value))
        if form is not None:
            speaker_rows.add_roles(connection, form, entity.roles)
        else:
            newcomers.setdefault((name.text, name.kind.value), (name, frozenset(entity.roles)))
    if newcomers:
        known |= _Arrivals(connection, [name for name, _ in newcomers.values()]).add(list(newcomers.values()))
    return [known[name.text, name.kind.value].speaker_id for name in names]


def settle(connection: Connection, old: set[tuple[int, str]], new: set[tuple[int, str]]) -> None:
    """Count the (speaker, form) pairs an article used before and after a change, and name those speakers by use."""
    speaker_rows.discount(connection, old - new)
    speaker_rows.count(connection, new - old)
    speaker_rows.rename_by_use(connection, {speaker for speaker, _ in old ^ new})


def lock(connection: Connection, names: Collection[Name]) -> None:
    """Lock the surnames of persons, and the names of bodies."""
    keys = {f"{name.kind}:{key}" for name in names for key in name.locks}
    digests = (blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest() for key in keys)
    speaker_rows.lock(connection, [int.from_bytes(digest, signed=True) for digest in digests])


def separated(connection: Connection, speakers: Collection[int]) -> set[Pair]:
    """Pairs of forms that people split, among the forms of speakers."""
    split = decisions.of_speakers(connection, speakers, "split")
    return {frozenset((name, other)) for row in split for name in row.value["names"] for other in row.value["others"]}


def partition_stored(forms: Sequence[StoredForm], kind: EntityKind, apart: Collection[Pair]) -> Partition:
    """What belongs together among stored forms (by their place)."""
    return partition([Form(read_name(form.name, kind), form.roles) for form in forms], apart)


class _Arrivals:
    """Names that were never seen, joined one after the other to what is stored near them."""

    def __init__(self, connection: Connection, names: Collection[Name]) -> None:
        self.connection = connection
        self.stored = speaker_rows.forms_under_keys(
            connection, frozenset[str]().union(*(name.sought for name in names)), COMMON
        )
        self.apart = separated(connection, {form.speaker_id for form in self.stored}) if self.stored else set()
        self.doubtful: list[tuple[StoredForm, StoredForm, Verdict]] = []

    def add(self, newcomers: Sequence[tuple[Name, frozenset[str]]]) -> dict[tuple[str, str], StoredForm]:
        """Store the names; their forms by name and kind."""
        written = [self._join(name, roles) for name, roles in newcomers]
        speaker_rows.add_forms(self.connection, written)
        speaker_rows.add_keys(
            self.connection,
            {
                (key, one.form.speaker_id)
                for one, (name, _) in zip(written, newcomers, strict=True)
                for key in name.keys
            },
        )
        propose(self.connection, self.doubtful)
        for one, (name, _) in zip(written, newcomers, strict=True):
            if name.bare and name.kind is EntityKind.PERSON:
                bare.propose(self.connection, one.form)
        return {(one.form.name, one.form.kind): one.form for one in written}

    def _join(self, name: Name, roles: frozenset[str]) -> Joined:
        """The form of a name, with a speaker it belongs to, or with a new one."""
        near = [(form, self._verdict(name, roles, form)) for form in self.stored if form.kind == name.kind.value]
        others = [form for form, verdict in near if verdict.link is Link.JOIN]
        newcomer = StoredForm(0, name.text, name.kind.value, roles, 0, 0)
        parted = partition_stored([*others, newcomer], name.kind, self.apart)
        mine = len(others)
        speakers = sorted(
            (others[place].speaker_id, others[place].root) for place in parted.group_of(mine) if place != mine
        )
        if speakers:
            speaker, root = speakers[0]
        else:
            speaker = root = speaker_rows.add_speaker(self.connection, name.text, name.kind.value)
        verdict = parted.joined.get(mine) or first_seen(name)
        form = StoredForm(speaker, name.text, name.kind.value, roles, 0, root)
        self.stored.append(form)
        all_forms = [*others, form]
        self.doubtful += [
            (all_forms[i], all_forms[j], doubt) for (i, j), doubt in parted.proposed.items() if mine in (i, j)
        ]
        doubts = ((other, doubt) for other, doubt in near if doubt.link is Link.PROPOSE and not doubt.alone)
        self.doubtful += [(other, form, doubt) for other, doubt in doubts]
        return Joined(form, verdict.evidence, verdict.confidence)

    def _verdict(self, name: Name, roles: frozenset[str], form: StoredForm) -> Verdict:
        if frozenset((name.text, form.name)) in self.apart:
            return NO
        return compare(name, read_name(form.name, name.kind), roles, form.roles)


def first_seen(name: Name) -> Verdict:
    """How surely a name alone tells who is meant, wherever it is printed."""
    if name.kind is EntityKind.BODY:
        return PLACELESS if placeless(name.words) else FIRST
    return SURNAME if name.bare else FIRST


def propose(connection: Connection, doubtful: Sequence[tuple[StoredForm, StoredForm, Verdict]]) -> None:
    """Write down joins that a person may make, but for those of one root and those refused before."""
    if not doubtful:
        return
    refused = proposals.refused(connection, {form.speaker_id for one, other, _ in doubtful for form in (one, other)})
    for one, other, verdict in sorted(doubtful, key=lambda doubt: -doubt[2].confidence):
        low, high = sorted((one, other), key=lambda form: form.speaker_id)
        if low.root != high.root and frozenset((low.speaker_id, high.speaker_id)) not in refused:
            proposals.propose(
                connection, low.speaker_id, high.speaker_id, high.name, verdict.evidence, verdict.confidence
            )
