"""Asking as the reader: one statement, in a read-only transaction, streamed from a cursor on the server."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, cast

from psycopg import Connection as Driver
from sqlalchemy import Engine

STATEMENT_SECONDS = 60
ROWS_A_FETCH = 1000

COMMENTS = re.compile(r"(?:\s|\(|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
CURSOR_WORDS = frozenset({"select", "with", "values", "table"})
PLAIN_WORDS = frozenset({"explain", "show"})


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
    rows: Iterator[tuple[Any, ...]]


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
    seconds: int = STATEMENT_SECONDS,
) -> Iterator[Answer]:
    """Run one reading statement; no more than `ROWS_A_FETCH` rows are in memory at a time.

    `seconds` bounds each step on the server (0: no bound). `parameters` fill `%(name)s`; without them a `%` is a `%`.
    The transaction is read-only and always rolled back. Raises `NotAQuestion`, or what psycopg raises.
    """
    word = first_word(statement)
    if word not in CURSOR_WORDS | PLAIN_WORDS:
        raise NotAQuestion(word or statement.strip()[:20])
    with engine.connect() as connection:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {seconds * 1000:d}")
        connection.exec_driver_sql("SET LOCAL search_path = report")
        driver = cast("Driver[tuple[Any, ...]]", connection.connection.driver_connection)
        # Both ways use the extended protocol, where the server takes one statement and no more: nothing can end the
        # read-only transaction and go on.
        if word in CURSOR_WORDS:
            with closing(driver.cursor("onrecord")) as named:
                named.itersize = ROWS_A_FETCH
                named.execute(statement, parameters)
                yield Answer(described(named.description), iter(named))
        else:
            with closing(driver.cursor()) as cursor:
                cursor.execute(statement, parameters, binary=True)
                yield Answer(described(cursor.description), iter(cursor))


def described(description: Any) -> tuple[Column, ...]:
    """The columns that a cursor describes."""
    return tuple(Column(column.name, column.type_code) for column in description or ())
