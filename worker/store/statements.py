"""Rows of statements, the keys by which statements are found, and the owner that a quote's statement should have."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store.db import many_rows
from worker.store.db.many_rows import numbers
from worker.store.tables.models import Statement

SHARING = text(
    """
    SELECT k.owner, k.hash, s.statement_id
    FROM unnest(CAST(:owners AS bigint[]), CAST(:hashes AS bigint[])) AS k(owner, hash)
    CROSS JOIN LATERAL (
        SELECT statement_id FROM statement_keys WHERE statement_keys.owner = k.owner AND statement_keys.hash = k.hash
        ORDER BY statement_id LIMIT :rows) s
    """
)
TEXTS = text("""SELECT id, text FROM statements WHERE id = ANY(CAST(:ids AS bigint[]))""")
# The owner for a source with a name is the lowest root of its speakers (`worker.store.speakers` explains roots). For
# any other source it is the negative id of the story.
OWNED_QUOTES = text(
    """
    SELECT q.id, q.text, q.statement_id, st.owner AS stored_owner, coalesce(
        (SELECT min(coalesce(s.merged_into, s.id)) FROM quote_speakers qs JOIN speakers s ON s.id = qs.speaker_id
          WHERE qs.quote_id = q.id), -a.story_id) AS owner
    FROM quotes q JOIN articles a ON a.id = q.article_id LEFT JOIN statements st ON st.id = q.statement_id
    WHERE q.id = ANY(CAST(:ids AS bigint[])) ORDER BY q.id
    """
)
QUOTES_OF = text("""SELECT id FROM quotes WHERE statement_id = :statement""")

ADD = many_rows.adding(Statement.__table__, "owner", "text", returning=True)  # type: ignore[arg-type]
ADD_KEYS = text(
    """
    INSERT INTO statement_keys (owner, hash, statement_id)
    SELECT * FROM unnest(CAST(:owners AS bigint[]), CAST(:hashes AS bigint[]), CAST(:statements AS bigint[]))
    ON CONFLICT DO NOTHING
    """
)

# The primary key of `statement_keys` begins with the owner, so this finds keys by the owners of their statements.
KEYS_OF = """
    owner IN (SELECT owner FROM statements WHERE id = ANY(CAST(:ids AS bigint[])))
    AND statement_id = ANY(CAST(:ids AS bigint[]))
