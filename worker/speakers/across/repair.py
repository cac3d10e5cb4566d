"""Looking again at names that were joined one by one: afterwards they stand as if all had been seen at once.

The machine moves forms from row to row; `merged_into` is left to people, so that the two can be told apart.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from worker.speakers.across import bare
from worker.speakers.across.joining import COMMON, lock, partition_stored, separated
from worker.speakers.across.matching import SURNAMES, Link, Verdict, compare
from worker.speakers.across.name import Name, read_name
from worker.speakers.across.partition import Pair, Partition
from worker.speakers.within.resolution import EntityKind
from worker.store import decisions, proposals
from worker.store import speakers as speaker_rows
from worker.store.speakers import StoredForm

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


@dataclass(frozen=True, slots=True)
class Known:
    """What is written about some speakers: forms that people split, speakers pinned by them, rows of proposals."""

    apart: set[Pair]
    pinned: set[int]
    proposals: list[Any]


def _known(connection: Connection, forms: Sequence[StoredForm]) -> Known:
    speakers = {form.speaker_id for form in forms}
    written = [row for row in proposals.concerning(connection, speakers) if row.evidence not in SURNAMES]
    return Known(separated(connection, speakers), decisions.pinned(connection, speakers), written)


def repair(connection: Connection, names: Collection[str]) -> set[int]:
    """Move the forms near some names to the speakers they belong to; the quotes whose speaker changed."""
    quotes: set[int] = set()
    forms, doubtful = _gather(connection, names)
    known = _known(connection, [*forms, *doubtful])
    for near in _components(forms):
        kind = EntityKind(near[0].kind)
        rim = [
            form
            for form in (*forms, *doubtful)
            if form.kind == kind.value and form not in near and any(_proposed(form, one) for one in near)
        ]
        plan = _plan(connection, near, rim, known)
        if plan.moves or plan.proposals or plan.stale:
            lock(connection, [_name(form) for form in [*near, *rim]])
            near, rim = _fresh(connection, near), _fresh(connection, rim)
            quotes |= _carry_out(connection, _plan(connection, near, rim, _known(connection, [*near, *rim])), kind)
    surnames = frozenset[str]().union(*(_name(form).surnames for form in forms))
    bare.reconsider(connection, surnames)
    return quotes


def _name(form: StoredForm) -> Name:
    return read_name(form.name, EntityKind(form.kind))


def _fresh(connection: Connection, forms: Sequence[StoredForm]) -> list[StoredForm]:
    texts, kinds = {form.name for form in forms}, {form.kind for form in forms}
    return [form for form in speaker_rows.forms_named(connection, texts) if form.kind in kinds and form.articles]


def _gather(connection: Connection, names: Collection[str]) -> tuple[list[StoredForm], list[StoredForm]]:
    """The stored forms of some names, those that join them, those that join these; and all that are proposed to any.

    A proposal is followed one step only: what is doubtful never leads further, however many names are alike.
    """
    wave = [form for form in speaker_rows.forms_named(connection, names) if form.articles]
    gathered = {(form.speaker_id, form.name): form for form in wave}
    doubtful: dict[tuple[int, str], StoredForm] = {}
    for _ in range(WAVES):
        keys = frozenset[str]().union(*(_name(form).sought for form in wave))
        near = [form for form in speaker_rows.forms_under_keys(connection, keys, COMMON) if form.articles]
        new = [form for form in near if (form.speaker_id, form.name) not in gathered]
        links = {(form.speaker_id, form.name): {_link(form, one) for one in wave} for form in new}
        wave = [form for form in new if Link.JOIN in links[form.speaker_id, form.name]]
        gathered |= {(form.speaker_id, form.name): form for form in wave}
        doubtful |= {(one.speaker_id, one.name): one for one in new if Link.PROPOSE in links[one.speaker_id, one.name]}
        if not wave:
            break
    return list(gathered.values()), [form for place, form in doubtful.items() if place not in gathered]


def _link(one: StoredForm, other: StoredForm) -> Link:
    if one.name == other.name and one.kind == other.kind:
        return Link.JOIN
    verdict = compare(_name(one), _name(other), one.roles, other.roles)
    return Link.NO if verdict.alone else verdict.link


def _proposed(one: StoredForm, other: StoredForm) -> bool:
    return _link(one, other) is Link.PROPOSE


def _components(forms: Sequence[StoredForm]) -> Iterator[list[StoredForm]]:
    """The forms in sets that no join leaves."""
    left = list(forms)
    while left:
        near = [left.pop()]
        for form in near:
            linked = [other for other in left if _link(form, other) is Link.JOIN]
            left = [other for other in left if other not in linked]
            near += linked
        yield sorted(near, key=lambda form: (form.speaker_id, form.name))


def _plan(connection: Connection, forms: Sequence[StoredForm], rim: Sequence[StoredForm], known: Known) -> Plan:
    """What to do about forms that join each other; `rim`: those that are proposed to any of them."""
    parted, moves = Partition([[0]], {}, {}), []
    if len(forms) > 1:
        parted = partition_stored(forms, EntityKind(forms[0].kind), known.apart)
        moves = _moves(forms, parted, known.pinned)
    if moves:
        # Where forms move, proposals are thought over afterwards.
        return Plan(moves, [], [])
    doubts = [(forms[i], forms[j], verdict) for (i, j), verdict in parted.proposed.items()]
    for one in forms:
        for other in rim:
            verdict = compare(_name(one), _name(other), one.roles, other.roles)
            if (
                verdict.link is Link.PROPOSE
                and not verdict.alone
                and frozenset((one.name, other.name)) not in known.apart
            ):
                doubts.append((one, other, verdict))
    speakers = {form.speaker_id for form in forms}
    return _proposing(connection, [row for row in known.proposals if speakers & {row.speaker_id, row.other_id}], doubts)


def _proposing(
    connection: Connection, rows_written: Sequence[Any], doubts: Sequence[tuple[StoredForm, StoredForm, Verdict]]
) -> Plan:
    """What to write and to take back about speakers, so that each pair is proposed once, for its best reason."""
    wanted: dict[tuple[int, int], tuple[StoredForm, StoredForm, Verdict]] = {}
    for one, other, verdict in sorted(doubts, key=lambda doubt: (-doubt[2].confidence, doubt[0].name, doubt[1].name)):
        low, high = sorted((one, other), key=lambda form: form.speaker_id)
        if low.root != high.root:
            wanted.setdefault((low.speaker_id, high.speaker_id), (low, high, verdict))
    told = {(pair, other.name, verdict.evidence) for pair, (_, other, verdict) in wanted.items()}
    written = {row.id: ((row.speaker_id, row.other_id), row.name, row.evidence) for row in rows_written}
    stale = [row for row, proposal in written.items() if proposal not in told]
    standing = {pair for pair, _, _ in told.intersection(written.values())}
    fresh = [each for pair, each in wanted.items() if pair not in standing]
    if fresh:
        refused = proposals.refused(connection, {form.speaker_id for low, high, _ in fresh for form in (low, high)})
        fresh = [each for each in fresh if frozenset((each[0].speaker_id, each[1].speaker_id)) not in refused]
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
            made[target] = speaker_rows.add_speaker(connection, form.name, kind.value)
        speaker = made.get(target, target)
        quotes |= set(speaker_rows.move(connection, form.name, form.speaker_id, speaker))
        touched |= {form.speaker_id, speaker}
    if touched:
        rekey(connection, touched, kind)
        stale = [row.id for row in proposals.concerning(connection, {form.speaker_id for form, _ in plan.moves})]
        proposals.withdraw(connection, stale)
        texts = {form.name for form, _ in plan.moves}.union(
            *(speaker_rows.forms_of(connection, one) for one in touched)
        )
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
        forms = speaker_rows.forms_of(connection, speaker)
        speaker_rows.set_keys(
            connection, speaker, frozenset[str]().union(*(read_name(form, kind).keys for form in forms))
        )
    speaker_rows.rename_by_use(connection, speakers)
