"""Questions in SQL: a statement runs in a read-only transaction, and its rows are streamed from a server cursor."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, cast

from psycopg import Column as DriverColumn
from psycopg import Connection as DriverConnection
from psycopg import Error as DriverError
from psycopg import ServerCursor

from worker.store.db.login import Login
from worker.waiting import spoken, waiting_for

if TYPE_CHECKING:
    from sqlalchemy import Engine

READ_ONLY = """SET TRANSACTION READ ONLY"""
SEARCH_PATH = """SET LOCAL search_path = report"""
TIMEOUT = """SELECT pg_catalog.set_config('statement_timeout', %(milliseconds)s, true)"""

STATEMENT_SECONDS = 60
"""Stop a question after the server has worked on it for this many seconds."""

ROWS_A_FETCH = 1000
"""At most this many rows are fetched at once."""

BYTES_A_FETCH = 16_000_000
"""At most about this many bytes are fetched at once, estimated by the largest row so far; one row may be larger."""

GROWTH = 10
"""At most this many times as many rows are fetched at once as in the fetch before."""

SHOWN = 40
"""Of a statement with an error, show at most this many characters from the error on."""

CURSOR = "onrecord"
DECLARING = len(f'DECLARE "{CURSOR}" CURSOR FOR ')
"""The driver writes so many characters before a statement that gets a cursor."""
SEVERAL = ("42601", "exec_parse_message")
"""The code of a syntax error, and the function of PostgreSQL that finds more than one statement (postgres.c)."""

COMMENTS = re.compile(r"(?:\s|\(|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
CURSOR_WORDS = frozenset({"select", "with", "values", "table"})
PLAIN_WORDS = frozenset({"explain", "show"})

Row = tuple[object, ...]


class NotAQuestion(Exception):
    """Raised if a statement does more than read."""

    def __init__(self, word: str) -> None:
        super().__init__(
            f"`{word}` is not a question. Here one only reads: SELECT, WITH, VALUES, TABLE, EXPLAIN or SHOW."
        )


class SeveralStatements(Exception):
    """Raised if a text holds more than one statement."""

    def __init__(self) -> None:
        super().__init__("These are several statements, and one is answered at a time. Ask them one after the other.")


class AtPlace(Exception):
    """Raised if PostgreSQL names the place of an error in the statement; the error itself is `error`.

    `place` says in words where that is in the text that the user typed.
    """

    def __init__(self, error: DriverError, statement: str, position: int) -> None:
        super().__init__(str(error))
        self.error = error
        before, after = statement[: position - 1], statement[position - 1 :].strip().split("\n")[0]
        line, character = before.count("\n") + 1, len(before) - before.rfind("\n")
        of_line = f"line {line}, " if "\n" in statement.strip() else ""
        self.place = f"at {of_line}character {character}: {after[:SHOWN]}" if after else "at the end"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer: its name and the number of its PostgreSQL type."""

    name: str
    type_oid: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns of an answer, and an iterator over its rows. Read the rows before the `with` block of `ask` ends."""

    columns: tuple[Column, ...]
    rows: Iterator[Row]


class TimeLimit:
    """The time that the server may work on one answer, in all fetches together; the caller's own time does not count.

    The timeout is set again before each step. So a question that contains `set_config('statement_timeout', …)` cannot
    lengthen the time: PostgreSQL starts the clock of a step when the step begins.
    """

    def __init__(self, set_timeout: Callable[[int], object], seconds: float) -> None:
        self._set_timeout = set_timeout  # milliseconds, 0 for no limit
        self._is_limited = seconds > 0
        self._seconds_left = seconds

    @contextmanager
    def step(self) -> Iterator[None]:
        """Limit the server's work in the `with` block to the time that is left."""
        self._set_timeout(max(1, round(self._seconds_left * 1000)) if self._is_limited else 0)
        start = time.monotonic()
        with waiting_for("PostgreSQL's answer to the question"):
            yield
        self._seconds_left -= time.monotonic() - start


def first_word(statement: str) -> str:
    """Return the first word after comments and opening brackets, in lower case; an empty text if there is no word."""
    start = COMMENTS.match(statement)
    word = re.match(r"\w+", statement[start.end() :] if start else statement)
    return word[0].lower() if word else ""


