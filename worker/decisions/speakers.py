"""Decisions of people about speakers: what the machine joined or left apart is put right, and stays so.

A merge is written in `merged_into`, always a root; a split moves a form to a speaker of its own, where it is pinned.
Every function works in the caller's transaction and raises `Undecidable` with a sentence for the person.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from worker.decisions import quotes as quote_decisions
from worker.dedupe import statements
from worker.speakers.across.repair import rekey, repair
from worker.speakers.within.resolution import EntityKind
from worker.store import decisions as rows
from worker.store import proposals
from worker.store import speakers as speaker_rows
from worker.store.decisions import Undecidable


def merge(connection: Connection, speakers: Sequence[int], into: int, *, who: str, reason: str) -> list[int]:
    """Make several speakers one, under the name of `into`; a decision for each that was another before."""
    target = _speaker(connection, into).root
    decided: list[int] = []
    for speaker_id in speakers:
        root = _speaker(connection, speaker_id).root
        if root != target:
            value = {"into": target}
            decided.append(rows.record(connection, "merge", who=who, reason=reason, value=value, speaker_id=root))
            _merge_again(connection, {root, target})
    if not decided:
        raise Undecidable("These are one speaker already; `onrecord speakers list` shows who is whom.")
    return decided


def split(connection: Connection, speaker_id: int, name: str, *, who: str, reason: str) -> int:
    """Give one form of a speaker's name, with all that was said under it, to a new speaker; its id."""
    found = _speaker(connection, speaker_id)
    family = speaker_rows.family(connection, found.root)
    forms = {one: speaker_rows.forms_of(connection, one) for one in family}
    holders = [one for one in family if name in forms[one]]
    others = sorted({form for known in forms.values() for form in known} - {name})
    if not holders:
        raise Undecidable(f"{found.name} was never named {name!r}; the forms are: {', '.join(others)}.")
    if not others:
        raise Undecidable(f"{name!r} is the only form of that speaker; correct single quotes instead.")
    made = speaker_rows.add_speaker(connection, name, found.kind)
    quotes = [quote for one in holders for quote in speaker_rows.move(connection, name, one, made)]
    value = {"names": [name], "others": others, "from": holders[0]}
    rows.record(connection, "split", who=who, reason=reason, value=value, speaker_id=made)
    rekey(connection, {made, *holders}, EntityKind(found.kind))
    statements.refresh(connection, quotes)
    return made


def refuse(connection: Connection, one: int, other: int, *, who: str, reason: str) -> int:
    """Decide that two speakers are not one, so that the machine neither joins nor proposes them; the decision's id."""
    low, high = sorted({_speaker(connection, one).id, _speaker(connection, other).id}) if one != other else (one, one)
    if low == high:
        raise Undecidable("A speaker cannot be told apart from itself; give two.")
    pair = [speaker_rows.forms_of(connection, high), speaker_rows.forms_of(connection, low)]
    value = {"names": pair[0], "others": pair[1], "refused": [low, high]}
    decided = rows.record(connection, "split", who=who, reason=reason, value=value, speaker_id=high)
    _forget_proposals(connection, {low}, {high})
    proposals.refuse(connection, low, high, reason)
    return decided


def rename(connection: Connection, speaker_id: int, name: str, *, who: str, reason: str) -> int:
    """Choose the canonical name of a speaker; the decision's id."""
    if not name.strip():
        raise Undecidable("A speaker needs a name; give one.")
    root = _speaker(connection, speaker_id).root
    value = {"name": name.strip()}
    decided = rows.record(connection, "rename", who=who, reason=reason, value=value, speaker_id=root)
    speaker_rows.set_name(connection, root, name.strip())
    return decided


