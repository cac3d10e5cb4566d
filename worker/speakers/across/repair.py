"""Looking again at names that were joined one by one: afterwards they stand as if all had been seen at once.

The machine moves forms from row to row; `merged_into` is left to people, so that the two can be told apart.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from worker.speakers.across import bare
from worker.speakers.across.joining import COMMON, lock, partition_stored, separated
from worker.speakers.across.matching import Link, Verdict, compare
from worker.speakers.across.name import Name, read_name
from worker.speakers.across.partition import Partition
from worker.speakers.within.resolution import EntityKind
from worker.store import decisions, proposals
from worker.store import names as rows
from worker.store.names import StoredForm

WAVES = 4
"""How far names that may be the same are followed: from one to the next, so many times."""

NEW = 0
"""In a plan, a target this low is a speaker still to be made; each new one has a number of its own."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: forms to move with the speaker they go to, proposals to write, proposals to take back."""

    moves: list[tuple[StoredForm, int]]
    proposals: list[tuple[StoredForm, StoredForm, Verdict]]
    stale: list[int]


def repair(connection: Connection, names: Collection[str]) -> set[int]:
    """Move the forms near some names to the speakers they belong to; the quotes whose speaker changed."""
    quotes: set[int] = set()
    forms = _gather(connection, names)
    for near in _components(forms):
        kind = EntityKind(near[0].kind)
        plan = _plan(connection, near, kind)
        if plan.moves or plan.proposals or plan.stale:
            lock(connection, [_name(form) for form in near])
            texts = {form.name for form in near}
            near = [form for form in rows.exact(connection, texts) if form.kind == kind.value and form.articles]
            quotes |= _carry_out(connection, _plan(connection, near, kind), kind)
    surnames = frozenset[str]().union(*(_name(form).surnames for form in forms))
    bare.reconsider(connection, surnames)
    return quotes


def _name(form: StoredForm) -> Name:
    return read_name(form.name, EntityKind(form.kind))


def _gather(connection: Connection, names: Collection[str]) -> list[StoredForm]:
    """The stored forms of some names, those linked to them, those linked to these, and so on."""
    wave = [form for form in rows.exact(connection, names) if form.articles]
    gathered = {(form.speaker_id, form.name): form for form in wave}
    for _ in range(WAVES):
        keys = frozenset[str]().union(*(_name(form).sought for form in wave))
        new = [
            form
            for form in rows.found(connection, keys, COMMON)
            if form.articles and (form.speaker_id, form.name) not in gathered and _linked(form, wave)
        ]
        if not new:
            break
        gathered |= {(form.speaker_id, form.name): form for form in new}
        wave = new
    return list(gathered.values())


def _linked(form: StoredForm, others: Sequence[StoredForm]) -> bool:
    return any(_link(form, other) for other in others)


def _link(one: StoredForm, other: StoredForm) -> bool:
    if one.name == other.name and one.kind == other.kind:
        return True
    verdict = compare(_name(one), _name(other), one.roles, other.roles)
    return verdict.link is not Link.NO and not verdict.alone


def _components(forms: Sequence[StoredForm]) -> Iterator[list[StoredForm]]:
    """The forms in sets that no link leaves; a form that stands alone is left out."""
    left = list(forms)
    while left:
        near = [left.pop()]
        for form in near:
            linked = [other for other in left if _link(form, other)]
            left = [other for other in left if other not in linked]
            near += linked
        if len(near) > 1:
            yield sorted(near, key=lambda form: (form.speaker_id, form.name))


def _plan(connection: Connection, forms: Sequence[StoredForm], kind: EntityKind) -> Plan:
    speakers = {form.speaker_id for form in forms}
    parted = partition_stored(forms, kind, separated(connection, speakers))
    moves = _moves(forms, parted, decisions.pinned(connection, speakers))
    if moves:
        # Where forms move, proposals are thought over afterwards.
        return Plan(moves, [], [])
    wanted = {}
    for (i, j), verdict in parted.proposed.items():
        one, other = sorted((forms[i], forms[j]), key=lambda form: form.speaker_id)
        if one.root != other.root:
            wanted[one.speaker_id, other.speaker_id] = (one, other, verdict)
    return _proposing(connection, speakers, wanted)


def _proposing(
    connection: Connection,
    speakers: set[int],
    wanted: dict[tuple[int, int], tuple[StoredForm, StoredForm, Verdict]],
) -> Plan:
    """What to write and to take back, so that each two speakers are proposed once, for the best reason."""
    refused = proposals.refused(connection, speakers)
    told = {(pair, other.name, verdict.evidence) for pair, (_, other, verdict) in wanted.items()}
    written = {
        row.id: ((row.speaker_id, row.other_id), row.name, row.evidence)
        for row in proposals.concerning(connection, speakers)
        if {row.speaker_id, row.other_id} <= speakers
    }
    stale = [row for row, proposal in written.items() if proposal not in told]
    standing = {pair for pair, _, _ in told.intersection(written.values())}
    fresh = [each for pair, each in wanted.items() if pair not in standing and frozenset(pair) not in refused]
    return Plan([], fresh, stale)


def _moves(forms: Sequence[StoredForm], parted: Partition, pinned: set[int]) -> list[tuple[StoredForm, int]]:
    """Each group goes to its lowest speaker, one that a person decided about first; those themselves stay."""
    moves: list[tuple[StoredForm, int]] = []
    taken: set[int] = set()
    for group in sorted(parted.groups, key=lambda group: min((forms[place].speaker_id, place) for place in group)):
        speakers = {forms[place].speaker_id for place in group}
        held = speakers & pinned
        target = min(held or speakers - taken, default=NEW - len(taken))
        taken.add(target)
        moves += [
            (forms[place], target)
            for place in group
            if forms[place].speaker_id != target and forms[place].speaker_id not in pinned
        ]
    return moves


def _carry_out(connection: Connection, plan: Plan, kind: EntityKind) -> set[int]:
    quotes: set[int] = set()
    touched: set[int] = set()
    made: dict[int, int] = {}
    for form, target in plan.moves:
        if target <= NEW and target not in made:
            made[target] = rows.add_speaker(connection, form.name, kind.value)
        speaker = made.get(target, target)
        quotes |= set(rows.move(connection, form.name, form.speaker_id, speaker))
        touched |= {form.speaker_id, speaker}
    if touched:
        rekey(connection, touched, kind)
        stale = [row.id for row in proposals.concerning(connection, {form.speaker_id for form, _ in plan.moves})]
        proposals.withdraw(connection, stale)
        texts = {form.name for form, _ in plan.moves}.union(*(rows.forms_of(connection, one) for one in touched))
        return quotes | repair(connection, texts)
    proposals.withdraw(connection, plan.stale)
    for one, other, verdict in plan.proposals:
        proposals.propose(
            connection, one.speaker_id, other.speaker_id, other.name, verdict.evidence, verdict.confidence
        )
    return quotes


def rekey(connection: Connection, speakers: Collection[int], kind: EntityKind) -> None:
    """After forms came or went: let speakers be found by the forms they have now, and name them by use."""
    for speaker in sorted(speakers):
        forms = rows.forms_of(connection, speaker)
        rows.set_keys(connection, speaker, frozenset[str]().union(*(read_name(form, kind).keys for form in forms)))
    rows.rename_by_use(connection, speakers)
