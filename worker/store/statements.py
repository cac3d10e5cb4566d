"""Rows of statements, the keys by which statements are found, and the owner that a quote's statement should have."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store import lagging_keys
from worker.store.db import many_rows
from worker.store.db.many_rows import numbers

SHARING = text(
    """
    SELECT k.owner, k.hash, s.statement_id
    FROM unnest(CAST(:owners AS bigint[]), CAST(:hashes AS bigint[])) AS k(owner, hash)
    CROSS JOIN LATERAL (
        SELECT statement_id FROM statement_keys WHERE statement_keys.owner = k.owner AND statement_keys.hash = k.hash
        ORDER BY statement_id LIMIT :rows) s
    """
)
# For one owner, PostgreSQL goes through the sorted hashes and the index side by side, in two thirds of the time.
SHARING_OF_ONE = text(
    """
    SELECT owner, hash, statement_id FROM statement_keys
    WHERE owner = :owner AND hash = ANY(CAST(:hashes AS bigint[])) ORDER BY hash, statement_id
    """
)
STATEMENTS = text("""SELECT id, owner, text FROM statements WHERE id = ANY(CAST(:ids AS bigint[]))""")
# The owner for a source with a name is the lowest root of its speakers (`worker.store.speakers` explains roots). For
# any other source it is the negative id of the story.
OWNER = """
    coalesce(
        (SELECT min(coalesce(s.merged_into, s.id)) FROM quote_speakers qs JOIN speakers s ON s.id = qs.speaker_id
          WHERE qs.quote_id = q.id), -a.story_id)
"""
SAID = "CASE WHEN q.denied THEN '¬ ' ELSE '' END || q.text"
"""The words of a quote's statement, as `worker.dedupe.wording.said` returns them."""
OWNED_QUOTES = text(
    f"""
    SELECT q.id, {SAID} AS text, q.statement_id, st.owner AS stored_owner, {OWNER} AS owner
    FROM quotes q JOIN articles a ON a.id = q.article_id LEFT JOIN statements st ON st.id = q.statement_id
    WHERE q.id = ANY(CAST(:ids AS bigint[])) ORDER BY q.id
    """
)
# The search ends at the first quote of another owner, since one statement may have very many quotes.
WHOLLY_OWNED = text(
    f"""
    SELECT o.statement_id
    FROM unnest(CAST(:ids AS bigint[]), CAST(:owners AS bigint[])) AS o(statement_id, owner)
    LEFT JOIN LATERAL (
        SELECT true AS found FROM quotes q JOIN articles a ON a.id = q.article_id
        WHERE q.statement_id = o.statement_id AND {OWNER} <> o.owner LIMIT 1) other ON true
    WHERE other.found IS NULL
    """
)

ADD = many_rows.adding("statements", "owner bigint", "text text", returning=True)
ADD_KEYS = text(
    """
    INSERT INTO statement_keys (owner, hash, statement_id)
    SELECT * FROM unnest(CAST(:owners AS bigint[]), CAST(:hashes AS bigint[]), CAST(:statements AS bigint[]))
    ON CONFLICT DO NOTHING
    """
)

