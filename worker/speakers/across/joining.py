"""Joins the names of one article to the stored speakers, while their surnames are locked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import blake2b

from sqlalchemy import Connection

from worker.speakers.across import bare_surname
from worker.speakers.across.body import fits_any_place
from worker.speakers.across.listed import CONTENDED, Meant, find
from worker.speakers.across.matching import Link, Verdict
from worker.speakers.across.name import ParsedName, read_name
from worker.speakers.across.partition import FormPair, FormWithRoles, Partition, partition, verdict_on
from worker.speakers.across.proposing import PossibleJoin, not_refused, propose
from worker.speakers.across.role_keys import role_keys
from worker.speakers.across.similar import SimilarForms
from worker.speakers.within.resolution import Entity, EntityKind
from worker.store import decisions
from worker.store import forms as form_rows
from worker.store import speakers as speaker_rows
from worker.store.decisions import Decision
from worker.store.forms import Joined, StoredForm

COMMON = 16
"""Ignore a key that more than 16 speakers share.

Names with the same spelling are still compared, because they share the key of the whole name; so are names with the
same office (`worker.speakers.across.role_keys`), and names with the same middle initial.
"""
CANDIDATES = 48
"""At most this many stored forms that a name could join are compared with each other."""
PROPOSED = 500
"""At most this many joins are proposed for the names of one article, the surest ones."""
LISTED_FORMS = 500
"""At most this many stored forms of the speakers of imported lists are compared with the names of one article."""
NOT_STORED = 1 << 62
"""The numbers from here on stand for the ids of speakers that are not stored yet."""

FIRST = Verdict(Link.NO, "first seen", 1.0)
SURNAME = Verdict(Link.NO, "one word only: who is called no more than this is taken for one person", 0.5)
PLACELESS = Verdict(Link.NO, "no country or place is named: the articles may mean several", 0.5)

NameAndKind = tuple[str, str]
"""The text of a form and the kind of its speaker."""


def join(connection: Connection, entities: Sequence[Entity], day: date | None = None) -> list[int]:
    """Return the id of each entity's speaker, in order, as `join_forms` does."""
    return [form.speaker_id for form in join_forms(connection, entities, day)]


def join_forms(connection: Connection, entities: Sequence[Entity], day: date | None = None) -> list[StoredForm]:
    """Return the form of each entity's name, with its speaker, in order; store a new speaker if no stored one fits.

    `day` is the day (UTC) on which the article was published, if it is known: rows of imported lists may hold for a
    time only. A name that the lists explain joins the speaker that they mean. Any other name joins a speaker that has
    exactly this form; if several have it, the one that was stored first, but never one from whom a person split it off.
    Otherwise `partition` decides whether the name joins one of the similar stored names. Doubtful joins are stored as
    proposals. If people merged the speaker into another one, that is the form's `root`. Locks are held until the
    transaction ends.
    """
    names = [read_name(entity.name, entity.kind) for entity in entities]
    if not names:
        return []
    meanings = dict(zip(names, find(connection, names, day), strict=True))
    lock(connection, names, {meant.listed for meant in meanings.values() if meant.listed is not None})
    forms = _exact_forms(connection, meanings)
    new_names: dict[NameAndKind, FormWithRoles] = {}
    roles: dict[StoredForm, set[str]] = {}
    for entity, name in zip(entities, names, strict=True):
        given = meanings[name].roles.union(_evidence(entity))
        form = forms.get((name.text, name.kind.value))
        if form is not None:
            roles.setdefault(form, set()).update(given)
        else:
            new = FormWithRoles(name, given, meanings[name].listed)
            new_names.setdefault((name.text, name.kind.value), new)
    form_rows.add_roles(connection, roles)
    form_rows.add_keys(
        connection,
        {(key, form.speaker_id) for form, given in roles.items() for key in role_keys(_name(form), given)},
    )
    if new_names:
        forms |= _NewNames(connection, list(new_names.values()), meanings).store()
    return [forms[name.text, name.kind.value] for name in names]


def _evidence(entity: Entity) -> Iterable[str]:
    """Return a person's roles, or the acronyms that the article gives to a body, in lower case."""
    if entity.kind is EntityKind.PERSON:
        return entity.roles
    return [form.lower() for form in entity.forms if form != entity.name]


