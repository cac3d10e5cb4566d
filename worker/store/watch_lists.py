"""Rows of watch-lists, and of their deliveries: what there is to tell, in the order in which it is told.

A delivery is a row with numbers and no words. The rows of a watch-list are also its memory: a quotation whose last
delivery is `new` is not told again.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store.db import many_rows
from worker.store.db.many_rows import numbers

DUE_SQL = """
EXISTS (
    SELECT FROM watch_lists w
    WHERE w.paused_at IS NULL
      AND (w.followed_to < (SELECT max(c.change_id) FROM changes c)
           OR EXISTS (SELECT FROM receivers r
                      WHERE r.watch_list_id = w.id AND r.paused_at IS NULL AND r.next_try_at <= now()
                        AND (r.lease_until IS NULL OR r.lease_until < now())
                        AND r.told_to < (SELECT max(d.id) FROM deliveries d WHERE d.watch_list_id = w.id))))
"""
"""True if a watch-list has changes to be compared, or deliveries that a receiver may be told now.

Without watch-lists this costs one look at an empty table, so beat asks it with its sign of life.
"""
IS_DUE = text(f"""SELECT {DUE_SQL}""")
COLUMNS = """id, name, query, feed_key, made_at, made_by, followed_to, paused_at, failure"""

ADD = text(
    f"""
    INSERT INTO watch_lists (name, query, feed_key, made_by, followed_to)
    VALUES (:name, :query, :feed_key, :who, :followed_to) ON CONFLICT (name) DO NOTHING
    RETURNING {COLUMNS}
    """
)
NAMED = text(f"""SELECT {COLUMNS} FROM watch_lists WHERE name = :name FOR UPDATE""")
NUMBERED = text(f"""SELECT {COLUMNS} FROM watch_lists WHERE id = :id FOR UPDATE""")
REMOVE = text("""DELETE FROM watch_lists WHERE id = :id""")
PAUSE = text("""UPDATE watch_lists SET paused_at = now(), failure = :why WHERE id = :id AND paused_at IS NULL""")
RESUME = text("""UPDATE watch_lists SET paused_at = NULL, failure = NULL WHERE id = :id""")

FOLLOWED = text("""SELECT id FROM watch_lists WHERE paused_at IS NULL ORDER BY id""")
# Of two processes that follow the same watch-list, the second goes on with another one.
HOLD = text(
    f"""
    SELECT {COLUMNS} FROM watch_lists WHERE id = :id AND paused_at IS NULL FOR UPDATE SKIP LOCKED
    """
)
FOLLOW = text("""UPDATE watch_lists SET followed_to = :to WHERE id = :id""")

LAST_WORDS = text(
    """
    SELECT DISTINCT ON (quote_id) quote_id, article_id, what FROM deliveries
    WHERE watch_list_id = :id AND quote_id = ANY(CAST(:quotes AS bigint[]))
    ORDER BY quote_id, id DESC
    """
)
DELIVER = many_rows.adding(
    "deliveries",
    *("watch_list_id bigint", "what text", "quote_id bigint", "article_id bigint", "change_id bigint"),
)
LAST_DELIVERY = text("""SELECT coalesce(max(id), 0) FROM deliveries WHERE watch_list_id = :id""")
ARE_NUMBERED = text("""SELECT to_regclass('public.deliveries') IS NOT NULL""")
LAST_GIVEN = text(
    """
    SELECT coalesce(pg_sequence_last_value(CAST(pg_get_serial_sequence('public.deliveries', 'id') AS regclass)), 0)
    """
)
GO_ON_ABOVE = text("""SELECT setval(pg_get_serial_sequence('public.deliveries', 'id'), :number)""")
BETWEEN = text(
    """
    SELECT id, what, quote_id, article_id, made_at FROM deliveries
    WHERE watch_list_id = :id AND id > :after AND id <= :to ORDER BY id
    """
)


class WatchList(NamedTuple):
    """One watch-list: a search, and how far the changes were compared with it."""

    id: int
    name: str
    query: str
    feed_key: str
    made_at: datetime
    made_by: str
    followed_to: int
    paused_at: datetime | None
    failure: str | None


class ToTell(NamedTuple):
    """What a delivery will say of a quotation, and the change that brought it."""

    what: str
    quote_id: int
    article_id: int | None
    change_id: int


class Told(NamedTuple):
    """What was last said of a quotation to a watch-list."""

    quote_id: int
    article_id: int | None
    what: str


class Delivery(NamedTuple):
    """One thing to be told."""

    id: int
    what: str
    quote_id: int
    article_id: int | None
    made_at: datetime


def add(connection: Connection, name: str, query: str, feed_key: str, who: str, followed_to: int) -> WatchList | None:
    """Add a watch-list that tells of changes after the number `followed_to`; None if there is one of this name."""
    values = {"name": name, "query": query, "feed_key": feed_key, "who": who, "followed_to": followed_to}
    row = connection.execute(ADD, values).one_or_none()
    return WatchList(*row) if row else None


def called(connection: Connection, name: str) -> WatchList | None:
    """Lock and return the watch-list of this name; None if there is none."""
    row = connection.execute(NAMED, {"name": name}).one_or_none()
    return WatchList(*row) if row else None


def numbered(connection: Connection, watch_list: int) -> WatchList | None:
    """Lock and return the watch-list with this number; None if there is none."""
    row = connection.execute(NUMBERED, {"id": watch_list}).one_or_none()
    return WatchList(*row) if row else None


def remove(connection: Connection, watch_list: int) -> None:
    """Remove a watch-list with its receivers and deliveries."""
    connection.execute(REMOVE, {"id": watch_list})


def pause(connection: Connection, watch_list: int, why: str | None = None) -> None:
    """Let a watch-list neither compare nor tell anything; `why`: what made Onrecord do so, None: a person asked."""
    connection.execute(PAUSE, {"id": watch_list, "why": why})


def resume(connection: Connection, watch_list: int, skip_to: int | None = None) -> None:
    """Let a watch-list go on where it stopped, or behind the change `skip_to`."""
    connection.execute(RESUME, {"id": watch_list})
    if skip_to is not None:
        follow(connection, watch_list, skip_to)


def is_due(connection: Connection) -> bool:
    """True if there is anything to compare or to tell now."""
    return bool(connection.execute(IS_DUE).scalar())


def followed(connection: Connection) -> list[int]:
    """Return the numbers of the watch-lists that are not paused."""
    return list(connection.execute(FOLLOWED).scalars())


def hold(connection: Connection, watch_list: int) -> WatchList | None:
    """Lock and return a watch-list until the transaction ends; None if another process has it, or it is paused."""
    row = connection.execute(HOLD, {"id": watch_list}).one_or_none()
    return WatchList(*row) if row else None


def follow(connection: Connection, watch_list: int, to: int) -> None:
    """Store the last change that was compared with a watch-list."""
    connection.execute(FOLLOW, {"id": watch_list, "to": to})


def last_words(connection: Connection, watch_list: int, quotes: Collection[int]) -> dict[int, Told]:
    """Return what was last said of each of these quotations, as far as anything was."""
    rows = connection.execute(LAST_WORDS, {"id": watch_list, "quotes": numbers(quotes)})
    return {row.quote_id: Told(*row) for row in rows}


def deliver(connection: Connection, watch_list: int, found: Iterable[ToTell]) -> None:
    """Add deliveries, in this order."""
    many_rows.add(connection, DELIVER, [{"watch_list_id": watch_list, **row._asdict()} for row in found])


def last_delivery(connection: Connection, watch_list: int) -> int:
    """Return the number of the last delivery of a watch-list; 0 if it has none."""
    return int(connection.execute(LAST_DELIVERY, {"id": watch_list}).scalar_one())


def between(connection: Connection, watch_list: int, after: int, to: int) -> Sequence[Delivery]:
    """Return the deliveries after one number, up to and with another."""
    return [Delivery(*row) for row in connection.execute(BETWEEN, {"id": watch_list, "after": after, "to": to})]


def last_given_if_any(connection: Connection) -> int:
    """Return the last number that a delivery was given; 0 if the tables are of a release without watch-lists."""
    return int(connection.execute(LAST_GIVEN).scalar_one()) if connection.execute(ARE_NUMBERED).scalar_one() else 0


def go_on_above(connection: Connection, number: int) -> None:
    """Give higher numbers than `number` to the deliveries to come."""
    connection.execute(GO_ON_ABOVE, {"number": number})
