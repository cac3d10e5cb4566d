"""Compares stored names again, so that their speakers become as if all names had been seen at the same time.

The machine joins speakers by moving forms from one to another. Only people's decisions set `merged_into`, so that a
merge by a person can be distinguished from a join by the machine.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import Connection

from worker.speakers.across import bare_surname, moving
from worker.speakers.across.joining import COMMON, LISTED_FORMS, lock, partition_stored, separated
from worker.speakers.across.matching import CLAIMED, SURNAMES, Link, Verdict
from worker.speakers.across.name import ParsedName, read_name
from worker.speakers.across.partition import FormPair, FormWithRoles, Partition, verdict_on
from worker.speakers.across.proposing import PossibleJoin, not_refused, propose
from worker.speakers.across.role_keys import role_keys
from worker.speakers.within.resolution import EntityKind
from worker.store import decisions, proposals
from worker.store import forms as form_rows
from worker.store import speakers as speaker_rows
from worker.store.forms import StoredForm
from worker.store.proposals import Proposal

WAVES = 4
"""Follow joins for at most 4 steps: from a name to the names that join it, from these to the next, and so on."""


@dataclass(frozen=True, eq=False)
class NewSpeaker:
    """A speaker that a plan needs and that is not stored yet; each object means a different speaker."""


@dataclass(frozen=True, slots=True)
class Move:
    """A form that is moved to another speaker: to a stored speaker, by id, or to a new one."""

    form: StoredForm
    target: int | NewSpeaker


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes to stored speakers: forms to move, joins to propose, and ids of proposals to withdraw."""

    moves: list[Move] = field(default_factory=list)
    proposals: list[PossibleJoin] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class DecisionsAndProposals:
    """The stored decisions and proposals about some speakers; the decisions are asked for when they are needed."""

    connection: Connection
    speakers: set[int]
    proposals: list[Proposal]

    @cached_property
    def apart(self) -> set[FormPair]:
        """The pairs of forms that people split."""
        return separated(self.connection, self.speakers)

    @cached_property
    def pinned(self) -> set[int]:
        """The speakers that people decided about: the machine moves no form away from them."""
        return decisions.pinned(self.connection, self.speakers)


def repair(connection: Connection, names: Collection[str]) -> set[int]:
    """Move some names, and the stored forms that are similar to them, to the right speakers.

    Return the ids of the quotes whose speaker changed.
    """
    quotes: set[int] = set()
    forms, doubtful = _gather(connection, names)
    stored = _decisions_and_proposals(connection, [*forms, *doubtful])
    for component in _components(forms):
        kind = EntityKind(component[0].kind)
        proposed = [
            form
            for form in (*forms, *doubtful)
            if form.kind == kind.value
            and form not in component
            and any(_link(form, other) is Link.PROPOSE for other in component)
        ]
        plan = _plan(connection, component, proposed, stored)
        if plan.moves or plan.proposals or plan.stale:
            # The plan was made without locks. Now lock, read everything again, and make a new plan.
            both = [*component, *proposed]
            lock(connection, [_name(form) for form in both], {form.listed for form in both if form.listed is not None})
            component, proposed = _read_again(connection, component), _read_again(connection, proposed)
            stored_now = _decisions_and_proposals(connection, [*component, *proposed])
            quotes |= _carry_out(connection, _plan(connection, component, proposed, stored_now), kind)
    surnames = frozenset[str]().union(*(_name(form).surnames for form in forms))
    bare_surname.reconsider(connection, surnames)
    return quotes


def part(connection: Connection, speakers: Collection[int]) -> set[int]:
    """Take forms away from speakers whose other forms they do not join any more; return the ids of the quotes moved.

    This is needed only after evidence was taken away, or after a list told names apart: `repair` looks at names that
    may join, and not at names that stand at one speaker without any reason.
    """
    quotes: set[int] = set()
    for speaker in sorted(speakers):
        forms = [form for form in form_rows.whole_forms_of(connection, speaker) if form.articles]
        if len(forms) > 1:
            kind = EntityKind(forms[0].kind)
            stored = _decisions_and_proposals(connection, forms)
            groups = partition_stored(forms, kind, stored.apart)
            moves = _moves(forms, groups, stored.pinned)
            quotes |= _carry_out(connection, Plan(moves), kind) if moves else set()
    return quotes