def _exact_forms(connection: Connection, meanings: Mapping[ParsedName, Meant]) -> dict[NameAndKind, StoredForm]:
    """Return the stored form of each name that is stored already.

    Several speakers have one form if a person said of single quotations that another speaker of this name said them,
    or if imported lists explain it differently at different times.
    """
    stored = form_rows.forms_named(connection, {name.text for name in meanings})
    splits: Sequence[Decision] = ()
    if len({(form.name, form.kind) for form in stored}) < len(stored) or any(map(_is_explained, meanings.values())):
        splits = decisions.of_speakers(connection, {form.speaker_id for form in stored}, "split")
    taken = {(split.value.get("from"), name) for split in splits for name in split.value["names"]}
    given = {(split.speaker_id, name) for split in splits for name in split.value["names"]}
    having: dict[NameAndKind, list[StoredForm]] = {}
    for form in sorted(stored, key=lambda form: (form.speaker_id, form.name) in taken):
        having.setdefault((form.name, form.kind), []).append(form)
    found = {
        (name.text, name.kind.value): _exact(having.get((name.text, name.kind.value), []), name, meant, given)
        for name, meant in meanings.items()
    }
    return {name: form for name, form in found.items() if form is not None}


def _exact(
    forms: Sequence[StoredForm], name: ParsedName, meant: Meant, given: Collection[tuple[int | None, str]]
) -> StoredForm | None:
    """Return that of the forms with exactly this name which means whom the name means; None if none does."""
    by_person = [form for form in forms if (form.speaker_id, form.name) in given]
    of_listed = [form for form in forms if form.listed == meant.listed]
    if meant.listed is not None and by_person:
        return by_person[0]
    if of_listed:
        return of_listed[0]
    listed = {form.listed for form in forms}
    # An article of another time has the name of somebody whom a list knows: the same full name is the same speaker.
    return forms[0] if meant.listed is None and len(listed) == 1 and not name.is_single_word else None


def _is_explained(meant: Meant) -> bool:
    return meant.listed is not None


def settle(connection: Connection, old: set[tuple[int, str]], new: set[tuple[int, str]]) -> None:
    """After an article changed, update how many articles use each form; rename each speaker after its most used form.

    `old` and `new` are the (speaker, form) pairs that the article used before and uses now.
    """
    form_rows.discount(connection, old - new)
    form_rows.count(connection, new - old)
    speaker_rows.rename_by_use(connection, {speaker for speaker, _ in old ^ new})


def lock(connection: Connection, names: Collection[ParsedName], listed: Collection[int] = ()) -> None:
    """Lock the surnames of persons, the names of bodies, and speakers of lists until the transaction ends."""
    keys = {f"{name.kind}:{key}" for name in names for key in name.lock_keys}
    keys |= {f"listed:{number}" for number in listed}
    digests = (blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest() for key in keys)
    speaker_rows.lock(connection, [int.from_bytes(digest, signed=True) for digest in digests])


def separated(connection: Connection, speakers: Collection[int]) -> set[FormPair]:
    """Return the pairs of forms that people split, among the forms of these speakers."""
    splits = decisions.of_speakers(connection, speakers, "split")
    return {
        frozenset((name, other)) for split in splits for name in split.value["names"] for other in split.value["others"]
    }


def partition_stored(forms: Sequence[StoredForm], kind: EntityKind, apart: Collection[FormPair]) -> Partition:
    """Group stored forms of one kind; the groups contain indexes into `forms`."""
    return partition([FormWithRoles(read_name(form.name, kind), form.roles, form.listed) for form in forms], apart)


def first_seen(name: ParsedName) -> Verdict:
    """Return the verdict on a name that joins no stored name.

    Its confidence says how surely the name means the same speaker in all articles.
    """
    if name.kind is EntityKind.BODY:
        return PLACELESS if fits_any_place(name.words) else FIRST
    return SURNAME if name.is_single_word else FIRST