def undo(connection: Connection, decision_id: int, *, who: str, reason: str) -> int:
    """Take a decision back: what it touched stands again as the other live decisions and the machine say."""
    decided = rows.get(connection, decision_id)
    if decided is None:
        raise Undecidable(f"There is no decision {decision_id}; `onrecord decisions` lists them.")
    if decided.undone:
        raise Undecidable(f"Decision {decision_id} has been undone already.")
    if decided.kind == "undo":
        raise Undecidable("An undoing cannot be undone; make the decision again.")
    made = rows.record(connection, "undo", who=who, reason=reason, undoes=decision_id)
    if decided.kind == "merge":
        _undo_merge(connection, decided)
    elif decided.kind == "split":
        _undo_split(connection, decided)
    elif decided.kind == "rename":
        _undo_rename(connection, decided)
    elif decided.kind == "forget":
        for part in rows.of_forgetting(connection, decision_id):
            rows.record(connection, "undo", who=who, reason=reason, undoes=part.id)
    else:
        quote_decisions.undone(connection, decided)
    return made


def _speaker(connection: Connection, speaker_id: int) -> Any:
    found = speaker_rows.speaker(connection, speaker_id)
    if found is None:
        raise Undecidable(f"There is no speaker {speaker_id}; `onrecord speakers list` shows them.")
    return found


def _merge_again(connection: Connection, roots: Iterable[int]) -> set[int]:
    """Work out from the live merges who is whom among some roots' families; those families."""
    family = {one for root in roots for one in speaker_rows.family(connection, root)}
    before = {one: _speaker(connection, one).root for one in family}
    after = {one: one for one in family}
    for decided in rows.of_speakers(connection, family, "merge"):
        source, target = after[decided.speaker_id], after.get(decided.value["into"])
        if target is not None:
            after = {one: target if root == source else root for one, root in after.items()}
    # First free, then merge: a root is never merged itself, not even for a moment.
    changed = sorted(one for one in family if before[one] != after[one])
    for one in changed:
        speaker_rows.set_root(connection, one, None)
    for one in changed:
        speaker_rows.set_root(connection, one, after[one] if after[one] != one else None)
    speaker_rows.rename_by_use(connection, family)
    _forget_proposals(connection, family, family, {one: after[one] for one in family})
    statements.refresh(connection, speaker_rows.quotes_of(connection, changed))
    return family


def _forget_proposals(
    connection: Connection, ones: Collection[int], others: Collection[int], roots: dict[int, int] | None = None
) -> None:
    """Withdraw proposals between some speakers (where roots are given: those of one root)."""
    gone = [
        row.id
        for row in proposals.concerning(connection, set(ones))
        if {row.speaker_id, row.other_id} <= {*ones, *others}
        and (roots is None or roots[row.speaker_id] == roots[row.other_id])
    ]
    proposals.withdraw(connection, gone)


def _undo_merge(connection: Connection, decided: Any) -> None:
    family = _merge_again(connection, {_speaker(connection, decided.speaker_id).root})
    _look_again(connection, family)


def _undo_split(connection: Connection, decided: Any) -> None:
    value = decided.value
    if "refused" in value:
        proposals.allow(connection, *value["refused"])
        _look_again(connection, value["refused"])
        return
    kind = EntityKind(_speaker(connection, decided.speaker_id).kind)
    quotes = [
        q for name in value["names"] for q in speaker_rows.move(connection, name, decided.speaker_id, value["from"])
    ]
    rekey(connection, {decided.speaker_id, value["from"]}, kind)
    statements.refresh(connection, quotes)
    _look_again(connection, [value["from"]])


def _undo_rename(connection: Connection, decided: Any) -> None:
    left = rows.of_speakers(connection, [decided.speaker_id], "rename")
    speaker_rows.set_name(connection, decided.speaker_id, left[-1].value["name"] if left else None)
    speaker_rows.rename_by_use(connection, [decided.speaker_id])


def _look_again(connection: Connection, speakers: Iterable[int]) -> None:
    """Let the machine say what it has to say now that a decision is gone."""
    forms = {form for one in speakers for form in speaker_rows.forms_of(connection, one)}
    statements.refresh(connection, repair(connection, forms))
