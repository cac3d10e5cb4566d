"""Asking as the reader: one statement, in a read-only transaction, streamed from a cursor on the server."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

from psycopg import Connection as Driver
from psycopg import ServerCursor
from sqlalchemy import Engine

STATEMENT_SECONDS = 60
ROWS_A_FETCH = 1000
BYTES_A_FETCH = 16_000_000
GROWTH = 10  # each fetch may ask for so many times the rows of the one before it

COMMENTS = re.compile(r"(?:\s|\(|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
CURSOR_WORDS = frozenset({"select", "with", "values", "table"})
PLAIN_WORDS = frozenset({"explain", "show"})

Row = tuple[Any, ...]


class NotAQuestion(Exception):
    """A statement that does not only read."""

    def __init__(self, word: str) -> None:
        super().__init__(
            f"`{word}` is not a question. Here one only reads: SELECT, WITH, VALUES, TABLE, EXPLAIN or SHOW."
        )


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer: its name and the number of its PostgreSQL type."""

    name: str
    type_oid: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the columns, and the rows one by one. To be read before its `with` block ends."""

    columns: tuple[Column, ...]
    rows: Iterator[Row]


class Patience:
    """The time that the server may work on one answer, all fetches together; what the caller takes does not count.

    It is set before each step anew: a question that contains `set_config('statement_timeout', …)` cannot lengthen it,
    since PostgreSQL starts the clock of a step when the step begins.
    """

    def __init__(self, set_timeout: Callable[[int], object], seconds: float) -> None:
        self._set_timeout = set_timeout  # milliseconds, 0 for no bound
        self._bounded = seconds > 0
        self._left = seconds

    @contextmanager
    def step(self) -> Iterator[None]:
        """Wait for the server once."""
        self._set_timeout(max(1, round(self._left * 1000)) if self._bounded else 0)
        begun = time.monotonic()
        yield
        self._left -= time.monotonic() - begun


def first_word(statement: str) -> str:
    """The statement's first word in lower case, behind comments and opening brackets; empty if there is none."""
    start = COMMENTS.match(statement)
    word = re.match(r"\w+", statement[start.end() :] if start else statement)
    return word[0].lower() if word else ""


@contextmanager
def ask(
    engine: Engine,
    statement: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    seconds: float = STATEMENT_SECONDS,
) -> Iterator[Answer]:
    """Run one reading statement; some rows are in memory at a time, never more than `ROWS_A_FETCH`.

    `seconds` bounds the server's work on the whole answer (0: no bound). `parameters` fill `%(name)s`; without them a
    `%` is a `%`. The transaction is read-only and always rolled back, and the session ends with it: nothing that a
    question sets or locks outlives it. Raises `NotAQuestion`, or what psycopg raises.
    """
    word = first_word(statement)
    if word not in CURSOR_WORDS | PLAIN_WORDS:
        raise NotAQuestion(word or statement.strip()[:20])
    with engine.connect() as connection:
        driver = cast("Driver[Row]", connection.connection.driver_connection)
        connection.detach()
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        connection.exec_driver_sql("SET LOCAL search_path = report")
        patience = Patience(
            lambda milliseconds: connection.exec_driver_sql(f"SET LOCAL statement_timeout = {milliseconds:d}"), seconds
        )
        # Both ways use the extended protocol, where the server takes one statement and no more: nothing can end the
        # read-only transaction and go on.
        if word in CURSOR_WORDS:
            with closing(driver.cursor("onrecord")) as named:
                with patience.step():
                    named.execute(statement, parameters)
                rows = fetched(named, patience)
                first = next(rows, None)  # most of what goes wrong does here, before anything is written
                yield Answer(described(named.description), rows if first is None else chain([first], rows))
        else:
            with closing(driver.cursor()) as cursor:
                with patience.step():
                    cursor.execute(statement, parameters, binary=True)
                yield Answer(described(cursor.description), iter(cursor))


def fetched(cursor: ServerCursor[Row], patience: Patience) -> Iterator[Row]:
    """The rows of a cursor, fetched one first, then as many as are small enough to be held together."""
    count, largest = 1, 1
    while True:
        with patience.step():
            rows = cursor.fetchmany(count)
        largest = max(largest, *map(size, rows), 1)
        ended = len(rows) < count
        count = max(1, min(count * GROWTH, ROWS_A_FETCH, BYTES_A_FETCH // largest))
        yield from rows
        del rows  # not to be held while the next ones come
        if ended:
            return


def size(value: Any) -> int:
    """About how many bytes a value takes, for those that can be large."""
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, dict):
        return sum(size(key) + size(each) for key, each in value.items())
    if isinstance(value, list | tuple):
        return sum(map(size, value))
    return 8


def described(description: Any) -> tuple[Column, ...]:
    """The columns that a cursor describes."""
    return tuple(Column(column.name, column.type_code) for column in description or ())