def rekey(connection: Connection, speakers: Collection[int], kind: EntityKind) -> None:
    """After forms moved, store the keys of each speaker's present forms, and name it after its most used form."""
    for speaker in sorted(speakers):
        forms = form_rows.whole_forms_of(connection, speaker)
        names = [(read_name(form.name, kind), form.roles) for form in forms]
        keys = frozenset[str]().union(*(name.keys | role_keys(name, roles) for name, roles in names))
        form_rows.set_keys(connection, speaker, keys)
    speaker_rows.rename_by_use(connection, speakers)


def _name(form: StoredForm) -> ParsedName:
    return read_name(form.name, EntityKind(form.kind))


def _decisions_and_proposals(connection: Connection, forms: Sequence[StoredForm]) -> DecisionsAndProposals:
    speakers = {form.speaker_id for form in forms}
    elsewhere = (*SURNAMES, CLAIMED)  # `bare_surname` and `worker.decisions.importing` look after these
    of_names = [row for row in proposals.concerning(connection, speakers) if row.evidence not in elsewhere]
    return DecisionsAndProposals(connection, speakers, of_names)


def _read_again(connection: Connection, forms: Sequence[StoredForm]) -> list[StoredForm]:
    texts, kinds = {form.name for form in forms}, {form.kind for form in forms}
    return [form for form in form_rows.forms_named(connection, texts) if form.kind in kinds and form.articles]


def _gather(connection: Connection, names: Collection[str]) -> tuple[list[StoredForm], list[StoredForm]]:
    """Return two lists of stored forms: the forms of some names with all forms that join them, and doubtful forms.

    A doubtful form is proposed to a form of the first list. Joins are followed for up to `WAVES` steps. A doubtful join
    is followed for one step and never leads further, even if many names are similar.
    """
    wave = [form for form in form_rows.forms_named(connection, names) if form.articles]
    gathered = {(form.speaker_id, form.name): form for form in wave}
    doubtful: dict[tuple[int, str], StoredForm] = {}
    for _ in range(WAVES):
        keys = frozenset[str]().union(*(_name(form).search_keys for form in wave))
        keys = keys.union(*(role_keys(_name(form), form.roles) for form in wave))
        listed = {form.listed for form in wave if form.listed is not None}
        found = form_rows.forms_under_keys(connection, keys, COMMON)
        found += form_rows.forms_listed(connection, listed, LISTED_FORMS)
        near = [form for form in found if form.articles]
        new = {(form.speaker_id, form.name): form for form in near if (form.speaker_id, form.name) not in gathered}
        links = {place: {_link(form, other) for other in wave} for place, form in new.items()}
        wave = [form for place, form in new.items() if Link.JOIN in links[place]]
        gathered |= {(form.speaker_id, form.name): form for form in wave}
        doubtful |= {place: form for place, form in new.items() if Link.PROPOSE in links[place]}
        if not wave:
            break
    return list(gathered.values()), [form for place, form in doubtful.items() if place not in gathered]


def _compare(form: StoredForm, other: StoredForm) -> Verdict:
    one, two = (FormWithRoles(_name(each), each.roles, each.listed) for each in (form, other))
    return verdict_on(one, two)


def _link(form: StoredForm, other: StoredForm) -> Link:
    """Return the link between two forms. A surname alone has no link, except to the same form."""
    if form.name == other.name and form.kind == other.kind and form.listed == other.listed:
        return Link.JOIN
    verdict = _compare(form, other)
    return Link.NO if verdict.is_surname_alone else verdict.link


def _components(forms: Sequence[StoredForm]) -> Iterator[list[StoredForm]]:
    """Yield the forms in sets: two forms of different sets never join."""
    left = list(forms)
    while left:
        component = [left.pop()]
        for form in component:
            linked = [other for other in left if _link(form, other) is Link.JOIN]
            left = [other for other in left if other not in linked]
            component += linked
        yield sorted(component, key=lambda form: (form.speaker_id, form.name))


