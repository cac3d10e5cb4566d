"""The changes of what `report.quotes` shows, by number: what a program reads that follows them.

A follower remembers the number of the last change that it has dealt with, and asks for those after it. Numbers grow in
the order in which the changes become visible: whoever has seen a number has seen, or can see, every lower one.
`worker.store.telling` writes them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

AFTER = text(
    """
    SELECT change_id, at, kind, quote_id, article_id, what, speaker_ids, speakers_before, statement_id,
           statement_before
    FROM changes WHERE change_id > :number ORDER BY change_id LIMIT :limit
    """
)
LAST = text(
    """
    SELECT * FROM (
        SELECT change_id, at, kind, quote_id, article_id, what, speaker_ids, speakers_before, statement_id,
               statement_before
        FROM changes ORDER BY change_id DESC LIMIT :limit) AS last
    ORDER BY change_id
    """
)
LATEST = text("""SELECT coalesce(max(change_id), 0) FROM changes""")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of what `report.quotes` shows.

    `kind` is `added`, `changed`, `removed` or `joined`. It is `restored` where a backup was restored: then `quote_id`
    and `article_id` are None, and any quote may show otherwise than it was told.

    `what` names what is otherwise now (of `changed` and `joined`): `words`, `speaker`, `source`, `cue`, `place`,
    `article` (its title, outlet, address or date), `statement`. A quote is `joined` if two speakers or two statements
    became one, and nothing else about it changed. The two fields `…_before` are None where nothing changed.
    """

    change_id: int
    at: datetime
    kind: str
    quote_id: int | None
    article_id: int | None
    what: tuple[str, ...]
    speaker_ids: tuple[int, ...]
    speakers_before: tuple[int, ...] | None
    statement_id: int | None
    statement_before: int | None

    def to_json(self) -> dict[str, Any]:
        """Return the object that `onrecord changes --json` prints."""
        return {
            "change_id": self.change_id,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "quote_id": self.quote_id,
            "article_id": self.article_id,
            "what": list(self.what),
            "speaker_ids": list(self.speaker_ids),
            "speakers_before": None if self.speakers_before is None else list(self.speakers_before),
            "statement_id": self.statement_id,
            "statement_before": self.statement_before,
        }


def after(connection: Connection, number: int, limit: int) -> list[Change]:
    """Return the changes with higher numbers than `number`, at most `limit`, in order.

    The owner reads the table, and a reader the view `report.changes`: each connection finds its own by its schema.
    """
    return [_of(row) for row in connection.execute(AFTER, {"number": number, "limit": limit})]


def last(connection: Connection, limit: int) -> list[Change]:
    """Return the last changes, at most `limit`, in order."""
    return [_of(row) for row in connection.execute(LAST, {"limit": limit})]


def latest(connection: Connection) -> int:
    """Return the number of the last change; 0 if there is none."""
    return int(connection.execute(LATEST).scalar_one())


def _of(row: Any) -> Change:
    number, at, kind, quote_id, article_id, what, speakers, speakers_before, statement, statement_before = row
    before = None if speakers_before is None else tuple(speakers_before)
    return Change(
        number, at, kind, quote_id, article_id, tuple(what), tuple(speakers), before, statement, statement_before
    )
