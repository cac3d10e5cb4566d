"""Refreshing statements one by one, as plainly as possible: what `worker.dedupe.statements.refresh` must come to."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, select, update

from worker.dedupe.lookup import StatementInput, StoredStatements
from worker.dedupe.statements import assign
from worker.store import statements as rows
from worker.store.statements import OwnedQuote
from worker.store.tables.models import Quote, Statement, StatementKey


def refresh(connection: Connection, quotes: Collection[int]) -> None:
    moved = [quote for quote in rows.owned_quotes(connection, quotes) if quote.stored_owner != quote.owner]
    left = {quote.statement_id for quote in moved if quote.statement_id is not None}
    for statement in sorted(left):
        printing = _quotes_of(connection, statement)
        owners = {quote.owner for quote in printing}
        if len(owners) == 1:
            _hand_over(connection, statement, owners.pop())
            moved = [quote for quote in moved if quote.statement_id != statement]
    assigned = assign(connection, [StatementInput(quote.owner, quote.text) for quote in moved])
    for quote, new in zip(moved, assigned, strict=True):
        connection.execute(update(Quote).where(Quote.id == quote.id).values(statement_id=new))
    for statement in left:
        if not _quotes_of(connection, statement):
            _remove(connection, statement)


def _quotes_of(connection: Connection, statement: int) -> Sequence[OwnedQuote]:
    quotes = connection.execute(select(Quote.id).where(Quote.statement_id == statement)).scalars()
    return rows.owned_quotes(connection, list(quotes))


def _hand_over(connection: Connection, statement: int, owner: int) -> None:
    text = connection.execute(select(Statement.text).where(Statement.id == statement)).scalar_one()
    quotation = StatementInput(owner, text)
    best = StoredStatements(connection, [quotation]).best(quotation, but=statement)
    connection.execute(update(StatementKey).where(StatementKey.statement_id == statement).values(owner=owner))
    connection.execute(update(Statement).where(Statement.id == statement).values(owner=owner))
    if best is not None:
        kept, gone = min(statement, best), max(statement, best)
        connection.execute(update(Quote).where(Quote.statement_id == gone).values(statement_id=kept))
        _remove(connection, gone)


def _remove(connection: Connection, statement: int) -> None:
    connection.execute(delete(StatementKey).where(StatementKey.statement_id == statement))
    connection.execute(delete(Statement).where(Statement.id == statement))