def _plan(
    connection: Connection, forms: Sequence[StoredForm], proposed: Sequence[StoredForm], stored: DecisionsAndProposals
) -> Plan:
    """Plan the changes to `forms`, which all belong to one set of joins.

    `proposed` are other forms that have a doubtful join with any of them.
    """
    groups = Partition([[0]], {}, {})
    if len(forms) > 1:
        groups = partition_stored(forms, EntityKind(forms[0].kind), stored.apart)
        moves = _moves(forms, groups, stored.pinned)
        if moves:
            # The proposals are planned after these moves, when `_carry_out` calls `repair` again.
            return Plan(moves)
    possible_joins = [PossibleJoin(forms[i], forms[j], verdict) for (i, j), verdict in groups.proposed.items()]
    for form in forms:
        for other in proposed:
            verdict = _compare(form, other)
            is_doubtful = verdict.link is Link.PROPOSE and not verdict.is_surname_alone
            if is_doubtful and frozenset((form.name, other.name)) not in stored.apart:
                possible_joins.append(PossibleJoin(form, other, verdict))
    speakers = {form.speaker_id for form in forms}
    about_them = [row for row in stored.proposals if speakers & {row.speaker_id, row.other_id}]
    return _plan_proposals(connection, about_them, possible_joins)


def _plan_proposals(connection: Connection, stored: Sequence[Proposal], possible_joins: Sequence[PossibleJoin]) -> Plan:
    """Plan which proposals to store and which to withdraw.

    Each pair of speakers is proposed only once, for the reason with the highest confidence.
    """
    best: dict[tuple[int, int], PossibleJoin] = {}
    surest_first = sorted(possible_joins, key=lambda join: (-join.verdict.confidence, join.form.name, join.other.name))
    for join in surest_first:
        if join.form.root != join.other.root:
            best.setdefault((join.lower.speaker_id, join.higher.speaker_id), join)
    right = {(pair, join.higher.name, join.verdict.evidence) for pair, join in best.items()}
    contents = {row.id: ((row.speaker_id, row.other_id), row.name, row.evidence) for row in stored}
    stale = [proposal_id for proposal_id, content in contents.items() if content not in right]
    standing = {pair for pair, _, _ in right.intersection(contents.values())}
    missing = [join for pair, join in best.items() if pair not in standing]
    return Plan(proposals=not_refused(connection, missing), stale=stale)


def _moves(forms: Sequence[StoredForm], groups: Partition, pinned: set[int]) -> list[Move]:
    """Plan the moves that leave each group with a single speaker.

    This is a pinned speaker of the group, if there is one. Else it is the speaker with the lowest id in the group,
    without the speakers that earlier groups got. Else it is a new speaker. Forms of pinned speakers are not moved.
    """
    moves: list[Move] = []
    taken: set[int | NewSpeaker] = set()
    for group in sorted(groups.groups, key=lambda group: min((forms[place].speaker_id, place) for place in group)):
        speakers = {forms[place].speaker_id for place in group}
        candidates = speakers & pinned or speakers - taken
        target = min(candidates) if candidates else NewSpeaker()
        taken.add(target)
        moves += [
            Move(forms[place], target)
            for place in group
            if forms[place].speaker_id != target and forms[place].speaker_id not in pinned
        ]
    return moves


def _carry_out(connection: Connection, plan: Plan, kind: EntityKind) -> set[int]:
    """Carry out a plan; return the ids of quotes whose speaker changed."""
    if plan.moves:
        quotes, touched = _move_forms(connection, plan.moves, kind)
        rekey(connection, touched, kind)
        moved_from = {move.form.speaker_id for move in plan.moves}
        proposals.withdraw(connection, [row.id for row in proposals.concerning(connection, moved_from)])
        texts = {move.form.name for move in plan.moves}
        texts.update(*(form_rows.forms_of(connection, speaker) for speaker in touched))
        return quotes | repair(connection, texts)
    proposals.withdraw(connection, plan.stale)
    propose(connection, plan.proposals)
    return set()


def _move_forms(connection: Connection, moves: Sequence[Move], kind: EntityKind) -> tuple[set[int], set[int]]:
    """Move forms; return the ids of the quotes whose speaker changed, and of the speakers that lost or got a form."""
    quotes: set[int] = set()
    touched: set[int] = set()
    stored: dict[NewSpeaker, int] = {}
    for move in moves:
        target = move.target
        if isinstance(target, NewSpeaker):
            if target not in stored:
                stored[target] = speaker_rows.add_speaker(connection, move.form.name, kind.value)
            target = stored[target]
        quotes.update(moving.move(connection, move.form.name, move.form.speaker_id, target))
        touched |= {move.form.speaker_id, target}
    return quotes, touched
