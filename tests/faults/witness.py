"""A reader that queries the reports again and again, and remembers each state in which it saw an article."""

import threading
import time
from collections import Counter, defaultdict

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

# This is one statement, because one statement sees one state of the tables. It leaves speakers out, because their
# names may improve later.
LOOK = text(
    """
    SELECT a.article_id, coalesce(q.extractor, '') AS extractor, coalesce(q.count, 0) AS quotes,
           coalesce(q.digest, '') AS digest
    FROM report.articles a LEFT JOIN (
        SELECT article_id, min(extractor) || CASE WHEN min(extractor) <> max(extractor) THEN ' and another' ELSE '' END
                   AS extractor, count(*) AS count,
               md5(string_agg(kind || start_char || ' ' || end_char || quote, '|' ORDER BY start_char, end_char, kind))
                   AS digest
        FROM report.quotes GROUP BY article_id) q USING (article_id)
    """
)
PAUSE = 0.05  # at least so many seconds between two queries


class Witness:
    """Queries as the read-only role, in its own thread. If the database is away, it waits until the database is back.

    It waits at least four times as long as a query takes, so that the queries themselves do not slow the database down.
    """

    def __init__(self, engine: Engine) -> None:
        self.looks = 0
        self._engine = engine
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._poll, name="witness", daemon=True)
        self._shown: dict[tuple[int, str], Counter[tuple[int, str]]] = defaultdict(Counter)
        self._errors: list[BaseException] = []

    def start(self) -> None:
        """Begin to poll."""
        self._thread.start()

    def end(self) -> None:
        """Stop polling."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(60)

    def partial(self) -> list[str]:
        """Return the articles that were seen in part.

        As long as an article was shown by one extractor, it must always have had the same quotes and offsets. It must
        never have had quotes of two extractors at once. This function looks a last time, at the finished state.
        """
        self._look()
        if self._errors:
            raise self._errors[0]
        found = []
        for (article, extractor), states in self._shown.items():
            if len(states) > 1:
                found.append(f"article {article} was shown with {sorted(count for count, _ in states)} quotes")
            if extractor.endswith("and another"):
                found.append(f"article {article} was shown with quotes of two extractors")
        return found

    def _poll(self) -> None:
        cost = 0.0
        while not self._ending.wait(max(PAUSE, 4 * cost)):
            began = time.monotonic()
            try:
                self._look()
            except SQLAlchemyError:  # the server is away, which is one of the faults
                self._engine.dispose()
            except BaseException as error:
                self._errors.append(error)
                return
            cost = time.monotonic() - began

    def _look(self) -> None:
        with self._engine.connect() as connection:
            connection.execute(text("SET ROLE onrecord_reader"))
            try:
                rows = connection.execute(LOOK).all()
            finally:
                connection.rollback()
        self.looks += 1
        for row in rows:
            self._shown[row.article_id, row.extractor][row.quotes, row.digest] += 1
