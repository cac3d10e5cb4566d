"""Statements: quotations with the same owner and the same words belong to one statement, in whatever article.

The owner is the speaker, or the story if the source has no name; its number is the id of the speaker, or the negative
id of the story. So quotations of sources without a name share a statement only inside one story.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from worker.dedupe.wording import Comparer, keys
from worker.store import statements as rows

COMMON = 8
"""Ignore a key (three words, such as "we are going") if more than this many statements of one owner have it."""
COMPARED = 16
"""At most this many stored statements are compared with a quotation, word by word."""


@dataclass(frozen=True, slots=True)
class StatementInput:
    """One quotation whose statement is looked up: its owner and its words."""

    owner: int
    text: str


def assign(connection: Connection, quotes: Sequence[StatementInput]) -> list[int | None]:
    """Return the id of each quotation's statement, None for a quotation without words; store new statements.

    A quotation is compared with the words with which a statement was first stored, never with the words of quotations
    that joined it later. So a chain of light edits cannot lead to very different words. The cost does not grow with the
    number of stored statements.
    """
    compare = Comparer()
    stored = _Stored(connection, quotes, compare)
    fresh = _Fresh(compare)
    # For each quotation: the id of its stored statement, or else the index of its new statement in `fresh.quotes`.
    places: list[tuple[int | None, int | None]] = []
    for quote in quotes:
        if not keys(quote.text):
            places.append((None, None))
            continue
        statement = stored.best(quote)
        places.append((statement, None if statement is not None else fresh.place(quote)))
    ids = rows.add(connection, [(quote.owner, quote.text) for quote in fresh.quotes])
    added = zip(fresh.quotes, ids, strict=True)
    rows.add_keys(connection, {key for quote, statement in added for key in stored.keys_for(quote, statement)})
    return [ids[place] if place is not None else statement for statement, place in places]


def refresh(connection: Connection, quotes: Collection[int]) -> None:
    """Move quotes to statements of their present owners, after speakers or stories changed."""
    moved = [quote for quote in rows.owned_quotes(connection, quotes) if quote.stored_owner != quote.owner]
    left = {quote.statement_id for quote in moved if quote.statement_id is not None}
    for statement in sorted(left):
        printing = rows.owned_quotes(connection, rows.quotes_of(connection, statement))
        owners = {quote.owner for quote in printing}
        if len(owners) == 1:
            _hand_over(connection, statement, printing[0].text, owners.pop())
            moved = [quote for quote in moved if quote.statement_id != statement]
    assigned = assign(connection, [StatementInput(quote.owner, quote.text) for quote in moved])
    for quote, statement_id in zip(moved, assigned, strict=True):
        rows.set_statement(connection, [quote.id], statement_id)
    rows.remove_unprinted(connection, left)


def rejoin(connection: Connection, quotes: Collection[int]) -> None:
    """Merge the statements of quotes with similar statements that another transaction stored at the same time.

    The statement with the lower id remains.
    """
    owned = rows.owned_quotes(connection, quotes)
    texts = rows.texts(connection, {quote.statement_id for quote in owned if quote.statement_id is not None})
    for statement in sorted(texts):
        owner = next(quote.owner for quote in owned if quote.statement_id == statement)
        quotation = StatementInput(owner, texts[statement])
        _join_best(connection, statement, _Stored(connection, [quotation]).best(quotation, but=statement))


def reword(connection: Connection, statements: Collection[int]) -> None:
    """After quotes were removed, delete statements without quotes; give the others the words of a remaining quote."""
    rows.remove_unprinted(connection, statements)
    for statement in rows.reword(connection, statements):
        quotation = StatementInput(statement.owner, statement.text)
        rows.add_keys(connection, _Stored(connection, [quotation]).keys_for(quotation, statement.id))


def _hand_over(connection: Connection, statement: int, text: str, owner: int) -> None:
    """Give a statement to another owner, and merge it with that owner's most similar statement, if there is one."""
    quotation = StatementInput(owner, rows.texts(connection, [statement]).get(statement, text))
    best = _Stored(connection, [quotation]).best(quotation, but=statement)
    rows.give(connection, statement, owner)
    _join_best(connection, statement, best)


def _join_best(connection: Connection, statement: int, best: int | None) -> None:
    if best is not None:
        rows.absorb(connection, min(statement, best), max(statement, best))


class _Fresh:
    """New statements that are not stored yet; they are looked up by the same keys as stored statements."""

    def __init__(self, compare: Comparer) -> None:
        self._compare = compare
        self.quotes: list[StatementInput] = []
        self._places: dict[tuple[int, int], list[int]] = {}

    def place(self, quote: StatementInput) -> int:
        """Return the index of the new statement that is most similar to a quotation.

        If no new statement is similar, add the quotation as a new statement.
        """
        owned_keys = [(quote.owner, value) for value in keys(quote.text)]
        likely = sorted({place for key in owned_keys for place in self._places.get(key, [])[: COMMON + 1]})
        scores = [self._compare.likeness(quote.text, self.quotes[place].text) for place in likely]
        if scores and max(scores) > 0:
            return likely[scores.index(max(scores))]
        self.quotes.append(quote)
        for key in owned_keys:
            self._places.setdefault(key, []).append(len(self.quotes) - 1)
        return len(self.quotes) - 1


class _Stored:
    """The stored statements that share keys with some quotations, read in two queries."""

    def __init__(
        self, connection: Connection, quotes: Sequence[StatementInput], compare: Comparer | None = None
    ) -> None:
        self._compare = compare or Comparer()
        owned_keys = {(quote.owner, value) for quote in quotes for value in keys(quote.text)}
        self.sharing = rows.sharing(connection, owned_keys, COMMON + 1) if owned_keys else {}
        self.likely = {quote: self._likely(quote) for quote in quotes}
        self.texts = rows.texts(connection, {statement for likely in self.likely.values() for statement in likely})

    def _likely(self, quote: StatementInput) -> list[int]:
        whole, *triples = keys(quote.text) or (None,)
        shared: Counter[int] = Counter()
        for value in triples:
            statements = self.sharing.get((quote.owner, value), [])
            shared.update(statements if len(statements) <= COMMON else ())
        same = self.sharing.get((quote.owner, whole), []) if whole is not None else []
        ranked = sorted(shared, key=lambda statement: (-shared[statement], statement))
        return [*same, *ranked][:COMPARED]

    def best(self, quote: StatementInput, but: int | None = None) -> int | None:
        """Return the id of the stored statement that is most similar to a quotation, but never `but`.

        Of equally similar statements, return the lowest id; if no statement is similar, None.
        """
        scored = [
            (-self._compare.likeness(quote.text, self.texts[statement]), statement)
            for statement in set(self.likely[quote])
            if statement != but and statement in self.texts
        ]
        best = min(scored, default=(0.0, 0))
        return best[1] if best[0] < 0 else None

    def keys_for(self, quote: StatementInput, statement: int) -> set[tuple[int, int, int]]:
        """Return the (owner, hash, statement) rows by which a statement is looked up.

        Hashes that too many statements have are left out.
        """
        whole, *triples = keys(quote.text)
        useful = [value for value in triples if len(self.sharing.get((quote.owner, value), ())) <= COMMON]
        return {(quote.owner, value, statement) for value in (whole, *useful)}
