"""Whether a watched folder is there: the watcher says so, and so does whoever finds it away when a file is to be read.

Files of a folder that is away wait, are not rung for, and keep no doorbell from the files of other folders. The word
holds for as long as a doorbell does (`ring_again_seconds`), so that nothing depends on somebody taking it back.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from worker.settings import settings
from worker.store.db.interval import interval
from worker.store.tables.models import Inbox

AFRESH = 1.0  # seconds; a word so young is not said again, however many files find the same


def _seconds_ago(seconds: float) -> Any:
    return func.now() - interval(seconds)


def absent() -> ColumnElement[bool]:
    """The condition that an inbox is away."""
    lately: ColumnElement[bool] = Inbox.away_at > _seconds_ago(settings().ring_again_seconds)
    return lately


def is_away(connection: Connection, inbox_id: int) -> bool:
    """Whether the inbox was found away lately."""
    return connection.execute(select(Inbox.id).where(Inbox.id == inbox_id, absent())).first() is not None


def away(connection: Connection, inbox_id: int) -> None:
    """The inbox is away."""
    stale = Inbox.away_at.is_(None) | (Inbox.away_at < _seconds_ago(AFRESH))
    connection.execute(update(Inbox).where(Inbox.id == inbox_id, stale).values(away_at=func.now()))


def back(connection: Connection, inbox_id: int) -> None:
    """The inbox is there (again)."""
    connection.execute(update(Inbox).where(Inbox.id == inbox_id, Inbox.away_at.is_not(None)).values(away_at=None))
