"""One thing said, wherever it was printed: quotations of one owner with the same words share a statement.

An owner is a speaker's root id; for sources without a name it is minus the story, so those join inside one story only.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from worker.dedupe.wording import keys, likeness
from worker.store import statements as rows

COMMON = 8
"""Three words that more statements of one owner have find nothing ("we are going")."""
COMPARED = 16
"""Statements whose words are compared."""


@dataclass(frozen=True, slots=True)
class StatementInput:
    """One quotation to find the statement of: who owns it, and its words."""

    owner: int
    text: str


def assign(connection: Connection, quotes: Sequence[StatementInput]) -> list[int | None]:
    """The statement each quotation prints, made where there is none; None for a quotation without words.

    Compared are a statement's words as first stored, never those of a quotation that joined it, so that a chain of
    light edits does not drift. The cost does not grow with what is stored.
    """
    index = _Index(connection, quotes)
    made = _Made()
    places: list[tuple[int | None, int | None]] = []
    for quote in quotes:
        if not keys(quote.text):
            places.append((None, None))
            continue
        found = index.best(quote)
        places.append((found, None if found is not None else made.place(quote)))
    ids = rows.add(connection, [(quote.owner, quote.text) for quote in made.quotes])
    rows.add_keys(connection, {key for one in zip(made.quotes, ids, strict=True) for key in index.keys_for(*one)})
    return [ids[fresh] if fresh is not None else found for found, fresh in places]


def refresh(connection: Connection, quotes: Collection[int]) -> None:
    """After speakers or stories changed: give quotes the statements of the owners they have now."""
    moved = [row for row in rows.owned(connection, quotes) if row.had != row.owner]
    left = {row.statement_id for row in moved if row.statement_id is not None}
    for statement in sorted(left):
        everyone = rows.owned(connection, rows.quotes_of(connection, statement))
        owners = {row.owner for row in everyone}
        if len(owners) == 1:
            _hand_over(connection, statement, everyone[0].text, owners.pop())
            moved = [row for row in moved if row.statement_id != statement]
    assigned = assign(connection, [StatementInput(row.owner, row.text) for row in moved])
    for row, statement_id in zip(moved, assigned, strict=True):
        rows.print_in(connection, [row.id], statement_id)
    rows.sweep(connection, left)


def rejoin(connection: Connection, quotes: Collection[int]) -> None:
    """Join the statements of quotes with like ones that another transaction made at the same time; the lowest stays."""
    owned = rows.owned(connection, quotes)
    texts = rows.texts(connection, {row.statement_id for row in owned if row.statement_id is not None})
    for statement in sorted(texts):
        owner = next(row.owner for row in owned if row.statement_id == statement)
        quote = StatementInput(owner, texts[statement])
        other = _Index(connection, [quote]).best(quote, but=statement)
        if other is not None:
            rows.absorb(connection, min(statement, other), max(statement, other))


def reword(connection: Connection, statements: Collection[int]) -> None:
    """After quotes were removed: statements without any go, the others take the words of a quote that is left."""
    rows.sweep(connection, statements)
    for statement, owner, words in rows.reword(connection, statements):
        quote = StatementInput(owner, words)
        rows.add_keys(connection, _Index(connection, [quote]).keys_for(quote, statement))


def _hand_over(connection: Connection, statement: int, text: str, owner: int) -> None:
    quote = StatementInput(owner, rows.texts(connection, [statement]).get(statement, text))
    other = _Index(connection, [quote]).best(quote, but=statement)
    rows.give(connection, statement, owner)
    if other is not None:
        rows.absorb(connection, min(statement, other), max(statement, other))


class _Made:
    """Statements about to be made, found by the same keys as stored ones."""

    def __init__(self) -> None:
        self.quotes: list[StatementInput] = []
        self._places: dict[tuple[int, int], list[int]] = {}

    def place(self, quote: StatementInput) -> int:
        """The place of the statement most like a quotation, added where there is none."""
        wanted = [(quote.owner, value) for value in keys(quote.text)]
        likely = sorted({place for key in wanted for place in self._places.get(key, [])[: COMMON + 1]})
        scores = [likeness(quote.text, self.quotes[place].text) for place in likely]
        if scores and max(scores) > 0:
            return likely[scores.index(max(scores))]
        self.quotes.append(quote)
        for key in wanted:
            self._places.setdefault(key, []).append(len(self.quotes) - 1)
        return len(self.quotes) - 1


class _Index:
    """What is stored near some quotations, read in two queries."""

    def __init__(self, connection: Connection, quotes: Sequence[StatementInput]) -> None:
        wanted = {(quote.owner, value) for quote in quotes for value in keys(quote.text)}
        self.sharing = rows.sharing(connection, wanted, COMMON + 1) if wanted else {}
        self.likely = {quote: self._likely(quote) for quote in quotes}
        self.texts = rows.texts(connection, {one for likely in self.likely.values() for one in likely})

    def _likely(self, quote: StatementInput) -> list[int]:
        whole, *triples = keys(quote.text) or (None,)
        shared: Counter[int] = Counter()
        for value in triples:
            found = self.sharing.get((quote.owner, value), [])
            shared.update(found if len(found) <= COMMON else ())
        same = self.sharing.get((quote.owner, whole), []) if whole is not None else []
        ranked = sorted(shared, key=lambda statement: (-shared[statement], statement))
        return [*same, *ranked][:COMPARED]

    def best(self, quote: StatementInput, but: int | None = None) -> int | None:
        """The stored statement most like a quotation, the lowest of equals."""
        scored = [
            (-likeness(quote.text, self.texts[one]), one)
            for one in set(self.likely[quote])
            if one != but and one in self.texts
        ]
        best = min(scored, default=(0.0, 0))
        return best[1] if best[0] < 0 else None

    def keys_for(self, quote: StatementInput, statement: int) -> set[tuple[int, int, int]]:
        """The (owner, hash, statement) rows by which a statement is found: no hash that is common already."""
        whole, *triples = keys(quote.text)
        useful = [value for value in triples if len(self.sharing.get((quote.owner, value), ())) <= COMMON]
        return {(quote.owner, value, statement) for value in (whole, *useful)}
