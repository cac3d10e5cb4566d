"""The numbered changes of `report.quotes`, each with what its quote shows now; `onrecord changes` prints them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from worker.store import changes
from worker.store.changes import Change
from worker.store.db.many_rows import numbers

SHOWN = text(
    """
    SELECT quote_id, speaker, source_text, cue, denied, quote, outlet, url, published_at
    FROM report.quotes WHERE quote_id = ANY(CAST(:quotes AS bigint[]))
    """
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What `report.quotes` shows of a quote now."""

    speaker: str | None
    source_text: str | None
    cue: str | None
    denied: bool
    quote: str
    outlet: str | None
    url: str | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChangeNow:
    """A change, and what its quote shows now; None if it is not shown any more."""

    change: Change
    now: Shown | None

    def to_json(self) -> dict[str, Any]:
        """Return the object that `onrecord changes --json` prints."""
        now = None
        if self.now is not None:
            published = self.now.published_at
            now = {
                "speaker": self.now.speaker,
                "source_text": self.now.source_text,
                "cue": self.now.cue,
                "denied": self.now.denied,
                "quote": self.now.quote,
                "outlet": self.now.outlet,
                "url": self.now.url,
                "published_at": published.isoformat() if published else None,
            }
        return self.change.to_json() | {"now": now}


def after(connection: Connection, number: int, limit: int) -> list[ChangeNow]:
    """Return the changes with higher numbers than `number`, at most `limit`, in order."""
    return _with_quotes(connection, changes.after(connection, number, limit))


def last(connection: Connection, limit: int) -> list[ChangeNow]:
    """Return the last changes, at most `limit`, in order."""
    return _with_quotes(connection, changes.last(connection, limit))


def _with_quotes(connection: Connection, found: list[Change]) -> list[ChangeNow]:
    quotes = numbers({change.quote_id for change in found if change.quote_id is not None})
    shown = {row[0]: Shown(*row[1:]) for row in connection.execute(SHOWN, {"quotes": quotes})} if found else {}
    return [ChangeNow(change, shown.get(change.quote_id or 0)) for change in found]
