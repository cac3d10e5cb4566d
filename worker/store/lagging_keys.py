"""Keys that still name the owner that their statements had before: a decision about a large speaker left them behind.

A statement has up to nine keys, and to move them takes longer than to move the statement. So the batches of such a
decision move only the statements. Once all are moved, `move` gives their keys to their present owners, in the order of
the primary key. `keys_to_settle` has the owners that may still have such keys; it is usually empty.
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store.db.many_rows import numbers

# Quotes stored from now on may not find the statements whose keys are left behind. So they are looked at again later.
ADD = text(
    """
    INSERT INTO keys_to_settle (owner, after_quote)
    SELECT owner, (SELECT coalesce(max(id), 0) FROM quotes) FROM unnest(CAST(:owners AS bigint[])) AS o(owner)
    ON CONFLICT (owner) DO UPDATE SET after_hash = excluded.after_hash
    """
)
OWNERS = text("""SELECT owner FROM keys_to_settle""")
NEXT = text("""SELECT owner, after_hash, after_quote FROM keys_to_settle ORDER BY owner LIMIT 1""")
LAST_HASH = text(
    """
    SELECT max(hash) FROM (
        SELECT hash FROM statement_keys WHERE owner = :owner AND hash > :after ORDER BY hash LIMIT :most) batch
    """
)
MEETINGS = text(
    """
    SELECT s.id, k.hash, met.statement_id
    FROM statement_keys k JOIN statements s ON s.id = k.statement_id AND s.owner <> k.owner
    CROSS JOIN LATERAL (
        SELECT m.statement_id FROM statement_keys m JOIN statements o ON o.id = m.statement_id AND o.owner = m.owner
        WHERE m.owner = s.owner AND m.hash = k.hash LIMIT :rows) met
    WHERE k.owner = :owner AND k.hash > :after AND k.hash <= :last
    """
)
MOVE = text(
    """
    UPDATE statement_keys k SET owner = s.owner FROM statements s
    WHERE k.owner = :owner AND k.hash > :after AND k.hash <= :last AND s.id = k.statement_id AND s.owner <> k.owner
    """
)
PASS_HASH = text("""UPDATE keys_to_settle SET after_hash = :last WHERE owner = :owner""")
QUOTES_SINCE = text(
    """
    SELECT q.id FROM quotes q JOIN statements s ON s.id = q.statement_id
    WHERE q.id > :after AND s.owner > 0 ORDER BY q.id LIMIT :most
    """
)
PASS_QUOTE = text("""UPDATE keys_to_settle SET after_quote = :quote WHERE owner = :owner""")
END = text("""DELETE FROM keys_to_settle WHERE owner = :owner""")


class Lagging(NamedTuple):
    """An owner that may still have keys of statements of others.

    Its keys up to `after_hash` are done. The quotes after `after_quote` are to be looked at when all its keys are done.
    """

    owner: int
    after_hash: int
    after_quote: int


class Meeting(NamedTuple):
    """A statement that has gone to a new owner, one of its keys, and a statement of that owner with the same key."""

    statement: int
    hash: int
    met: int


def add(connection: Connection, owners: Collection[int]) -> None:
    """Store that statements of these owners were given away without their keys."""
    if owners:
        connection.execute(ADD, {"owners": numbers(sorted(owners))})


def owners(connection: Connection) -> set[int]:
    """Return the owners that may still have keys of statements of others; usually none.

    Ask for them first instead of joining `keys_to_settle` to `statement_keys`: PostgreSQL plans for about 1,500 rows in
    a table that was always empty, and would read all keys (265 ms for 1.5 million keys, instead of 0.1 ms).
    """
    return set(connection.execute(OWNERS).scalars())


def next_owner(connection: Connection) -> Lagging | None:
    """Return the next owner whose keys are to be moved; None if there is none."""
    row = connection.execute(NEXT).first()
    return Lagging(*row) if row is not None else None


def last_hash(connection: Connection, lagging: Lagging, most: int) -> int | None:
    """Return the hash of the last of the owner's next `most` keys; None if no key is left."""
    values = {"owner": lagging.owner, "after": lagging.after_hash, "most": most}
    last: int | None = connection.execute(LAST_HASH, values).scalar_one()
    return last


def meetings(connection: Connection, lagging: Lagging, last: int, rows: int) -> list[Meeting]:
    """Return which statements of the new owner have the keys, up to the hash `last`, that are to be moved next.

    At most `rows` statements are returned for each key.
    """
    values = {"owner": lagging.owner, "after": lagging.after_hash, "last": last, "rows": rows}
    return [Meeting(*row) for row in connection.execute(MEETINGS, values).all()]


def move(connection: Connection, lagging: Lagging, last: int) -> int:
    """Move the owner's next keys, up to the hash `last`, to the owners of their statements; return how many went."""
    values = {"owner": lagging.owner, "last": last}
    moved = connection.execute(MOVE, {**values, "after": lagging.after_hash}).rowcount
    connection.execute(PASS_HASH, values)
    return moved


def quotes_since(connection: Connection, lagging: Lagging, most: int) -> list[int]:
    """Return up to `most` quotes of named sources that were stored after the statements of an owner began to move."""
    return list(connection.execute(QUOTES_SINCE, {"after": lagging.after_quote, "most": most}).scalars())


def pass_quote(connection: Connection, owner: int, quote_id: int) -> None:
    """Store that the quotes up to this one have been looked at."""
    connection.execute(PASS_QUOTE, {"owner": owner, "quote": quote_id})


def end(connection: Connection, owner: int) -> None:
    """Store that nothing of an owner is left behind."""
    connection.execute(END, {"owner": owner})
