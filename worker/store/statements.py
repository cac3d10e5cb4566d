"""Rows of statements and their keys; which owner each quotation's statement has."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT

from worker.store.db import many_rows
from worker.store.db.many_rows import numbers
from worker.store.tables.models import Quote, Statement, StatementKey

IDS = bindparam("ids", type_=ARRAY(BIGINT))

_SHARING = text(
    """
    SELECT k.owner, k.hash, s.statement_id
    FROM unnest(CAST(:owners AS bigint[]), CAST(:hashes AS bigint[])) AS k(owner, hash)
    CROSS JOIN LATERAL (
        SELECT statement_id FROM statement_keys WHERE statement_keys.owner = k.owner AND statement_keys.hash = k.hash
        ORDER BY statement_id LIMIT :rows) s
    """
)

_ADD_STATEMENTS = many_rows.adding(Statement.__table__, "owner", "text", returning=True)  # type: ignore[arg-type]

_ADD_KEYS = text(
    """
    INSERT INTO statement_keys (owner, hash, statement_id)
    SELECT * FROM unnest(CAST(:owners AS bigint[]), CAST(:hashes AS bigint[]), CAST(:statements AS bigint[]))
    ON CONFLICT DO NOTHING
    """
)

# A named source's owner is the lowest root of its speakers; the others' is minus the story.
_OWNED = text(
    """
    SELECT q.id, q.text, q.statement_id, st.owner AS had, coalesce(
        (SELECT min(coalesce(s.merged_into, s.id)) FROM quote_speakers qs JOIN speakers s ON s.id = qs.speaker_id
          WHERE qs.quote_id = q.id), -a.story_id) AS owner
    FROM quotes q JOIN articles a ON a.id = q.article_id LEFT JOIN statements st ON st.id = q.statement_id
    WHERE q.id = ANY(:ids) ORDER BY q.id
    """
).bindparams(IDS)


def sharing(connection: Connection, keys: Collection[tuple[int, int]], rows: int) -> dict[tuple[int, int], list[int]]:
    """The statements that have each (owner, hash), at most `rows` a key; keys that none has are left out."""
    ordered = sorted(keys)
    owners, hashes = (numbers(column) for column in zip(*ordered, strict=True))
    values = {"owners": owners, "hashes": hashes, "rows": rows}
    found: dict[tuple[int, int], list[int]] = {}
    for row in connection.execute(_SHARING, values):
        found.setdefault((row.owner, row.hash), []).append(row.statement_id)
    return found


def texts(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """The words of statements, by id."""
    if not ids:
        return {}
    rows = connection.execute(select(Statement.id, Statement.text).where(Statement.id.in_(ids)))
    return {row.id: row.text for row in rows}


def add(connection: Connection, said: Sequence[tuple[int, str]]) -> list[int]:
    """Insert statements given as (owner, text); their ids in order."""
    return many_rows.add_returning(
        connection, _ADD_STATEMENTS, [{"owner": owner, "text": words} for owner, words in said]
    )


def add_keys(connection: Connection, keys: Collection[tuple[int, int, int]]) -> None:
    """Insert (owner, hash, statement) keys; those that are there stay."""
    if keys:
        owners, hashes, statements = zip(*sorted(keys), strict=True)
        connection.execute(
            _ADD_KEYS, {"owners": numbers(owners), "hashes": numbers(hashes), "statements": numbers(statements)}
        )


def owned(connection: Connection, quotes: Collection[int]) -> list[Any]:
    """Rows `id, text, statement_id, had, owner` of quotes: their statement's owner, and the one it should have."""
    return list(connection.execute(_OWNED, {"ids": sorted(quotes)})) if quotes else []


def quotes_of(connection: Connection, statement_id: int) -> list[int]:
    """The quotes that print a statement."""
    return list(connection.execute(select(Quote.id).where(Quote.statement_id == statement_id)).scalars())


def print_in(connection: Connection, quotes: Collection[int], statement_id: int | None) -> None:
    """Write that quotes print a statement."""
    connection.execute(update(Quote).where(Quote.id.in_(quotes)).values(statement_id=statement_id))


def give(connection: Connection, statement_id: int, owner: int) -> None:
    """Give a statement, with its keys, to another owner."""
    connection.execute(update(StatementKey).where(_keys_of([statement_id])).values(owner=owner))
    connection.execute(update(Statement).where(Statement.id == statement_id).values(owner=owner))


def absorb(connection: Connection, kept: int, gone: int) -> None:
    """Make one statement of two of one owner: the quotes of `gone` print `kept`."""
    connection.execute(update(Quote).where(Quote.statement_id == gone).values(statement_id=kept))
    _remove(connection, [gone])


def sweep(connection: Connection, ids: Collection[int]) -> None:
    """Delete those of the statements that no quote prints any more; the others take the words of their first quote."""
    printed = select(Quote.statement_id).where(Quote.statement_id == Statement.id).exists()
    left = connection.execute(select(Statement.id).where(Statement.id.in_(ids), ~printed)).scalars()
    _remove(connection, list(left))


def _remove(connection: Connection, ids: Collection[int]) -> None:
    """Delete statements and their keys; no foreign key does so, since checking it would cost every article."""
    if ids:
        connection.execute(delete(StatementKey).where(_keys_of(ids)))
        connection.execute(delete(Statement).where(Statement.id.in_(ids)))


def _keys_of(ids: Collection[int]) -> ColumnElement[bool]:
    """The keys of statements, found by their owners, by which the table is ordered."""
    owners = select(Statement.owner).where(Statement.id.in_(ids))
    return and_(StatementKey.owner.in_(owners), StatementKey.statement_id.in_(ids))


def reword(connection: Connection, ids: Collection[int]) -> list[tuple[int, int, str]]:
    """Give statements the words of the first quote that still prints them; (id, owner, text) of those that changed."""
    first = select(Quote.text).where(Quote.statement_id == Statement.id).order_by(Quote.id).limit(1).scalar_subquery()
    changed = (
        update(Statement)
        .where(Statement.id.in_(ids), Statement.text != first)
        .values(text=func.coalesce(first, Statement.text))
        .returning(Statement.id, Statement.owner, Statement.text)
    )
    rows = [(row.id, row.owner, row.text) for row in connection.execute(changed)]
    connection.execute(delete(StatementKey).where(_keys_of([row[0] for row in rows])))
    return rows
