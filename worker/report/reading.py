"""Several short questions in one read-only transaction, for a page, bounded in time.

`answer.ask` streams one long answer from a connection of its own. A page asks a handful of questions whose answers are
short, so it keeps the connection and reads each answer whole.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Engine, RowMapping
from sqlalchemy.exc import DBAPIError

from worker.report.answer import READ_ONLY
from worker.store.db.conflicts import QUERY_CANCELED, state_of
from worker.store.db.login import become
from worker.store.roles import READER

# The number of a view tells whether the views were made anew: all are at once.
SEARCH_PATH_AND_VIEWS = """
SELECT pg_catalog.set_config('search_path', 'report', true), pg_catalog.to_regclass('report.quotes')::oid AS views
"""
SETTINGS = """
SELECT pg_catalog.set_config('statement_timeout', %(milliseconds)s, true),
       pg_catalog.set_config('plan_cache_mode', %(plan)s, true),
       pg_catalog.set_config('enable_seqscan', %(seqscan)s, true)
"""
FOR_SEARCH = {"plan": "force_custom_plan", "seqscan": "on"}
FOR_LOOKUP = {"plan": "force_generic_plan", "seqscan": "off"}
"""How PostgreSQL plans a statement: anew for its values; or once a connection, so that it suits a table of any size."""
VIEWS = "views"
"""Under this name, a connection knows for which views it has planned."""
Answer = TypeVar("Answer")
PAGE_SECONDS = 10.0
"""Stop the questions of one page after the server has worked on them for this many seconds together."""


class Reading:
    """Asks one question after the other in one transaction."""

    def __init__(self, connection: Connection, seconds: float) -> None:
        self._connection = connection
        self._deadline = time.monotonic() + seconds

    def rows(self, statement: str, /, **values: object) -> Sequence[RowMapping]:
        """Return all rows of an answer. `values` are bound to `%(name)s`. Raises SQLAlchemy's `DBAPIError`."""
        return self._asked(statement, values).mappings().all()

    def looked_up(self, statement: str, /, **values: object) -> Sequence[RowMapping]:
        """Return all rows of an answer that looks rows up by their numbers, as `rows` does.

        One plan suits all values, so a connection plans the statement once. To plan costs more than to execute.
        """
        return self._asked(statement, values, FOR_LOOKUP).mappings().all()

    def first_rows(self, count: int, statement: str, /, **values: object) -> Sequence[RowMapping]:
        """Return the first rows of an answer, at most `count`; `other_rows` returns the rest. Raises as `rows` does.

        PostgreSQL has worked out no more than these by then, if the statement has parts that come one after the other.
        """
        self._asked(f"DECLARE portion NO SCROLL CURSOR FOR {statement}", values)
        return self.rows(f"FETCH {count} FROM portion")

    def other_rows(self) -> Sequence[RowMapping]:
        """Return the rows that `first_rows` left. Raises as `rows` does."""
        return self.rows("FETCH ALL FROM portion")

    def row(self, statement: str, /, **values: object) -> RowMapping | None:
        """Return the first row of an answer; None if there is none."""
        rows = self.rows(statement, **values)
        return rows[0] if rows else None

    def value(self, statement: str, /, **values: object) -> Any:
        """Return the first value of the first row; None if there is no row."""
        row = self.row(statement, **values)
        return next(iter(row.values())) if row is not None else None

    def _asked(
        self, statement: str, values: dict[str, object], planned: Mapping[str, str] = FOR_SEARCH
    ) -> CursorResult[Any]:
        left = max(1, round((self._deadline - time.monotonic()) * 1000))
        self._connection.exec_driver_sql(SETTINGS, {"milliseconds": str(left), **planned})
        return self._connection.exec_driver_sql(statement, values)


def in_time(ask: Callable[[], Answer]) -> Answer | None:
    """Return what `ask` returns; None if PostgreSQL stopped it for its time. Nothing more can be asked then."""
    try:
        return ask()
    except DBAPIError as error:
        if state_of(error) != QUERY_CANCELED:
            raise
        return None


@contextmanager
def reading(engine: Engine, seconds: float = PAGE_SECONDS) -> Iterator[Reading]:
    """Yield what asks questions for `seconds` at most, together, in a read-only transaction.

    It is committed: after a rollback, the driver forgets the statements that it has prepared, with their plans.
    """
    with engine.connect() as connection:
        views = _begun(connection)
        if connection.info.setdefault(VIEWS, views) != views:
            # A plan must not change what it returns: PostgreSQL would refuse a statement whose columns are others now.
            connection.rollback()
            connection.info[VIEWS] = _begun(connection)
        yield Reading(connection, seconds)
        connection.commit()


def _begun(connection: Connection) -> int | None:
    """Begin a read-only transaction over the views; return the number of one of them, None if there are none."""
    connection.exec_driver_sql(READ_ONLY)
    found: int | None = connection.exec_driver_sql(SEARCH_PATH_AND_VIEWS).one().views
    return found


def become_reader(driver: Any, _record: object) -> None:
    """Set the role of a new connection to the reader, for as long as the connection lives."""
    become(driver, READER)
