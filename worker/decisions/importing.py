"""Imports a list of speakers, and undoes an import: one decision, whose rows are evidence until it is undone.

An import merges and renames nobody by itself. Its rows say which names mean one person or body, and the machine joins,
parts and proposes with that, when articles are stored and read again, too. Single decisions of people about a speaker
(merge, split, rename) outrank a list.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sqlalchemy import Connection

from worker.decisions.list_file import ListedRow
from worker.dedupe import statements
from worker.speakers.across import listed
from worker.speakers.across.placing import MOST_FORMS, Placed, place
from worker.store import decisions, lists, proposals
from worker.store import speakers as speaker_rows
from worker.store.lists import NamedForm
from worker.store.proposals import NamedProposal
from worker.store.speakers import StoredForm

CHUNK = 2000
"""Write so many rows with one statement."""

Progress = Callable[[int, int], None]
"""Is told how many rows are prepared, and how many there are."""


@dataclass(frozen=True, slots=True)
class PreparedRow:
    """A row with what is computed from it: its hash, whom it is about, and its names with their keys."""

    row: ListedRow
    digest: bytes
    identity: str
    names: tuple[tuple[str, str], ...]
    """Pairs of key and name."""


@dataclass(slots=True)
class Imported:
    """What an import did, or an undoing; `decision` is None if all rows were in force already."""

    decision: int | None = None
    rows: int = 0
    known: int = 0
    """Rows that an import in force, or an earlier line, has already."""
    joins: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    proposals: list[NamedProposal] = field(default_factory=list)
    claimed: list[str] = field(default_factory=list)
    """Sentences about names that several people of the lists have."""
    undivided: list[str] = field(default_factory=list)


def prepare(rows: Sequence[ListedRow], on_progress: Progress = lambda done, total: None) -> list[PreparedRow]:
    """Compute from the rows what an import needs; 100,000 rows take a minute or so, and no transaction is open yet."""
    prepared: list[PreparedRow] = []
    for number, row in enumerate(rows, start=1):
        names = tuple((key, name) for name in (row.name, *row.aliases) for key in listed.keys(name))
        prepared.append(PreparedRow(row, _digest(row), _identity(row), names))
        if number % 500 == 0 or number == len(rows):
            on_progress(number, len(rows))
    return prepared


def import_rows(
    connection: Connection, prepared: Sequence[PreparedRow], file: str, *, who: str, reason: str
) -> Imported:
    """Store the rows that are not in force yet, as one decision, and join, name and propose with them.

    `file` is the name of the file, which is stored with the decision.
    """
    new = _new(connection, prepared)
    result = Imported(rows=len(new), known=len(prepared) - len(new))
    if not new:
        return result
    value = {"file": file, "rows": len(new)}
    result.decision = decisions.record(connection, "import", who=who, reason=reason, value=value)
    keys = sorted({key for each in new for key, _ in each.names})
    before, latest = _forms(connection, keys), proposals.latest(connection)
    for start in range(0, len(new), CHUNK):
        _store(connection, result.decision, new[start : start + CHUNK])
    placed = place(connection, keys)
    _refresh(connection, placed)
    _tell(result, before, _forms(connection, keys))
    result.proposals = proposals.since(connection, latest)
    result.claimed = _claimed(connection, new)
    result.undivided = placed.undivided
    return result


def undo(connection: Connection, decision: int) -> None:
    """Take the rows of an import away, and let the machine decide again about every speaker that they touched."""
    keys, of_rows = lists.keys_of(connection, decision), lists.listed_of(connection, decision)
    roles = lists.roles_of(connection, decision)
    gone: dict[int, list[StoredForm]] = {}
    for start in range(0, len(of_rows), CHUNK):
        forms = speaker_rows.forms_listed(connection, of_rows[start : start + CHUNK], MOST_FORMS * CHUNK)
        given = {form: {role.lower() for role in roles.get(form.listed or 0, ())} for form in forms}
        lost = {form: form.roles - given[form] for form in forms if form.roles & given[form]}
        speaker_rows.set_roles(connection, lost)
        for form in forms:
            gone.setdefault(form.listed or 0, []).append(form)
    lists.remove(connection, decision)
    _refresh(connection, place(connection, keys, gone))


def _refresh(connection: Connection, placed: Placed) -> None:
    quotes = sorted(placed.quotes)
    for start in range(0, len(quotes), CHUNK):
        statements.refresh(connection, quotes[start : start + CHUNK])


def _new(connection: Connection, prepared: Sequence[PreparedRow]) -> list[PreparedRow]:
    """Return the rows that are not stored yet, each once."""
    by_digest = {each.digest: each for each in reversed(prepared)}
    known = set[bytes]()
    digests = [*by_digest]
    for start in range(0, len(digests), CHUNK):
        known |= lists.in_force(connection, digests[start : start + CHUNK])
    return sorted((each for digest, each in by_digest.items() if digest not in known), key=lambda each: each.row.line)


def _store(connection: Connection, decision: int, prepared: Sequence[PreparedRow]) -> None:
    about = [{"identity": each.identity, "name": each.row.name, "qid": each.row.qid} for each in prepared]
    ids = lists.add_listed(connection, about)
    rows = [_columns(each, ids[each.identity]) for each in prepared]
    stored = lists.add_rows(connection, decision, rows)
    names = [
        {"row_id": row_id, "key": key, "name": name}
        for row_id, each in zip(stored, prepared, strict=True)
        for key, name in each.names
    ]
    lists.add_names(connection, names)


def _columns(each: PreparedRow, listed_id: int) -> dict[str, Any]:
    row = each.row
    return {
        "line": row.line,
        "listed_id": listed_id,
        "name": row.name,
        "role": row.role,
        "valid_from": row.first_day.isoformat() if row.first_day else None,
        "valid_to": row.last_day.isoformat() if row.last_day else None,
        "digest": each.digest.hex(),
    }


def _digest(row: ListedRow) -> bytes:
    values = [row.name, sorted(row.aliases), row.role, row.qid, str(row.first_day), str(row.last_day)]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).digest()


def _identity(row: ListedRow) -> str:
    """Return what makes two rows mean one person or body: the QID, or else name and role."""
    return row.qid or json.dumps([row.name.casefold(), (row.role or "").casefold()], ensure_ascii=False)


Forms = dict[tuple[str, str], list[NamedForm]]
"""Stored forms by their text and kind."""


def _forms(connection: Connection, keys: Collection[str]) -> Forms:
    """Return the stored forms with these keys; each once, though its speaker may have several of them."""
    ordered = sorted(keys)
    found: set[NamedForm] = set()
    for start in range(0, len(ordered), CHUNK):
        found.update(lists.forms_under(connection, ordered[start : start + CHUNK]))
    forms: Forms = {}
    for form in sorted(found, key=lambda form: (form.speaker_id, form.name)):
        forms.setdefault((form.name, form.kind), []).append(form)
    return forms


def _tell(result: Imported, before: Forms, after: Forms) -> None:
    """Compare the speakers of the forms before and after, and note what was joined, parted and named."""
    were: dict[int, dict[int, str]] = {}
    became: dict[int, dict[int, str]] = {}
    for key, forms in before.items():
        for old, new in product(forms, after.get(key, ())):
            if old.root == new.root or len(forms) == 1 or old.root not in {form.root for form in after[key]}:
                were.setdefault(new.root, {})[old.root] = old.shown
                became.setdefault(old.root, {})[new.root] = new.shown
    shown = {form.root: form.shown for forms in after.values() for form in forms}
    for root, old_names in sorted(were.items()):
        if len(old_names) > 1:
            result.joins.append(f"{_listing(sorted(old_names.values()))} are one speaker: {shown[root]} ({root}).")
        elif shown[root] not in old_names.values() and all(len(became[old]) == 1 for old in old_names):
            result.names.append(f"{next(iter(old_names.values()))} ({root}) is shown as {shown[root]}.")
    for root, new_names in sorted(became.items()):
        if len(new_names) > 1:
            name = next(names[root] for names in were.values() if root in names)
            result.parts.append(f"{name} ({root}) is {len(new_names)} speakers: {_listing([*new_names.values()])}.")


def _claimed(connection: Connection, new: Iterable[PreparedRow]) -> list[str]:
    """Return a sentence for each name of the rows that several people of the lists have at the same time."""
    told: dict[str, str] = {}
    spelled = {key: name for each in new for key, name in each.names}
    ordered = sorted(spelled)
    for start in range(0, len(ordered), CHUNK):
        by_key: dict[str, list[lists.Claim]] = {}
        for claim in lists.claims(connection, ordered[start : start + CHUNK]):
            by_key.setdefault(claim.key, []).append(claim)
        for key, claims in by_key.items():
            if listed.is_contended(spelled[key], claims):
                told.setdefault(
                    spelled[key], f"{spelled[key]} is a name of several rows: it joins none of them, and is proposed."
                )
    return [told[name] for name in sorted(told)]


def _listing(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
