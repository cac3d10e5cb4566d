"""Decisions of people about speakers: they correct wrong and missing joins of the machine, until they are undone.

A merge makes one speaker the root of another: the root's id is stored in `merged_into`, and a root itself is never
merged. A split moves a form to a new speaker and pins it there, so that the machine does not move it again. Every
function works in the caller's transaction. If a decision is impossible, the function raises `Undecidable` with a
sentence for the person.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from worker.decisions import forgetting
from worker.decisions import quotes as quote_decisions
from worker.decisions.names import checked, same
from worker.dedupe import statements
from worker.speakers.across import moving, unlisting
from worker.speakers.across.repair import rekey, repair
from worker.speakers.within.resolution import EntityKind
from worker.store import decisions, proposals
from worker.store import forms as form_rows
from worker.store import speakers as speaker_rows
from worker.store.decisions import Decision, Undecidable
from worker.store.speakers import Speaker


class Split(NamedTuple):
    """The ids of a decision to split, and of the new speaker."""

    decision: int
    speaker: int


def merge(connection: Connection, speakers: Sequence[int], into: int, *, who: str, reason: str) -> list[int]:
    """Make several speakers one, with `into` (or its root) as the root.

    Return the ids of the decisions: one for each speaker that had another root before.
    """
    target = _speaker(connection, into).root
    decision_ids: list[int] = []
    for speaker_id in speakers:
        root = _speaker(connection, speaker_id).root
        if root != target:
            value = {"into": target}
            decision_id = decisions.record(connection, "merge", who=who, reason=reason, value=value, speaker_id=root)
            decision_ids.append(decision_id)
            _merge_again(connection, {root, target})
    if not decision_ids:
        raise Undecidable("These are one speaker already; `onrecord speakers list` shows who is whom.")
    return decision_ids


def split(connection: Connection, speaker_id: int, name: str, *, who: str, reason: str) -> Split:
    """Give one form of a speaker's name, with all quotes stored under it, to a new speaker."""
    speaker = _speaker(connection, speaker_id)
    family = speaker_rows.family(connection, speaker.root)
    forms = {speaker_id: form_rows.forms_of(connection, speaker_id) for speaker_id in family}
    name = _as_stored(name, {form for known in forms.values() for form in known})
    holders = [speaker_id for speaker_id in family if name in forms[speaker_id]]
    others = sorted({form for known in forms.values() for form in known} - {name})
    if not holders:
        raise Undecidable(f"{speaker.name} was never named {name!r}; the forms are: {', '.join(others)}.")
    if not others:
        raise Undecidable(f"{name!r} is the only form of that speaker; correct single quotes instead.")
    new = speaker_rows.add_speaker(connection, name, speaker.kind)
    quotes = [quote for holder in holders for quote in moving.move(connection, name, holder, new)]
    value = {"names": [name], "others": others, "from": holders[0]}
    decision_id = decisions.record(connection, "split", who=who, reason=reason, value=value, speaker_id=new)
    decisions.follow_form(connection, name, holders, new)
    rekey(connection, {new, *holders}, EntityKind(speaker.kind))
    statements.refresh(connection, quotes)
    return Split(decision_id, new)


def refuse(connection: Connection, one: int, other: int, *, who: str, reason: str) -> int:
    """Decide that two speakers are different; the machine then neither joins them nor proposes to join them.

    Return the decision's id.
    """
    if one == other:
        raise Undecidable("A speaker cannot be told apart from itself; give two.")
    low, high = sorted((_speaker(connection, one).id, _speaker(connection, other).id))
    names, others = form_rows.forms_of(connection, high), form_rows.forms_of(connection, low)
    value = {"names": names, "others": others, "refused": [low, high]}
    decision_id = decisions.record(connection, "split", who=who, reason=reason, value=value, speaker_id=high)
    _withdraw_proposals(connection, {low}, {high})
    proposals.refuse(connection, low, high, reason)
    return decision_id


def rename(connection: Connection, speaker_id: int, name: str, *, who: str, reason: str) -> int:
    """Choose the canonical name of a speaker; return the decision's id."""
    name = checked(name)
    root = _speaker(connection, speaker_id).root
    value = {"name": name}
    decision_id = decisions.record(connection, "rename", who=who, reason=reason, value=value, speaker_id=root)
    speaker_rows.set_name(connection, root, name)
    return decision_id


