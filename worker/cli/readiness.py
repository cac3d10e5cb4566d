"""Says when `onrecord up` is ready: when its watcher, a worker and beat run; and what is stored and waits."""

import socket
from datetime import datetime

from rich.console import Console
from sqlalchemy import Engine, text

from worker.cli.plural import counted
from worker.store.db.engine import single_statements
from worker.store.states import DOCUMENT_OPEN, FILE_OPEN, listed

NEEDED = ("watch", "worker", "beat")
"""The kinds of processes without which nothing is read."""
MOST = 100_000
"""Count at most so many rows of a table, since counting more takes seconds."""

RUNNING = text(
    """
    SELECT count(DISTINCT kind) FROM processes
    WHERE kind = ANY(:needed) AND host = :host AND started_at >= :since AND stopped_at IS NULL
    """
)
STORED = text(
    f"""
    SELECT (SELECT count(*) FROM (SELECT FROM articles WHERE current LIMIT :bound) AS few) AS articles,
           (SELECT count(*) FROM (SELECT FROM report.quotes LIMIT :bound) AS few) AS quotes,
           (SELECT count(*) FROM (SELECT FROM files WHERE state IN {listed(FILE_OPEN)} LIMIT :bound) AS few) AS files,
           (SELECT count(*) FROM (SELECT FROM documents WHERE state IN {listed(DOCUMENT_OPEN)} LIMIT :bound) AS few)
               AS documents
    """  # noqa: S608 - constants
)


class Readiness:
    """Prints one line when all processes that are needed have started after `since`, by the database's clock."""

    def __init__(self, engine: Engine, console: Console, since: datetime) -> None:
        self._engine = engine
        self._console = console
        self._since = since
        self.is_told = False

    def look(self) -> None:
        """Print the line if it is time. Raises SQLAlchemy's errors."""
        if self.is_told:
            return
        with single_statements(self._engine) as connection:
            values = {"needed": list(NEEDED), "host": socket.gethostname(), "since": self._since}
            if connection.execute(RUNNING, values).scalar_one() < len(NEEDED):
                return
            stored = connection.execute(STORED, {"bound": MOST + 1}).one()
        self.is_told = True
        sentences = ("Ready.", told(*stored), "Drop articles; Ctrl-C stops.")
        self._console.print(" ".join(filter(None, sentences)), highlight=False, soft_wrap=True)


def told(articles: int, quotes: int, files: int, documents: int) -> str:
    """Return what is stored and what waits, as a sentence; empty if there is nothing yet."""
    parts = []
    if articles:
        parts.append(f"{bounded(articles, 'article')} with {bounded(quotes, 'quotation')} stored")
    if files:
        parts.append(f"{bounded(files, 'file')} to read")
    if documents:
        parts.append(f"{bounded(documents, 'article')} waiting for a worker")
    return f"{', '.join(parts)}." if parts else ""


def bounded(number: int, noun: str) -> str:
    """Return a number and its noun; above `MOST`, only that there are more."""
    return f"more than {counted(MOST, noun)}" if number > MOST else counted(number, noun)
