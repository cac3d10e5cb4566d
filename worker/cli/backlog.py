"""How a large drop gets on: how many articles are done, how many wait, how fast it goes, and how long it will take."""

import time
from collections import deque
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.cli.liveness import minutes

FEWEST = 20
"""A drop is large while so many files and articles wait."""
MEASURED_SECONDS = 60.0
"""The rate is that of the last so many seconds."""
SURE_SECONDS = 5.0
"""No rate is told before so many seconds were measured."""

# Each count has an index of its own. A row that ends leaves these; so what has ended is what was ever made, less these.
COUNTS = text("""
SELECT (SELECT count(*) FROM documents WHERE state = 'waiting' AND rung_at IS NULL)
         + (SELECT count(*) FROM documents WHERE state = 'waiting' AND rung_at IS NOT NULL)
         + (SELECT count(*) FROM documents WHERE state = 'working') AS articles,
       (SELECT count(*) FROM files WHERE state = 'waiting' AND rung_at IS NULL)
         + (SELECT count(*) FROM files WHERE state = 'waiting' AND rung_at IS NOT NULL)
         + (SELECT count(*) FROM files WHERE state = 'reading') AS files,
       (SELECT coalesce(max(id), 0) FROM documents) AS newest
""")


class Counts(NamedTuple):
    """What is open: articles, and files that are not split yet; and the greatest number of an article's document."""

    articles: int
    files: int
    newest: int

    @property
    def waiting(self) -> int:
        """How many articles wait at least: a file that is not read yet has one or more."""
        return self.articles + self.files

    @property
    def ended(self) -> int:
        """How many documents have ended since the tables were made; only differences of it mean something."""
        return self.newest - self.articles


class Backlog:
    """Measures one large drop, from the first look that finds it to the first that finds it done."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, int]] = deque()
        self._before = 0
        self._now = Counts(0, 0, 0)

    def look(self, connection: Connection) -> None:
        """Count what is open. Raises SQLAlchemy's errors."""
        self.note(Counts(*connection.execute(COUNTS).one()), time.monotonic())

    def note(self, counts: Counts, moment: float) -> None:
        """Take in the counts of a moment, in seconds of the monotonic clock."""
        if not self._looks:
            if counts.waiting < FEWEST:
                return
            self._before = counts.ended
        self._now = counts
        self._looks.append((moment, counts.ended))
        while len(self._looks) > 2 and moment - self._looks[1][0] >= MEASURED_SECONDS:
            self._looks.popleft()
        if not counts.waiting:
            self._looks.clear()

    @property
    def rate(self) -> float | None:
        """Articles a second; None while too little was measured."""
        if len(self._looks) < 2:
            return None
        (first, before), (last, after) = self._looks[0], self._looks[-1]
        return (after - before) / (last - first) if last - first >= SURE_SECONDS else None

    @property
    def sentence(self) -> str:
        """`1,204 done, 8,796 waiting, 14.2 a second, about 10 minutes left`; empty if no large drop is being read."""
        if not self._looks:
            return ""
        told = f"{max(0, self._now.ended - self._before):,} done, {self._now.waiting:,} waiting"
        if self.rate:
            left = self._now.waiting / self.rate
            told += f", {self.rate:.1f} a second, {'a few seconds' if left < 10 else f'about {minutes(left)}'} left"
        return told