# Each key is found by the whole primary key. No index leads from a statement to its keys: it would cost time in every
# article.
REMOVE_KEYS = text(
    """
    DELETE FROM statement_keys k
    USING unnest(CAST(:owners AS bigint[]), CAST(:hashes AS bigint[]), CAST(:ids AS bigint[])) AS g(owner, hash, id)
    WHERE k.owner = g.owner AND k.hash = g.hash AND k.statement_id = g.id
    """
)
# A key that the old owner did not need, since too many of its statements had it, is stored now.
GIVE_KEYS = text(
    """
    WITH given AS MATERIALIZED (
        SELECT k.hash, s.id, s.before, s.owner
        FROM unnest(CAST(:hashes AS bigint[]), CAST(:places AS bigint[])) AS k(hash, place)
        JOIN unnest(CAST(:ids AS bigint[]), CAST(:befores AS bigint[]), CAST(:owners AS bigint[]))
            WITH ORDINALITY AS s(id, before, owner, place) ON s.place = k.place),
    moved AS (
        UPDATE statement_keys k SET owner = g.owner FROM given g
        WHERE k.owner = g.before AND k.hash = g.hash AND k.statement_id = g.id
        RETURNING k.hash, k.statement_id)
    INSERT INTO statement_keys (owner, hash, statement_id)
    SELECT g.owner, g.hash, g.id FROM given g LEFT JOIN moved m ON m.hash = g.hash AND m.statement_id = g.id
    WHERE m.hash IS NULL
    ON CONFLICT DO NOTHING
    """
)
GIVE = text(
    """
    UPDATE statements s SET owner = g.owner
    FROM unnest(CAST(:ids AS bigint[]), CAST(:owners AS bigint[])) AS g(id, owner)
    WHERE s.id = g.id
    """
)
# A statement 0 stands for none: an array of numbers is sent without nulls.
PRINT = text(
    """
    UPDATE quotes q SET statement_id = nullif(p.statement_id, 0)
    FROM unnest(CAST(:quotes AS bigint[]), CAST(:statements AS bigint[])) AS p(quote_id, statement_id)
    WHERE q.id = p.quote_id AND q.statement_id IS DISTINCT FROM nullif(p.statement_id, 0)
    """
)
PRINT_INSTEAD = text(
    """
    UPDATE quotes q SET statement_id = a.kept
    FROM unnest(CAST(:gone AS bigint[]), CAST(:kept AS bigint[])) AS a(gone, kept)
    WHERE q.statement_id = a.gone
    """
)
UNPRINTED = text(
    """
    SELECT id, owner, text FROM statements
    WHERE id = ANY(CAST(:ids AS bigint[])) AND NOT EXISTS (SELECT FROM quotes WHERE statement_id = statements.id)
    """
)
REMOVE = text("""DELETE FROM statements WHERE id = ANY(CAST(:ids AS bigint[]))""")
REWORD = text(
    f"""
    UPDATE statements s SET text = first.text
    FROM unnest(CAST(:ids AS bigint[])) AS i(id)
    JOIN statements old ON old.id = i.id
    CROSS JOIN LATERAL (SELECT {SAID} AS text FROM quotes q WHERE statement_id = i.id ORDER BY id LIMIT 1) first
    WHERE s.id = i.id AND s.text <> first.text
    RETURNING s.id, s.owner, old.text AS before, s.text AS after
    """
)


class OwnedQuote(NamedTuple):
    """A quote and its statement: the owner stored for the statement, and the owner that the statement should have."""

    id: int
    text: str
    statement_id: int | None
    stored_owner: int | None
    owner: int


class StoredStatement(NamedTuple):
    """A statement: its owner, and the words with which it was first stored."""

    id: int
    owner: int
    text: str


class GivenStatement(NamedTuple):
    """A statement that goes to another owner: the owner before, the new owner, and the hashes of its words."""

    id: int
    before: int
    owner: int
    keys: tuple[int, ...]


class RewordedStatement(NamedTuple):
    """A statement whose words have changed: its words before and after."""

    id: int
    owner: int
    before: str
    after: str


def sharing(connection: Connection, keys: Mapping[int, Collection[int]], rows: int) -> dict[int, dict[int, list[int]]]:
    """Return up to `rows` statements for each key, in ascending order: owner → hash → statements.

    `keys` has the hashes that are looked up for each owner. Hashes of no statement are left out.
    """
    hashes = numbers(value for hashes in keys.values() for value in hashes)
    if len(keys) == 1:
        found = connection.execute(SHARING_OF_ONE, {"owner": next(iter(keys)), "hashes": hashes})
    else:
        owners = numbers(owner for owner, of_owner in keys.items() for _ in of_owner)
        found = connection.execute(SHARING, {"owners": owners, "hashes": hashes, "rows": rows})
    statements: dict[int, dict[int, list[int]]] = {owner: {} for owner in keys}
    for owner, value, statement in found.all():
        sharing = statements[owner].setdefault(value, [])
        if len(sharing) < rows:
            sharing.append(statement)
    return statements