class _NewNames:
    """Names that are not stored yet; each may join similar stored forms and the new names before it.

    The time grows with the number of names, and not with its square; the number of SQL statements does not grow.
    """

    def __init__(
        self, connection: Connection, names: Sequence[FormWithRoles], meanings: Mapping[ParsedName, Meant]
    ) -> None:
        self.connection = connection
        self.names = names
        self.meanings = meanings
        keys = frozenset[str]().union(*(new.name.search_keys | role_keys(new.name, new.roles) for new in names))
        stored = form_rows.forms_under_keys(connection, keys, COMMON)
        explained = [meanings[new.name] for new in names]
        listed = {meant.listed for meant in explained if meant.listed is not None}.union(
            *(meant.contenders for meant in explained)
        )
        known = {(form.speaker_id, form.name) for form in stored}
        of_lists = form_rows.forms_listed(connection, listed, LISTED_FORMS)
        stored += [form for form in of_lists if (form.speaker_id, form.name) not in known]
        self.similar = SimilarForms(stored, COMMON)
        self.apart = separated(connection, {form.speaker_id for form in stored}) if stored else set()
        self.doubtful: list[PossibleJoin] = []
        self.speakers: list[NameAndKind] = []
        """The speakers that are not stored yet; the id of the first one is `NOT_STORED` for now."""

    def store(self) -> dict[NameAndKind, StoredForm]:
        """Store the names with their speakers and proposals; return their forms."""
        unstored = [self._join(new) for new in self.names]
        ids = speaker_rows.add_speakers(self.connection, self.speakers)
        joined = [replace(entry, form=_with_ids(entry.form, ids)) for entry in unstored]
        forms = [entry.form for entry in joined]
        form_rows.add_forms(self.connection, joined)
        form_rows.add_keys(
            self.connection,
            {
                (key, form.speaker_id)
                for form, new in zip(forms, self.names, strict=True)
                for key in new.name.keys | role_keys(new.name, new.roles)
            },
        )
        surest_first = sorted(self.doubtful, key=lambda possible: -possible.verdict.confidence)[:PROPOSED]
        possible_joins = [
            replace(possible, form=_with_ids(possible.form, ids), other=_with_ids(possible.other, ids))
            for possible in surest_first
        ]
        propose(self.connection, not_refused(self.connection, possible_joins))
        surnames = [
            form
            for form, new in zip(forms, self.names, strict=True)
            if new.name.is_single_word and new.name.kind is EntityKind.PERSON and new.listed is None
        ]
        bare_surname.propose_bearers(self.connection, surnames, PROPOSED)
        return {(form.name, form.kind): form for form in forms}

    def _join(self, new: FormWithRoles) -> Joined:
        """Return the form of a name, with the speaker that it joins, or with a new speaker."""
        name, kind, roles = new.name, new.name.kind, new.roles
        contenders = self.meanings[name].contenders
        near = [(form, self._verdict(new, form)) for form in self.similar.to(new, contenders)]
        candidates = [form for form, verdict in near if verdict.link is Link.JOIN][:CANDIDATES]
        unjoined = StoredForm(0, name.text, kind.value, roles, 0, 0, new.listed)
        groups = partition_stored([*candidates, unjoined], kind, self.apart)
        own_place = len(candidates)
        group = [candidates[place] for place in groups.group_of(own_place) if place != own_place]
        if group:
            speaker, root = min((form.speaker_id, form.root) for form in group)
        else:
            speaker = root = NOT_STORED + len(self.speakers)
            self.speakers.append((name.text, kind.value))
        form = StoredForm(speaker, name.text, kind.value, roles, 0, root, new.listed)
        self.similar.add(form)
        forms = [*candidates, form]
        self.doubtful += [
            PossibleJoin(forms[i], forms[j], verdict)
            for (i, j), verdict in groups.proposed.items()
            if own_place in (i, j)
        ]
        self.doubtful += [
            PossibleJoin(other, form, verdict)
            for other, verdict in near
            if verdict.link is Link.PROPOSE and not verdict.is_surname_alone
        ]
        self.doubtful += [PossibleJoin(other, form, CONTENDED) for other, _ in near if other.listed in contenders]
        verdict = groups.joined.get(own_place) or first_seen(name)
        return Joined(form, verdict.evidence, verdict.confidence)

    def _verdict(self, new: FormWithRoles, form: StoredForm) -> Verdict:
        other = FormWithRoles(read_name(form.name, new.name.kind), form.roles, form.listed)
        return verdict_on(new, other, self.apart)


def _name(form: StoredForm) -> ParsedName:
    return read_name(form.name, EntityKind(form.kind))


def _with_ids(form: StoredForm, ids: Sequence[int]) -> StoredForm:
    """Return the form with the ids that the new speakers have got."""
    speaker, root = (
        number if number < NOT_STORED else ids[number - NOT_STORED] for number in (form.speaker_id, form.root)
    )
    return replace(form, speaker_id=speaker, root=root)
