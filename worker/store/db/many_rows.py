"""Writes many rows with one statement whose text never changes, so that neither we nor the driver prepare it again.

The rows are sent as one JSON value, and lists of numbers as one array literal. Sending each value by itself would cost
more than the rest of an article's final transaction.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, TextClause, text


def adding(table: str, *columns: str, on_conflict: str = "", returning: bool = False) -> TextClause:
    """Return an INSERT of rows given as `rows`, a JSON array of objects with these columns, in the array's order.

    Each column is its name and its type, as in `name text`.
    """
    names = names_of(columns)
    return text(
        f"""
        INSERT INTO {table} ({names})
        SELECT {names}
        FROM ROWS FROM (json_to_recordset(CAST(:rows AS json)) AS ({", ".join(columns)}))
            WITH ORDINALITY AS r({names}, place)
        ORDER BY place
        {on_conflict} {"RETURNING id" if returning else ""}
        """
    )


def updating(table: str, *columns: str, also: str) -> TextClause:
    """Return an UPDATE of rows given as `rows`, as for `adding`, each with its `id`; `also` assigns constants."""
    values = ", ".join(f"{name} = r.{name}" for name in names_of(columns).split(", "))
    return text(
        f"""
        UPDATE {table} t SET {values}, {also}
        FROM json_to_recordset(CAST(:rows AS json)) AS r(id bigint, {", ".join(columns)})
        WHERE t.id = r.id
        """
    )


def names_of(columns: Sequence[str]) -> str:
    """Return the names of columns that are given with their types, as SQL."""
    return ", ".join(column.split()[0] for column in columns)


def add(connection: Connection, statement: TextClause, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert or update the rows."""
    if rows:
        connection.execute(statement, {"rows": as_json(rows)})


def add_returning(connection: Connection, statement: TextClause, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert the rows; return their ids in the order of the rows (the sequence gives ids in this order)."""
    if not rows:
        return []
    return sorted(connection.execute(statement, {"rows": as_json(rows)}).scalars())


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as the value `rows` of a statement."""
    return json.dumps(rows, ensure_ascii=False)


def numbers(values: Iterable[int]) -> str:
    """Return whole numbers as PostgreSQL writes an array of them, to be cast to `bigint[]`."""
    return "{" + ",".join(map(str, values)) + "}"