def undo(connection: Connection, decision_id: int, *, who: str, reason: str) -> int:
    """Undo a decision; return the id of the new decision that undoes it.

    The machine and the other decisions in force determine again everything that the undone decision had changed. If the
    speaker is gone because everything of it was forgotten, the decision only ends.
    """
    decision = decisions.get(connection, decision_id)
    if decision is None:
        raise Undecidable(f"There is no decision {decision_id}; `onrecord decisions` lists them.")
    if decision.undone:
        raise Undecidable(f"Decision {decision_id} has been undone already.")
    if decision.kind == "undo":
        raise Undecidable("An undoing cannot be undone; make the decision again.")
    undoing = decisions.record(connection, "undo", who=who, reason=reason, undoes=decision_id)
    if decision.kind in ("merge", "split", "rename") and not _is_stored(connection, decision.speaker_id):
        return undoing
    if decision.kind == "merge":
        _undo_merge(connection, decision)
    elif decision.kind == "split":
        _undo_split(connection, decision)
    elif decision.kind == "rename":
        _undo_rename(connection, decision)
    elif decision.kind == "forget":
        forgetting.lift(connection, decision_id)
    elif decision.kind == "import":
        unlisting.take_away(connection, unlisting.LEAST)
    else:
        if decision.kind == "add":
            quote_decisions.undo_others(connection, decision, who=who, reason=reason)
        quote_decisions.put_back(connection, decision)
    return undoing


def _is_stored(connection: Connection, speaker_id: int | None) -> bool:
    return speaker_id is not None and speaker_rows.speaker(connection, speaker_id) is not None


def _speaker(connection: Connection, speaker_id: int | None) -> Speaker:
    assert speaker_id is not None
    speaker = speaker_rows.speaker(connection, speaker_id)
    if speaker is None:
        raise Undecidable(f"There is no speaker {speaker_id}; `onrecord speakers list` shows them.")
    return speaker


def _as_stored(name: str, forms: Collection[str]) -> str:
    """Return the stored form that a person means by `name`; if there is none, the name as `checked` returns it."""
    if name in forms:
        return name
    return next((form for form in sorted(forms) if same(form, name)), None) or checked(name)


def _merge_again(connection: Connection, roots: Iterable[int]) -> set[int]:
    """Compute the roots of some families again from the merges in force; return all speakers of these families.

    A family is a root and all speakers that are merged into it. `roots` are the roots of the families.
    """
    family = {speaker_id for root in roots for speaker_id in speaker_rows.family(connection, root)}
    before = {speaker_id: _speaker(connection, speaker_id).root for speaker_id in family}
    after = {speaker_id: speaker_id for speaker_id in family}
    for decision in decisions.of_speakers(connection, family, "merge"):
        assert decision.speaker_id is not None
        source, target = after[decision.speaker_id], after.get(decision.value["into"])
        if target is not None:
            after = {speaker_id: target if root == source else root for speaker_id, root in after.items()}
    # First clear the old roots, then set the new ones: a root must not be merged itself, not even for a moment.
    changed = sorted(speaker_id for speaker_id in family if before[speaker_id] != after[speaker_id])
    for speaker_id in changed:
        speaker_rows.set_root(connection, speaker_id, None)
    for speaker_id in changed:
        speaker_rows.set_root(connection, speaker_id, after[speaker_id] if after[speaker_id] != speaker_id else None)
    speaker_rows.rename_by_use(connection, family)
    _withdraw_proposals(connection, family, family, after)
    moving.settle_statements(connection, changed)
    return family


def _withdraw_proposals(
    connection: Connection, ones: Collection[int], others: Collection[int], roots: dict[int, int] | None = None
) -> None:
    """Withdraw the proposals between some speakers.

    If `roots` is given, withdraw only the proposals between two speakers with the same root.
    """
    stale = [
        proposal.id
        for proposal in proposals.concerning(connection, set(ones))
        if {proposal.speaker_id, proposal.other_id} <= {*ones, *others}
        and (roots is None or roots[proposal.speaker_id] == roots[proposal.other_id])
    ]
    proposals.withdraw(connection, stale)


def _undo_merge(connection: Connection, decision: Decision) -> None:
    family = _merge_again(connection, {_speaker(connection, decision.speaker_id).root})
    _repair(connection, family)


def _undo_split(connection: Connection, decision: Decision) -> None:
    value = decision.value
    if "refused" in value:
        proposals.allow(connection, *value["refused"])
        _repair(connection, value["refused"])
        return
    speaker = _speaker(connection, decision.speaker_id)
    origin = value["from"]
    if not _is_stored(connection, origin):  # the other forms were forgotten, so the new speaker is all that is left
        _repair(connection, [speaker.id])
        return
    quotes = [quote for name in value["names"] for quote in moving.move(connection, name, speaker.id, origin)]
    for name in value["names"]:
        decisions.follow_form(connection, name, [speaker.id], origin)
    rekey(connection, {speaker.id, origin}, EntityKind(speaker.kind))
    statements.refresh(connection, quotes)
    _repair(connection, [origin])


def _undo_rename(connection: Connection, decision: Decision) -> None:
    assert decision.speaker_id is not None
    left = decisions.of_speakers(connection, [decision.speaker_id], "rename")
    speaker_rows.set_name(connection, decision.speaker_id, left[-1].value["name"] if left else None)
    speaker_rows.rename_by_use(connection, [decision.speaker_id])


def _repair(connection: Connection, speakers: Iterable[int]) -> None:
    """Let the machine join and propose these speakers again, after a decision was undone."""
    forms = {form for speaker_id in speakers for form in form_rows.forms_of(connection, speaker_id)}
    statements.refresh(connection, repair(connection, forms))
