"""Imports a list of speakers: one decision, whose rows are evidence until it is undone.

A list may have 100,000 rows, and articles wait while rows are stored. So the rows are stored in batches, each with what
follows from it in a transaction of its own. An import that was interrupted goes on when the same list is imported
again. `worker.speakers.across.unlisting` takes the rows away when an import is undone.

An import merges and renames nobody by itself. Its rows say which names mean one person or body, and the machine joins,
parts and proposes with that, when articles are stored and read again, too. Single decisions of people about a speaker
(merge, split, rename) outrank a list.
"""

import hashlib
import json
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sqlalchemy import Connection, Engine

from worker.decisions.deciding import decide
from worker.decisions.list_file import ListedRow
from worker.dedupe import statements
from worker.speakers.across import listed
from worker.speakers.across.placing import Placed, place
from worker.store import decisions, lists, proposals
from worker.store.decisions import Undecidable
from worker.store.lists import NamedForm
from worker.store.proposals import NamedProposal

CHUNK = 2000
"""Write so many rows with one statement."""
BATCH_SECONDS = 0.15
"""Aim at batches of so many seconds, as `worker.speakers.across.moving` does."""
LEAST, MOST = 20, 2_000
"""At least and at most so many rows are in a batch."""
REHEARSED_AT_ONCE = 1_000
"""So many rows are tried out in one transaction, so that each row is seen beside all others; more in batches."""

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


class _Rehearsed(Exception):
    """A batch has been imported on trial, and everything is to be rolled back."""

    def __init__(self, result: "Imported") -> None:
        super().__init__()
        self.result = result


@dataclass(slots=True)
class Imported:
    """What an import did; `decision` is None if all rows were in force already."""

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

    def add(self, other: "Imported") -> None:
        """Add what another batch did."""
        self.decision = self.decision or other.decision
        self.rows += other.rows
        self.known += other.known
        self.joins += other.joins
        self.parts += other.parts
        self.names += other.names
        self.proposals += other.proposals
        self.claimed = list(dict.fromkeys([*self.claimed, *other.claimed]))
        self.undivided = list(dict.fromkeys([*self.undivided, *other.undivided]))


def prepare(rows: Sequence[ListedRow], on_progress: Progress = lambda done, total: None) -> list[PreparedRow]:
    """Compute from the rows what an import needs; 100,000 rows take a minute or so, and no transaction is open yet."""
    prepared: list[PreparedRow] = []
    for number, row in enumerate(rows, start=1):
        names = tuple((key, name) for name in (row.name, *row.aliases) for key in listed.keys(name))
        prepared.append(PreparedRow(row, _digest(row), _identity(row), names))
        if number % 500 == 0 or number == len(rows):
            on_progress(number, len(rows))
    return prepared


def carry_out(
    engine: Engine,
    prepared: Sequence[PreparedRow],
    file: str,
    *,
    who: str,
    reason: str,
    is_rehearsal: bool = False,
    on_progress: Progress = lambda done, total: None,
) -> Imported:
    """Import all rows, in batches that are committed one by one; articles are stored between them.

    With `is_rehearsal`, every batch is rolled back: up to `REHEARSED_AT_ONCE` rows are one batch, and of more rows each
    batch shows what it would do without the others. `on_progress` is told how many rows are done. Raise `Undecidable`
    as `decide` does; the batches before hold, and the next import of the list goes on.
    """
    first = {each.identity: place for place, each in reversed([*enumerate(prepared)])}
    rows = sorted(prepared, key=lambda each: first[each.identity])  # rows about one speaker are in one batch
    digest = hashlib.sha256(b"".join(sorted(each.digest for each in rows))).hexdigest()
    result = Imported()
    size = len(rows) if is_rehearsal and len(rows) <= REHEARSED_AT_ONCE else LEAST
    start, seconds = 0, 0.0

    def work(connection: Connection) -> Imported:
        nonlocal seconds
        began = time.monotonic()
        batch = rows[start : start + size]
        done = import_rows(connection, batch, file, who=who, reason=reason, digest=digest, into=result.decision)
        seconds = time.monotonic() - began
        if is_rehearsal:
            raise _Rehearsed(done)
        return done

    while start < len(rows):
        try:
            done = decide(engine, work)
        except _Rehearsed as rehearsed:
            done = rehearsed.result
        result.add(done)
        if is_rehearsal:
            result.decision = None
        start += size
        size = int(min(MOST, max(LEAST, min(2.0 * size, size * BATCH_SECONDS / max(seconds, 0.001)))))
        on_progress(min(start, len(rows)), len(rows))
    if not is_rehearsal and result.proposals:
        with engine.connect() as connection:  # a later batch may have withdrawn what an earlier one proposed
            left = proposals.left(connection, [proposal.id for proposal in result.proposals])
        result.proposals = [proposal for proposal in result.proposals if proposal.id in left]
    return result


def import_rows(
    connection: Connection,
    prepared: Sequence[PreparedRow],
    file: str,
    *,
    who: str,
    reason: str,
    digest: str | None = None,
    into: int | None = None,
) -> Imported:
    """Store the rows that are not in force yet, as one decision, and join, name and propose with them.

    `file` is the name of the file, which is stored with the decision, and `digest` says which list it is: an import of
    the same list that is in force goes on. `into` is the decision of the earlier batches.
    """
    new = _new(connection, prepared)
    result = Imported(rows=len(new), known=len(prepared) - len(new))
    if not new:
        return result
    if into is None and digest is not None:
        into = decisions.same_import(connection, digest)
    if into is None:
        value = {"file": file} | ({"list": digest} if digest else {})
        into = decisions.record(connection, "import", who=who, reason=reason, value=value)
    elif (decision := decisions.get(connection, into)) is None or decision.undone:
        raise Undecidable(f"Somebody has taken decision {into}, this import, back; nothing more is imported.")
    result.decision = into
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