"""
GIVE_KEYS = text(f"""UPDATE statement_keys SET owner = :owner WHERE {KEYS_OF}""")
GIVE = text("""UPDATE statements SET owner = :owner WHERE id = ANY(CAST(:ids AS bigint[]))""")
PRINT = text("""UPDATE quotes SET statement_id = :statement WHERE id = ANY(CAST(:quotes AS bigint[]))""")
PRINT_INSTEAD = text("""UPDATE quotes SET statement_id = :kept WHERE statement_id = :gone""")
UNPRINTED = text(
    """
    SELECT id FROM statements
    WHERE id = ANY(CAST(:ids AS bigint[])) AND NOT EXISTS (SELECT FROM quotes WHERE statement_id = statements.id)
    """
)
REMOVE_KEYS = text(f"""DELETE FROM statement_keys WHERE {KEYS_OF}""")
REMOVE = text("""DELETE FROM statements WHERE id = ANY(CAST(:ids AS bigint[]))""")
REWORD = text(
    """
    UPDATE statements s SET text = first.text
    FROM unnest(CAST(:ids AS bigint[])) AS i(id)
    CROSS JOIN LATERAL (SELECT text FROM quotes WHERE statement_id = i.id ORDER BY id LIMIT 1) first
    WHERE s.id = i.id AND s.text <> first.text
    RETURNING s.id, s.owner, s.text
    """
)


class OwnedQuote(NamedTuple):
    """A quote and its statement: the owner stored for the statement, and the owner that the statement should have."""

    id: int
    text: str
    statement_id: int | None
    stored_owner: int | None
    owner: int


class RewordedStatement(NamedTuple):
    """A statement whose words have changed."""

    id: int
    owner: int
    text: str


def sharing(connection: Connection, keys: Collection[tuple[int, int]], rows: int) -> dict[tuple[int, int], list[int]]:
    """Return, for each key (owner, hash), up to `rows` statements that have it; keys of no statement are left out."""
    owners, hashes = (numbers(column) for column in zip(*sorted(keys), strict=True))
    statements: dict[tuple[int, int], list[int]] = {}
    for row in connection.execute(SHARING, {"owners": owners, "hashes": hashes, "rows": rows}):
        statements.setdefault((row.owner, row.hash), []).append(row.statement_id)
    return statements


def texts(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """Return the words of statements, by id."""
    if not ids:
        return {}
    return {row.id: row.text for row in connection.execute(TEXTS, {"ids": numbers(ids)})}


def add(connection: Connection, statements: Sequence[tuple[int, str]]) -> list[int]:
    """Store statements, each given as (owner, text); return their ids in the same order."""
    return many_rows.add_returning(connection, ADD, [{"owner": owner, "text": words} for owner, words in statements])


def add_keys(connection: Connection, keys: Collection[tuple[int, int, int]]) -> None:
    """Store (owner, hash, statement) keys; keys that are stored already stay."""
    if keys:
        owners, hashes, statements = (numbers(column) for column in zip(*sorted(keys), strict=True))
        connection.execute(ADD_KEYS, {"owners": owners, "hashes": hashes, "statements": statements})


def owned_quotes(connection: Connection, quotes: Collection[int]) -> list[OwnedQuote]:
    """Return quotes with the owners of their statements, in order of their ids."""
    if not quotes:
        return []
    return [OwnedQuote(*row) for row in connection.execute(OWNED_QUOTES, {"ids": numbers(sorted(quotes))})]


def quotes_of(connection: Connection, statement_id: int) -> list[int]:
    """Return the ids of the quotes that belong to a statement."""
    return list(connection.execute(QUOTES_OF, {"statement": statement_id}).scalars())


def set_statement(connection: Connection, quotes: Collection[int], statement_id: int | None) -> None:
    """Store that quotes belong to this statement; None: to no statement."""
    connection.execute(PRINT, {"quotes": numbers(quotes), "statement": statement_id})


def give(connection: Connection, statement_id: int, owner: int) -> None:
    """Give a statement, with its keys, to another owner."""
    values = {"ids": numbers([statement_id]), "owner": owner}
    connection.execute(GIVE_KEYS, values)
    connection.execute(GIVE, values)


def absorb(connection: Connection, kept: int, gone: int) -> None:
    """Merge two statements of one owner: the quotes of `gone` move to `kept`, and `gone` is deleted."""
    connection.execute(PRINT_INSTEAD, {"kept": kept, "gone": gone})
    _remove(connection, [gone])


def remove_unprinted(connection: Connection, ids: Collection[int]) -> None:
    """Delete each of these statements to which no quote belongs any more."""
    _remove(connection, list(connection.execute(UNPRINTED, {"ids": numbers(ids)}).scalars()))


def _remove(connection: Connection, ids: Collection[int]) -> None:
    """Delete statements and their keys.

    No foreign key deletes the keys, since checking it would cost time in every article.
    """
    if ids:
        connection.execute(REMOVE_KEYS, {"ids": numbers(ids)})
        connection.execute(REMOVE, {"ids": numbers(ids)})


def reword(connection: Connection, ids: Collection[int]) -> list[RewordedStatement]:
    """Give statements the words of their first quotes, and delete the keys of the statements that change.

    Return the changed statements; the caller must add the keys of their new words.
    """
    reworded = [RewordedStatement(*row) for row in connection.execute(REWORD, {"ids": numbers(ids)})]
    connection.execute(REMOVE_KEYS, {"ids": numbers(statement.id for statement in reworded)})
    return reworded
