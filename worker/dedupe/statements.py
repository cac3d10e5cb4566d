"""Statements: quotations with the same owner and the same words belong to one statement, in whatever article.

The owner is the speaker, or the story if the source has no name; its number is the id of the speaker, or the negative
id of the story. So quotations of sources without a name share a statement only inside one story.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection

from worker.dedupe.comparer import Comparer
from worker.dedupe.lookup import COMMON, NewStatements, StatementInput, StoredStatements
from worker.dedupe.wording import keys
from worker.store import lagging_keys
from worker.store import statements as rows
from worker.store.lagging_keys import Lagging
from worker.store.statements import GivenStatement, OwnedQuote, StoredStatement

BATCH = 2_000
"""At most this many quotes are moved at a time, so that memory stays small however many quotes a speaker has."""


def assign(
    connection: Connection, quotes: Sequence[StatementInput], compare: Comparer | None = None
) -> list[int | None]:
    """Return the id of each quotation's statement, None for a quotation without words; store new statements.

    A quotation is compared with the words with which a statement was first stored, never with the words of quotations
    that joined it later. So a chain of light edits cannot lead to very different words. The cost does not grow with the
    number of stored statements. Raise `Uncompared` if comparisons are missing, before anything is stored.
    """
    compare = compare or Comparer(len(quotes))
    stored = StoredStatements(connection, quotes, compare)
    places, new = _places(quotes, stored, compare)
    compare.require(lambda: _places(quotes, stored, compare))
    ids = rows.add(connection, [(quote.owner, quote.text) for quote in new])
    added = zip(new, ids, strict=True)
    rows.add_keys(connection, {key for quote, statement in added for key in stored.keys_for(quote, statement)})
    return [ids[place] if place is not None else statement for statement, place in places]


def _places(
    quotes: Sequence[StatementInput], stored: StoredStatements, compare: Comparer
) -> tuple[list[tuple[int | None, int | None]], list[StatementInput]]:
    """Return for each quotation the id of its stored statement, or else its place among the new statements; and these.

    The function is pure: it reads and writes no tables.
    """
    new = NewStatements(compare)
    places: list[tuple[int | None, int | None]] = []
    for quote in quotes:
        if not keys(quote.text):
            places.append((None, None))
            continue
        statement = stored.best(quote)
        places.append((statement, None if statement is not None else new.place(quote)))
    return places, new.quotes


def refresh(
    connection: Connection, quotes: Collection[int], compare: Comparer | None = None, *, keys_later: bool = False
) -> None:
    """Move quotes to statements of their present owners, after speakers or stories changed.

    If all quotes of a statement have the same new owner, the statement itself goes to that owner, with its words, and
    joins the owner's most similar statement. The time grows with the number of quotes, and not with the number of the
    other quotes of a speaker. A caller with many quotes may pass `BATCH` of them in each transaction.

    With `keys_later`, statements go to a new owner, and their keys stay under the old one until
    `worker.store.lagging_keys` moves them. Until then such a statement is not found; just before, it joins the most
    similar statement of the new owner (`join_those_met`). Statements that go together are not compared with each other
    again: that was done when they were stored. Raise `Uncompared` if comparisons are missing.
    """
    ids = sorted(set(quotes))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        _refresh(connection, batch, compare or Comparer(len(batch)), keys_later)


def rejoin(connection: Connection, quotes: Collection[int]) -> None:
    """Merge the statements of quotes with similar statements that another transaction stored at the same time.

    The statement with the lower id remains.
    """
    owners = {quote.statement_id: quote.owner for quote in rows.owned_quotes(connection, quotes)}
    _hand_over(connection, {statement: owner for statement, owner in owners.items() if statement is not None})


def join_those_met(connection: Connection, lagging: Lagging, last: int) -> None:
    """Merge statements whose keys up to the hash `last` are to follow them with similar ones of their new owner.

    They are found by their stored keys: so not by those that too many statements of the old owner had. A key that too
    many statements of the new owner have is ignored, too.
    """
    meetings = lagging_keys.meetings(connection, lagging, last, COMMON + 1)
    crowds = Counter((one.statement, one.hash) for one in meetings)
    pairs = {(one.statement, one.met) for one in meetings if crowds[one.statement, one.hash] <= COMMON}
    statements = {row.id: row for row in rows.read(connection, {number for pair in pairs for number in pair})}
    compare = Comparer(len(pairs))
    alike = {
        number
        for number, met in pairs
        if number in statements
        and met in statements
        and compare.likeness(statements[number].text, statements[met].text) > 0
    }
    _hand_over(connection, {number: statements[number].owner for number in alike})


def reword(connection: Connection, statements: Collection[int]) -> None:
    """After quotes were removed, delete statements without quotes; give the others the words of a remaining quote."""
    _remove_unprinted(connection, statements)
    changes = rows.reword(connection, statements)
    before = (StoredStatement(change.id, change.owner, change.before) for change in changes)
    rows.remove_keys(connection, _possible_keys(before))
    inputs = {change.id: StatementInput(change.owner, change.after) for change in changes}
    stored = StoredStatements(connection, inputs.values())
    added: set[tuple[int, int, int]] = set()
    for statement, quotation in inputs.items():
        new_keys = stored.keys_for(quotation, statement)
        stored.add(quotation, statement, [value for _, value, _ in new_keys])
        added |= new_keys
    rows.add_keys(connection, added)


def _refresh(connection: Connection, quotes: Sequence[int], compare: Comparer, keys_later: bool) -> None:
    moved = [quote for quote in rows.owned_quotes(connection, quotes) if quote.stored_owner != quote.owner]
    owners = _owners_of_statements(moved)
    candidates = {statement: min(of_quotes) for statement, of_quotes in owners.items() if len(of_quotes) == 1}
    whole = {statement: candidates[statement] for statement in rows.wholly_owned(connection, candidates)}
    if keys_later:
        befores = {quote.stored_owner for quote in moved if quote.statement_id in whole and quote.stored_owner}
        rows.give_without_keys(connection, whole, befores)
    else:
        _hand_over(connection, whole, compare)
    single = [quote for quote in moved if quote.statement_id not in whole]
    assigned = assign(connection, [StatementInput(quote.owner, quote.text) for quote in single], compare)
    rows.set_statements(connection, {quote.id: new for quote, new in zip(single, assigned, strict=True)})
    _remove_unprinted(connection, owners.keys() - whole.keys())


def _owners_of_statements(quotes: Iterable[OwnedQuote]) -> dict[int, set[int]]:
    """Return, for each statement of some quotes, the owners that these quotes say it should have."""
    owners: dict[int, set[int]] = {}
    for quote in quotes:
        if quote.statement_id is not None:
            owners.setdefault(quote.statement_id, set()).add(quote.owner)
    return owners


def _hand_over(connection: Connection, owners: Mapping[int, int], compare: Comparer | None = None) -> None:
    """Give statements to owners, and merge each with its owner's most similar statement, if there is one.

    `owners` has the new owner of each statement, which may be its present one. The statements are handed over one after
    the other, in order of their ids: each is also compared with those before it. The tables are written at the end.
    """
    statements = {row.id: row for row in rows.read(connection, owners)}
    inputs = {number: StatementInput(owners[number], statements[number].text) for number in sorted(statements)}
    compare = compare or Comparer(len(inputs))
    stored = StoredStatements(connection, inputs.values(), compare)
    given = {number for number, row in statements.items() if row.owner != owners[number]}
    for number in given:
        stored.remove(statements[number])
    # The statements that are merged: the lower id remains. So no statement that remains is merged itself later.
    absorbed: dict[int, int] = {}
    gone: list[StoredStatement] = []
    for number, quotation in inputs.items():
        if number in absorbed:
            continue
        best = stored.best(quotation, but=number)
        if best is not None and best < number:
            absorbed[number] = best
            gone.append(statements[number])
            stored.remove(statements[number])
            continue
        if number in given:
            stored.add(quotation, number, keys(quotation.text))
        if best is not None:
            absorbed[best] = number
            gone.append(stored.row(best))
            stored.remove(stored.row(best))
    compare.require()
    rows.absorb(connection, absorbed)
    rows.remove(connection, absorbed)
    rows.remove_keys(connection, _possible_keys(gone))
    remaining = (statements[number] for number in sorted(given - absorbed.keys()))
    handed = [GivenStatement(row.id, row.owner, owners[row.id], keys(row.text)) for row in remaining]
    rows.give(connection, handed)


def _remove_unprinted(connection: Connection, statements: Collection[int]) -> None:
    """Delete each of these statements to which no quote belongs any more."""
    unprinted = rows.unprinted(connection, statements)
    rows.remove(connection, [row.id for row in unprinted])
    rows.remove_keys(connection, _possible_keys(unprinted))


def _possible_keys(statements: Iterable[StoredStatement]) -> set[tuple[int, int, int]]:
    """Return every (owner, hash, statement) row that these statements may have.

    A statement's keys are made from its words. So they are found one by one; to search for them by the statement would
    mean to read all keys of its owner.
    """
    return {(row.owner, value, row.id) for row in statements for value in keys(row.text)}
