"""How watch-lists and their receivers stand, for the command, the page, `status` and `doctor`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, text

# The schema is named, so that the owner and the reader ask in the same words.
LISTS = """
SELECT w.watch_list_id, w.watch_list, w.query, w.made_at, w.made_by, w.paused_at, w.failure, w.feed_key,
       (SELECT count(*) FROM report.deliveries d WHERE d.watch_list_id = w.watch_list_id AND d.what = 'new') AS told,
       (SELECT max(d.made_at) FROM report.deliveries d WHERE d.watch_list_id = w.watch_list_id) AS last_at
FROM report.watch_lists w ORDER BY w.watch_list
"""
RECEIVERS = """
SELECT r.receiver_id, r.watch_list_id, w.watch_list, r.kind, r.address, r.waiting, r.last_told_at, r.tries,
       r.failing_since, r.failure, r.next_try_at, r.paused_at, w.paused_at IS NOT NULL AS is_list_paused
FROM report.receivers r JOIN report.watch_lists w ON w.watch_list_id = r.watch_list_id
ORDER BY w.watch_list, r.receiver_id
"""
# What a watch-list told, newest first; words that reports do not show any more are null.
TOLD = """
SELECT d.delivery_id, d.what, d.quote_id, d.made_at, q.quote, q.speaker, q.source_text, q.cue, q.outlet, q.title,
       q.kind, q.article_id, q.denied
FROM report.deliveries d LEFT JOIN report.quotes q ON q.quote_id = d.quote_id
WHERE d.watch_list_id = %(watch_list)s AND d.delivery_id IN (
    SELECT n.delivery_id FROM report.deliveries n WHERE n.watch_list_id = %(watch_list)s
    ORDER BY n.delivery_id DESC LIMIT %(count)s OFFSET %(first)s)
ORDER BY d.delivery_id DESC
"""
COUNT_TOLD = """SELECT count(*) FROM report.deliveries d WHERE d.watch_list_id = %(watch_list)s"""

ALL_RECEIVERS = text(RECEIVERS)
PAUSED_BY_US = text(
    """SELECT w.watch_list, w.failure FROM report.watch_lists w WHERE w.failure IS NOT NULL ORDER BY w.watch_list"""
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a receiver stands. `address` is without what is secret; `waiting` counts deliveries it was not told."""

    receiver_id: int
    watch_list_id: int
    watch_list: str
    kind: str
    address: str
    waiting: int
    last_told_at: datetime | None
    tries: int
    failing_since: datetime | None
    failure: str | None
    next_try_at: datetime
    paused_at: datetime | None
    is_list_paused: bool

    @property
    def is_troubled(self) -> bool:
        """True if the receiver fails or Onrecord has paused it; not if a person has paused the watch-list."""
        return not self.is_list_paused and (self.paused_at is not None or self.failing_since is not None)

    @property
    def place(self) -> str:
        """The receiver, as people name it."""
        return f"{self.kind} {self.address}"

    @property
    def state(self) -> str:
        """How it stands, in words."""
        waits = f"; {self.waiting:,} wait" if self.waiting else ""
        if self.paused_at is not None:
            return f"paused since {minute(self.paused_at)}{waits}. {self.failure or ''}".rstrip()
        if self.failing_since is not None:
            tries = f"{self.tries} {'try' if self.tries == 1 else 'tries'}"
            return f"fails since {minute(self.failing_since)}, {tries}{waits}. {self.failure or ''}".rstrip()
        if self.last_told_at is not None:
            return f"told at {minute(self.last_told_at)}{waits}"
        return f"not told yet{waits}"


def in_marks(words: str, kind: str) -> str:
    """Return the words of a quotation as people read them: only direct ones stand in marks of ours."""
    return f"“{words}”" if kind == "direct" else words


def minute(moment: datetime) -> str:
    """Return a moment in UTC, to the minute."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def standings(rows: Sequence[RowMapping] | Sequence[Any]) -> list[Standing]:
    """Return how receivers stand, from the rows of `RECEIVERS`."""
    return [Standing(**row) for row in rows]


def all_standings(connection: Connection) -> list[Standing]:
    """Return how all receivers stand; to be asked by the owner."""
    return standings(connection.execute(ALL_RECEIVERS).mappings().all())


def list_state(paused_at: datetime | None, failure: str | None) -> str:
    """Return how a watch-list stands, in words."""
    if paused_at is None:
        return "follows"
    return f"paused since {minute(paused_at)}{f'. {failure}' if failure else ''}"
