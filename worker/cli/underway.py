"""What `onrecord up` shows of a large drop: how it gets on, and how many members of a large file have ended.

On a terminal it is a line at the bottom that changes, and goes away when there is nothing to show. Elsewhere, such as
in a pipe, it is a line of its own now and then.
"""

import time
from contextlib import ExitStack
from typing import NamedTuple

from rich.console import Console
from rich.text import Text
from sqlalchemy import Engine, text

from worker.cli.backlog import Backlog
from worker.report.printable import printable
from worker.store.db.engine import single_statements
from worker.store.states import DOCUMENT_OPEN, listed
from worker.waiting import showing

MOST_FILES = 3
"""Show so many files, those that came first."""
FEWEST_MEMBERS = 10
"""A file with fewer members is not shown once it is split: it ends soon."""
TERMINAL_SECONDS = 0.5
"""Look again after so many seconds on a terminal."""
PLAIN_SECONDS = (10.0, 20.0, 30.0, 60.0)
"""Elsewhere, wait so many seconds before each line; the last number counts for all further lines."""
SHARE = 50
"""Wait so many times as long as the query took, so that it never costs the database more than this share."""

UNDERWAY = text(f"""
SELECT shown, state, members,
       CASE WHEN state = 'split' THEN members - (
         SELECT count(*) FROM file_documents fd JOIN documents d ON d.id = fd.document_id
         WHERE fd.file_id = underway.id AND d.state IN {listed(DOCUMENT_OPEN)}) ELSE 0 END AS ended
FROM ((SELECT id, shown, state, members FROM files WHERE state = 'split' AND members >= :fewest ORDER BY id LIMIT :most)
      UNION ALL
      (SELECT id, shown, state, members FROM files
       WHERE state = 'reading' AND claimed_at < clock_timestamp() - interval '1 second' ORDER BY id LIMIT :most)
     ) AS underway ORDER BY id LIMIT :most
""")  # noqa: S608


class FileUnderway(NamedTuple):
    """A file that has not ended; `ended` of its `members` have. Until it is split, `members` are those so far."""

    shown: str
    state: str
    members: int
    ended: int


class Underway:
    """Shows what is being read. Call `look` often; it looks only when it is time."""

    def __init__(self, engine: Engine, console: Console) -> None:
        self._engine = engine
        self._console = console
        self._backlog = Backlog()
        self._line = ExitStack()
        self._status = console.status("", spinner="dots")
        self._is_shown = False
        self._lines = 0
        self._next = time.monotonic() + self._pause()

    def look(self, *, at_once: bool = False) -> None:
        """Show how far the drop is, if some time has passed since the last look. Raises SQLAlchemy's errors."""
        start = time.monotonic()
        if start < self._next and not at_once:
            return
        with single_statements(self._engine) as connection:
            rows = connection.execute(UNDERWAY, {"most": MOST_FILES, "fewest": FEWEST_MEMBERS})
            files = [FileUnderway(*row) for row in rows]
            self._backlog.look(connection)
        parts = [part for part in (self._backlog.sentence, ", ".join(map(progress, files))) if part]
        end = time.monotonic()
        if not parts:
            self.stop()
        elif self._console.is_terminal:
            self._show("; ".join(parts))
        else:
            self._lines += 1
            self._console.print(Text(f"reading  {'; '.join(parts)}"), highlight=False, soft_wrap=True)
        self._next = end + max(self._pause(), SHARE * (end - start))

    def stop(self) -> None:
        """Take the line away."""
        self._line.close()
        self._is_shown = False
        self._lines = 0

    def _show(self, words: str) -> None:
        self._status.update(Text(words, overflow="ellipsis", no_wrap=True))
        if not self._is_shown:
            self._line.enter_context(showing(is_shown=True))
            self._line.enter_context(self._status)
            self._is_shown = True

    def _pause(self) -> float:
        """Return how many seconds to wait until the next look."""
        if self._console.is_terminal:
            return TERMINAL_SECONDS
        return PLAIN_SECONDS[min(self._lines, len(PLAIN_SECONDS) - 1)]


def progress(file: FileUnderway) -> str:
    """Return how far a file is: `export.docx: 12 of 500`; while it is split, how many members were found."""
    if file.state == "split":
        return f"{printable(file.shown)}  {file.ended:,} of {file.members:,}"
    return f"{printable(file.shown)}  {file.members:,} found so far" if file.members else printable(file.shown)
