"""Finds the statement that is most similar to a quotation, among stored statements and among new ones."""

from bisect import insort
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from worker.dedupe.comparer import Comparer
from worker.dedupe.wording import keys
from worker.store import statements as rows
from worker.store.statements import StoredStatement

COMMON = 8
"""Ignore a key (three words, such as "we are going") if more than this many statements of one owner have it."""
COMPARED = 16
"""At most this many stored statements are compared with a quotation, word by word."""


@dataclass(frozen=True, slots=True)
class StatementInput:
    """One quotation whose statement is looked up: its owner and its words."""

    owner: int
    text: str


class StoredStatements:
    """The stored statements that share keys with some quotations, read in two queries.

    A caller that changes statements calls `add` and `remove`. So every look-up sees the changes before it, even if they
    are not written to the tables yet.
    """

    def __init__(
        self, connection: Connection, quotes: Collection[StatementInput], compare: Comparer | None = None
    ) -> None:
        self._compare = compare or Comparer(len(quotes))
        wanted: dict[int, set[int]] = {}
        for quote in quotes:
            wanted.setdefault(quote.owner, set()).update(keys(quote.text))
        # owner → hash → the ids of the statements that have this key, in ascending order
        self._sharing = rows.sharing(connection, wanted, COMMON + 1) if any(wanted.values()) else {}
        self._found: dict[StatementInput, list[int]] = {}  # of the look-ups since the last change
        likely = {statement for quote in quotes for statement in self._likely(quote)}
        # A key of another owner's statement finds nothing, so that a wrong key in the tables does no harm.
        self._rows = {row.id: row for row in rows.read(connection, likely)}

    def best(self, quote: StatementInput, but: int | None = None) -> int | None:
        """Return the id of the stored statement that is most similar to a quotation, but never `but`.

        Of equally similar statements, return the lowest id; if no statement is similar, None.
        """
        best = (0.0, 0)
        for statement in self._likely(quote):
            row = self._rows.get(statement)
            if statement == but or row is None or row.owner != quote.owner:
                continue
            scored = (-self._compare.likeness(quote.text, row.text), statement)
            if scored[0] == -1.0:
                return statement  # the statements with the same words come first, in ascending order
            best = min(best, scored)
        return best[1] if best[0] < 0 else None

    def keys_for(self, quote: StatementInput, statement: int) -> set[tuple[int, int, int]]:
        """Return the (owner, hash, statement) rows by which a statement is looked up.

        Hashes that too many statements have are left out.
        """
        hashes, sharing = keys(quote.text), self._sharing.get(quote.owner, {})
        useful = [value for value in hashes[1:] if len(sharing.get(value, ())) <= COMMON]
        return {(quote.owner, value, statement) for value in (*hashes[:1], *useful)}

    def row(self, statement: int) -> StoredStatement:
        """Return a statement that `best` returned."""
        return self._rows[statement]

    def add(self, quote: StatementInput, statement: int, hashes: Collection[int]) -> None:
        """From now on, find a statement with these words under these hashes."""
        self._found.clear()
        self._rows[statement] = StoredStatement(statement, quote.owner, quote.text)
        sharing = self._sharing.setdefault(quote.owner, {})
        for value in hashes:
            insort(sharing.setdefault(value, []), statement)

    def remove(self, row: StoredStatement) -> None:
        """From now on, do not find this statement."""
        self._rows.pop(row.id, None)
        sharing = self._sharing.get(row.owner, {})
        for value in keys(row.text) if sharing else ():
            if row.id in sharing.get(value, ()):
                sharing[value].remove(row.id)
                self._found.clear()

    def _likely(self, quote: StatementInput) -> list[int]:
        """Return the statements to compare: first those with the same words, then those that share most keys."""
        if quote not in self._found:
            self._found[quote] = self._look_up(quote)
        return self._found[quote]

    def _look_up(self, quote: StatementInput) -> list[int]:
        hashes, sharing = keys(quote.text), self._sharing.get(quote.owner)
        if not hashes or not sharing:
            return []
        shared: dict[int, int] = {}
        for value in hashes[1:]:
            statements = sharing.get(value, ())
            if len(statements) <= COMMON:
                for statement in statements:
                    shared[statement] = shared.get(statement, 0) + 1
        same = sharing.get(hashes[0], ())
        ranked = sorted(shared, key=lambda statement: (-shared[statement], statement))
        return [*same, *ranked][:COMPARED]


class NewStatements:
    """Statements that are not stored yet; they are looked up by the same keys as stored statements."""

    def __init__(self, compare: Comparer) -> None:
        self._compare = compare
        self.quotes: list[StatementInput] = []
        self._places: dict[tuple[int, int], list[int]] = {}

    def place(self, quote: StatementInput) -> int:
        """Return the index of the new statement that is most similar to a quotation.

        If no new statement is similar, add the quotation as a new statement.
        """
        owned_keys = [(quote.owner, value) for value in keys(quote.text)]
        for place in self._places.get(owned_keys[0], ()):
            if self._compare.likeness(quote.text, self.quotes[place].text) == 1.0:
                return place
        likely = sorted({place for key in owned_keys for place in self._places.get(key, [])[: COMMON + 1]})
        scores = [self._compare.likeness(quote.text, self.quotes[place].text) for place in likely]
        if scores and max(scores) > 0:
            return likely[scores.index(max(scores))]
        self.quotes.append(quote)
        for key in owned_keys:
            self._places.setdefault(key, []).append(len(self.quotes) - 1)
        return len(self.quotes) - 1