@contextmanager
def ask(
    reader: "Login | Engine",
    statement: str,
    parameters: Mapping[str, object] | None = None,
    *,
    seconds: float = STATEMENT_SECONDS,
) -> Iterator[Answer]:
    """Run one reading statement; at most `ROWS_A_FETCH` rows are in memory at a time.

    `seconds` limits the server's work on the whole answer (0: no limit). `parameters` are bound to `%(name)s`; without
    parameters, `%` is an ordinary character. The transaction is read-only and always rolled back. The session ends with
    the transaction, so settings and locks of a question end too. Raises `NotAQuestion`, `SeveralStatements`, `AtPlace`,
    and psycopg's errors.
    """
    word = first_word(statement)
    if word not in CURSOR_WORDS | PLAIN_WORDS:
        raise NotAQuestion(word or statement.strip()[:20])
    with own_session(reader) as driver:
        driver.execute(READ_ONLY)
        driver.execute(SEARCH_PATH)
        time_limit = TimeLimit(
            lambda milliseconds: driver.execute(TIMEOUT, {"milliseconds": str(milliseconds)}), seconds
        )
        # Both branches use the extended protocol, in which the server accepts only one statement at a time. So no text
        # can end the read-only transaction and continue with another statement.
        if word in CURSOR_WORDS:
            with closing(driver.cursor(CURSOR)) as server_cursor:
                with time_limit.step(), located(statement, parameters, DECLARING):
                    server_cursor.execute(statement, parameters)
                rows = fetch_rows(server_cursor, time_limit)
                first = next(rows, None)  # most errors are raised here, before anything is written
                yield Answer(columns_of(server_cursor.description), rows if first is None else chain([first], rows))
        else:
            with closing(driver.cursor()) as cursor:
                with time_limit.step(), located(statement, parameters):
                    cursor.execute(statement, parameters, binary=True)
                yield Answer(columns_of(cursor.description), iter(cursor))


@contextmanager
def own_session(reader: "Login | Engine") -> "Iterator[DriverConnection[Row]]":
    """Open a session that ends with the `with` block; of an engine, one of its pool, which does not get it back."""
    if isinstance(reader, Login):
        with closing(reader.open()) as driver:
            yield cast("DriverConnection[Row]", driver)
        return
    with reader.connect() as connection:
        driver = cast("DriverConnection[Row]", connection.connection.driver_connection)
        connection.detach()
        yield driver


@contextmanager
def located(statement: str, parameters: object, before: int = 0) -> Iterator[None]:
    """Raise the errors of a statement with the places that they have in it. `before` it, the driver writes characters.

    A statement with parameters is ours; it is changed before PostgreSQL sees it, so there we know no place.
    """
    try:
        yield
    except DriverError as error:
        if (error.sqlstate, error.diag.source_function) == SEVERAL:
            raise SeveralStatements from error
        position = int(error.diag.statement_position or 0) - before
        if parameters is None and position > 0:
            raise AtPlace(error, statement, position) from error
        raise


def fetch_rows(cursor: ServerCursor[Row], time_limit: TimeLimit) -> Iterator[Row]:
    """Yield the rows of a cursor. Fetch one row first, then in each fetch as many rows as the limits above allow."""
    count, largest = 1, 1
    while True:
        with time_limit.step():
            rows = cursor.fetchmany(count)
        largest = max(largest, *map(size, rows), 1)
        is_end = len(rows) < count
        count = max(1, min(count * GROWTH, ROWS_A_FETCH, BYTES_A_FETCH // largest))
        yield from rows
        spoken()  # these rows have gone out
        del rows  # free these rows before the next are fetched
        if is_end:
            return


def size(value: object) -> int:
    """Return about how many bytes a value needs; a value of a type that cannot be large counts as 8."""
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, dict):
        return sum(size(key) + size(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return sum(map(size, value))
    return 8


def columns_of(description: Sequence[DriverColumn] | None) -> tuple[Column, ...]:
    """Return the columns that a cursor describes."""
    return tuple(Column(column.name, column.type_code) for column in description or ())
