"""Gives stored forms of names to the speakers of imported lists, after rows of a list were added or removed.

Whose name a form is, is decided anew from all rows in force. Then the machine compares the forms again
(`worker.speakers.across.repair`): names of one listed speaker join, and names of two never do.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from worker.speakers.across.listed import CONTENDED, Meant, meant
from worker.speakers.across.matching import CLAIMED
from worker.speakers.across.name import read_name
from worker.speakers.across.proposing import PossibleJoin, not_refused, propose
from worker.speakers.across.repair import part, rekey, repair
from worker.speakers.across.role_keys import role_keys
from worker.speakers.within.resolution import EntityKind
from worker.store import attributions, decisions, lists, proposals
from worker.store import forms as form_rows
from worker.store import speakers as speaker_rows
from worker.store.forms import StoredForm
from worker.store.lists import Claim, DatedQuote, NamedForm

CHUNK = 1000
"""Look at the forms under so many keys at a time."""
MOST_BY_TIME = 2000
"""A form with more quotes is not divided by the dates of its articles: that would hold up articles for too long."""
MOST_FORMS = 500
"""Look at no more forms of one listed speaker."""


@dataclass(slots=True)
class Placed:
    """What changed: the quotes whose speaker changed, and forms that mean several at different times and stayed."""

    quotes: set[int] = field(default_factory=set)
    undivided: list[str] = field(default_factory=list)
    speakers: set[int] = field(default_factory=set)
    """The speakers whose name is to be chosen again."""


@dataclass(slots=True)
class _Changed:
    """The names to be compared again, in small groups, and names that several listed speakers have."""

    names: dict[int, set[str]] = field(default_factory=dict)
    """By a listed speaker whose name each was or is."""
    contended: list[tuple[NamedForm, frozenset[int]]] = field(default_factory=list)
    with_new_roles: set[int] = field(default_factory=set)
    speakers: set[int] = field(default_factory=set)
    """The speakers whose forms may not belong together any more."""

    def add(self, form: NamedForm, *listed: int | None) -> None:
        self.speakers.add(form.speaker_id)
        for number in listed:
            if number is not None:
                self.names.setdefault(number, set()).add(form.name)


def place(
    connection: Connection, keys: Collection[str], gone: Mapping[int, Sequence[StoredForm]] | None = None
) -> Placed:
    """Decide again whose names the stored forms with these keys are, and let the machine join and part them.

    `gone` are the forms that were names of listed speakers whose rows were removed; they are compared again.
    """
    placed, changed = Placed(), _Changed()
    for number, forms in (gone or {}).items():
        changed.names[number] = {form.name for form in forms}
        changed.speakers.update(form.speaker_id for form in forms)
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        _place_some(connection, set(ordered[start : start + CHUNK]), placed, changed)
    placed.quotes |= part(connection, changed.speakers)
    for listed, texts in sorted(changed.names.items()):
        if gone is not None or listed in changed.with_new_roles or _needs_repair(connection, listed):
            placed.quotes |= repair(connection, texts)
    _propose(connection, changed.contended)
    speaker_rows.rename_by_use(connection, placed.speakers)
    return placed


def _place_some(connection: Connection, keys: set[str], placed: Placed, changed: _Changed) -> None:
    forms = [form for form in lists.forms_under(connection, keys) if _key(form) in keys]
    if not forms:
        return
    claims: dict[str, list[Claim]] = {}
    for claim in lists.claims(connection, {_key(form) for form in forms}):
        claims.setdefault(claim.key, []).append(claim)
    splits = decisions.of_speakers(connection, {form.speaker_id for form in forms}, "split")
    by_person = {(split.speaker_id, name) for split in splits for name in split.value["names"]}
    _withdraw(connection, {form.speaker_id for form in forms})
    tags: dict[NamedForm, int | None] = {}
    roles: dict[tuple[int, str], frozenset[str]] = {}
    for form in forms:
        if (form.speaker_id, form.name) in by_person:
            tags[form] = None
            continue
        meanings = _meanings(connection, form, claims.get(_key(form), []))
        tags[form] = _only(form, meanings)
        if len(_apart(form, meanings)) > 1:
            tags[form] = _divide(connection, form, meanings, placed, changed)
        contenders = frozenset[int]().union(*(each.contenders for each, _ in meanings))
        if contenders and tags[form] is None:
            changed.contended.append((form, contenders))
        roles[form.speaker_id, form.name] = frozenset[str]().union(
            *(each.roles for each, _ in meanings if each.listed == tags[form])
        )
    new = {form: listed for form, listed in tags.items() if listed != form.listed}
    lists.tag(connection, new)
    for form, listed in new.items():
        changed.add(form, form.listed, listed)
    placed.speakers |= {form.speaker_id for form in forms}
    _add_roles(connection, {key: given for key, given in roles.items() if given}, changed)


def _key(form: NamedForm) -> str:
    return read_name(form.name, EntityKind(form.kind)).whole_key


def _meanings(connection: Connection, form: NamedForm, claims: Sequence[Claim]) -> list[tuple[Meant, list[DatedQuote]]]:
    """Return whom a form means, with the quotes for which it does; without quotes if it means the same at any time."""
    name = read_name(form.name, EntityKind(form.kind))
    if not any(claim.is_bounded for claim in claims):
        return [(meant(name, claims, None), [])]
    by_meaning: dict[Meant, list[DatedQuote]] = {}
    for quote in lists.days(connection, form, MOST_BY_TIME + 1):
        by_meaning.setdefault(meant(name, claims, quote.day), []).append(quote)
    return [*by_meaning.items()] or [(meant(name, claims, None), [])]


def _only(form: NamedForm, meanings: Iterable[tuple[Meant, list[DatedQuote]]]) -> int | None:
    """Return the listed speaker whom a form means for some quotes, if it means no other one for the others."""
    listed = {each.listed for each, _ in meanings} - {None}
    return next(iter(listed)) if len(listed) == 1 else None


def _apart(form: NamedForm, meanings: Iterable[tuple[Meant, list[DatedQuote]]]) -> set[int | None]:
    """Return the listed speakers (None: nobody) between whom the quotes of a form are to be divided.

    An article of another time with the same full name means the same speaker, unless the lists have two of this name.
    """
    listed = {each.listed for each, _ in meanings}
    is_single_word = read_name(form.name, EntityKind(form.kind)).is_single_word
    return listed if is_single_word or len(listed - {None}) > 1 else listed - {None}


def _divide(
    connection: Connection,
    form: NamedForm,
    meanings: Sequence[tuple[Meant, list[DatedQuote]]],
    placed: Placed,
    changed: _Changed,
) -> int | None:
    """Give the quotes of a form to the speakers that the form means at the time of each.

    Return the listed speaker (None: nobody) whose quotes stay where they are.
    """
    quotes: dict[int | None, list[int]] = {}
    for each, dated in meanings:
        quotes.setdefault(each.listed, []).extend(quote.id for quote in dated)
    if sum(map(len, quotes.values())) > MOST_BY_TIME:
        placed.undivided.append(form.name)
        return form.listed
    staying = form.listed if form.listed in quotes else max(quotes, key=lambda listed: len(quotes[listed]))
    for listed, moving in quotes.items():
        if listed == staying:
            continue
        target = _holder(connection, form, listed)
        lists.copy_form(connection, form, target, listed)
        attributions.move(connection, form.name, form.speaker_id, target, moving)
        form_rows.recount(connection, target, form.name)
        rekey(connection, [target], EntityKind(form.kind))
        placed.quotes.update(moving)
        placed.speakers.add(target)
        changed.add(form, listed, form.listed)
    form_rows.recount(connection, form.speaker_id, form.name)
    return staying


def _holder(connection: Connection, form: NamedForm, listed: int | None) -> int:
    """Return a speaker for the quotes of a form that mean a listed speaker; a new one if none has this name."""
    known = form_rows.forms_named(connection, [form.name])
    known += form_rows.forms_listed(connection, [listed], MOST_FORMS) if listed is not None else []
    fitting = [
        other.speaker_id
        for other in known
        if other.listed == listed and other.kind == form.kind and other.speaker_id != form.speaker_id
    ]
    return fitting[0] if fitting else speaker_rows.add_speaker(connection, form.name, form.kind)


def _add_roles(connection: Connection, roles: Mapping[tuple[int, str], frozenset[str]], changed: _Changed) -> None:
    """Store the roles of lists with the forms of those who have them."""
    grown: dict[StoredForm, frozenset[str]] = {}
    for form in form_rows.forms_named(connection, {name for _, name in roles}):
        given = roles.get((form.speaker_id, form.name), frozenset())
        if given - form.roles and form.listed is not None:
            grown[form] = given
            changed.names.setdefault(form.listed, set()).add(form.name)
            changed.with_new_roles.add(form.listed)
    form_rows.add_roles(connection, grown)
    keys = {
        (key, form.speaker_id)
        for form, given in grown.items()
        for key in role_keys(read_name(form.name, EntityKind(form.kind)), given)
    }
    form_rows.add_keys(connection, keys)


def _needs_repair(connection: Connection, listed: int) -> bool:
    """True unless all names of a listed speaker are at one speaker that has no other name and no proposal."""
    speakers = {form.speaker_id for form in form_rows.forms_listed(connection, [listed], MOST_FORMS)}
    if len(speakers) != 1 or proposals.concerning(connection, speakers):
        return True
    return any(form.listed != listed for form in form_rows.whole_forms_of(connection, next(iter(speakers))))


def _withdraw(connection: Connection, speakers: Collection[int]) -> None:
    about = proposals.concerning(connection, speakers)
    proposals.withdraw(connection, [row.id for row in about if row.evidence == CLAIMED])


def _propose(connection: Connection, contended: Sequence[tuple[NamedForm, frozenset[int]]]) -> None:
    """Propose to join a name that several listed speakers have with each of them who is quoted."""
    propose(connection, not_refused(connection, [*_possible_joins(connection, contended)]))


def _possible_joins(
    connection: Connection, contended: Sequence[tuple[NamedForm, frozenset[int]]]
) -> Iterator[PossibleJoin]:
    for form, contenders in contended:
        stored = form_rows.forms_named(connection, [form.name])
        own = [other for other in stored if other.speaker_id == form.speaker_id]
        others = form_rows.forms_listed(connection, contenders, MOST_FORMS)
        yield from (
            PossibleJoin(own[0], other, CONTENDED) for other in others if own and other.speaker_id != form.speaker_id
        )