def read(connection: Connection, ids: Collection[int]) -> list[StoredStatement]:
    """Return statements, as far as they are stored."""
    if not ids:
        return []
    return [StoredStatement(*row) for row in connection.execute(STATEMENTS, {"ids": numbers(ids)}).all()]


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
    return [OwnedQuote(*row) for row in connection.execute(OWNED_QUOTES, {"ids": numbers(quotes)}).all()]


def wholly_owned(connection: Connection, owners: Mapping[int, int]) -> list[int]:
    """Return those statements whose quotes, all of them, should belong to a statement of the given owner."""
    if not owners:
        return []
    values = {"ids": numbers(owners), "owners": numbers(owners.values())}
    return list(connection.execute(WHOLLY_OWNED, values).scalars())


def set_statements(connection: Connection, statements: Mapping[int, int | None]) -> None:
    """Store to which statement each of these quotes belongs; None: to no statement."""
    if statements:
        values = [statement or 0 for statement in statements.values()]
        connection.execute(PRINT, {"quotes": numbers(statements), "statements": numbers(values)})


def give(connection: Connection, given: Sequence[GivenStatement]) -> None:
    """Give statements to new owners, with their keys."""
    if not given:
        return
    ids, owners = numbers(one.id for one in given), numbers(one.owner for one in given)
    connection.execute(GIVE, {"ids": ids, "owners": owners})
    keys = [(value, place) for place, one in enumerate(given, 1) for value in one.keys]
    values = {
        "hashes": numbers(value for value, _ in keys),
        "places": numbers(place for _, place in keys),
        "befores": numbers(one.before for one in given),
    }
    connection.execute(GIVE_KEYS, {"ids": ids, "owners": owners, **values})
    behind = lagging_keys.owners(connection)
    left = {(o, value, one.id) for one in given for o in behind - {one.before, one.owner} for value in one.keys}
    _delete_keys(connection, left)


def give_without_keys(connection: Connection, owners: Mapping[int, int], befores: Collection[int]) -> None:
    """Give statements to new owners, and leave the keys, which `befores` have, to `lagging_keys`."""
    if owners:
        connection.execute(GIVE, {"ids": numbers(owners), "owners": numbers(owners.values())})
        lagging_keys.add(connection, befores)


def absorb(connection: Connection, statements: Mapping[int, int]) -> None:
    """Move all quotes of statements to other statements: `statements` leads from each to the one that is kept."""
    if statements:
        connection.execute(PRINT_INSTEAD, {"gone": numbers(statements), "kept": numbers(statements.values())})


def unprinted(connection: Connection, ids: Collection[int]) -> list[StoredStatement]:
    """Return those of these statements to which no quote belongs any more."""
    if not ids:
        return []
    return [StoredStatement(*row) for row in connection.execute(UNPRINTED, {"ids": numbers(ids)})]


def remove(connection: Connection, ids: Collection[int]) -> None:
    """Delete statements; the caller must delete their keys.

    No foreign key deletes the keys, since checking it would cost time in every article.
    """
    if ids:
        connection.execute(REMOVE, {"ids": numbers(ids)})


def remove_keys(connection: Connection, keys: Collection[tuple[int, int, int]]) -> None:
    """Delete (owner, hash, statement) keys, as far as they are stored, also those left behind under another owner."""
    if keys:
        left = {(owner, value, row) for owner in lagging_keys.owners(connection) for _, value, row in keys}
        _delete_keys(connection, left.union(keys))


def _delete_keys(connection: Connection, keys: Collection[tuple[int, int, int]]) -> None:
    if keys:
        owners, hashes, statements = (numbers(column) for column in zip(*sorted(keys), strict=True))
        connection.execute(REMOVE_KEYS, {"owners": owners, "hashes": hashes, "ids": statements})


def reword(connection: Connection, ids: Collection[int]) -> list[RewordedStatement]:
    """Give statements the words of their first quotes; return those whose words change.

    The caller must delete the keys of their old words, and add the keys of their new ones.
    """
    if not ids:
        return []
    return [RewordedStatement(*row) for row in connection.execute(REWORD, {"ids": numbers(ids)})]
