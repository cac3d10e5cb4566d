"""Writes many rows with one statement whose text never changes, so that neither we nor the driver prepare it again.

The rows are sent as one JSON value, and lists of numbers as one array literal. Sending each value by itself would cost
more than the rest of an article's final transaction.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, TextClause, text


class Writing:
    """A statement that writes rows of a table. It is made when it is used first.

    The models know the types of the columns, and loading them takes 9 MB and 0.1 s. Most processes write no such rows.
    """

    def __init__(self, table: str, columns: Sequence[str], made: Callable[[str], TextClause]) -> None:
        self._table, self._columns, self._made = table, columns, made

    @cached_property
    def statement(self) -> TextClause:
        """The statement, for columns of these types."""
        from sqlalchemy.dialects import postgresql

        from worker.store.tables.models import Base

        columns, dialect = Base.metadata.tables[self._table].c, postgresql.dialect()  # type: ignore[no-untyped-call]
        return self._made(", ".join(f"{name} {columns[name].type.compile(dialect)}" for name in self._columns))


def adding(table: str, *columns: str, on_conflict: str = "", returning: bool = False) -> Writing:
    """Return an INSERT of rows given as `rows`, a JSON array of objects with these columns, in the array's order."""
    names = ", ".join(columns)

    def made(types: str) -> TextClause:
        return text(
            f"""
            INSERT INTO {table} ({names})
            SELECT {names}
            FROM ROWS FROM (json_to_recordset(CAST(:rows AS json)) AS ({types})) WITH ORDINALITY AS r({names}, place)
            ORDER BY place
            {on_conflict} {"RETURNING id" if returning else ""}
            """
        )

    return Writing(table, columns, made)


def updating(table: str, *columns: str, also: str) -> Writing:
    """Return an UPDATE of rows given as `rows`, as for `adding`, each with its `id`; `also` assigns constants."""
    values = ", ".join(f"{name} = r.{name}" for name in columns)

    def made(types: str) -> TextClause:
        return text(
            f"""
            UPDATE {table} t SET {values}, {also}
            FROM json_to_recordset(CAST(:rows AS json)) AS r({types})
            WHERE t.id = r.id
            """
        )

    return Writing(table, ("id", *columns), made)


def add(connection: Connection, statement: TextClause | Writing, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert or update the rows."""
    if rows:
        connection.execute(as_text(statement), {"rows": as_json(rows)})


def add_returning(
    connection: Connection, statement: TextClause | Writing, rows: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Insert the rows; return their ids in the order of the rows (the sequence gives ids in this order)."""
    if not rows:
        return []
    return sorted(connection.execute(as_text(statement), {"rows": as_json(rows)}).scalars())


def as_text(statement: TextClause | Writing) -> TextClause:
    """Return a statement as it is executed."""
    return statement.statement if isinstance(statement, Writing) else statement


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as the value `rows` of a statement."""
    return json.dumps(rows, ensure_ascii=False)


def numbers(values: Iterable[int]) -> str:
    """Return whole numbers as PostgreSQL writes an array of them, to be cast to `bigint[]`."""
    return "{" + ",".join(map(str, values)) + "}"
