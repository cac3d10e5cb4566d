"""A connection that hands our statements to the driver itself, which takes half as long as by way of SQLAlchemy.

SQLAlchemy works out anew for each statement what never changes: which values it takes, and which columns its rows have.
An article has some fifty small statements, so this was about a fifth of everything that it costs besides its reading.

`_has_events`, `_handle_dbapi_exception` and (in `make_engine`) `_connection_cls` are SQLAlchemy's own affair. So
pyproject.toml bounds its version, and `test_connection.py` shows whether they still do what we need.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, TextClause
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData

from worker.waiting import waiting_for

DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]
MOST_STATEMENTS = 2000


class Rows(IteratorResult[Any]):
    """The rows that a statement returned, all of them fetched; and how many rows it returned or changed."""

    def __init__(self, columns: SimpleResultMetaData, rows: Sequence[Any], rowcount: int) -> None:
        super().__init__(columns, iter(rows))
        self.rowcount = rowcount


class DirectConnection(Connection):
    """Executes texts with one set of values without SQLAlchemy, and leaves everything else to it.

    Transactions, errors and events are those of SQLAlchemy in both cases. `answer` says what a command waits for.
    """

    def __init__(self, engine: Engine, answer: str) -> None:
        super().__init__(engine)
        self._answer = answer
        self._cursor: psycopg.Cursor[Any] | None = None

    def execute(self, statement: Any, parameters: Any = None, *, execution_options: Any = None) -> Any:
        """Execute a statement; see SQLAlchemy's `Connection.execute`."""
        is_ours = isinstance(statement, TextClause) and (parameters is None or isinstance(parameters, Mapping))
        if not is_ours or execution_options or self.in_nested_transaction():
            return super().execute(statement, parameters, execution_options=execution_options)
        if not self.in_transaction():
            if self.get_transaction() is not None:  # an error has ended it, and SQLAlchemy says so
                return super().execute(statement, parameters)
            self.begin()
        return self._send(_written(statement), parameters or {})

    def _send(self, statement: str, values: Mapping[str, Any]) -> Rows:
        driver: psycopg.Connection[Any] = self.connection.dbapi_connection  # type: ignore[assignment]
        cursor, self._cursor = self._cursor, None
        try:
            if cursor is None or cursor.connection is not driver:
                cursor = driver.cursor()
            is_followed = self._has_events or self.engine._has_events
            if is_followed:
                self.dispatch.before_cursor_execute(self, cursor, statement, values, None, False)
            with waiting_for(self._answer):
                cursor.execute(statement, values)
            if is_followed:
                self.dispatch.after_cursor_execute(self, cursor, statement, values, None, False)
            answer = cursor.pgresult
            assert answer is not None
            columns = _columns(tuple(answer.fname(place) for place in range(answer.nfields)))
            rows = Rows(columns, cursor.fetchall() if answer.nfields else (), cursor.rowcount)
        except BaseException as error:
            of_driver = statement if isinstance(error, psycopg.Error) else None  # other errors stay what they are
            self._handle_dbapi_exception(error, of_driver, values, cursor, None)  # type: ignore[arg-type]
        self._cursor = cursor
        return rows


@lru_cache(MOST_STATEMENTS)
def _written(statement: TextClause) -> str:
    """Return a statement as the driver takes it."""
    return str(statement.compile(dialect=DIALECT))


@lru_cache(MOST_STATEMENTS)
def _columns(names: tuple[bytes | None, ...]) -> SimpleResultMetaData:
    return SimpleResultMetaData([(name or b"").decode() for name in names])
