"""Writes answers for people (see `worker.report.table`), or as CSV or JSON for programs."""

import csv
import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TextIO

from worker.report.printable import printable, printable_json

# A spreadsheet program runs a cell that begins with one of these as a formula (OWASP, "CSV injection"). Strangers write
# the articles, so their text must not become a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class RowFormat(StrEnum):
    """How rows are written to a terminal or to another program."""

    TABLE = "table"
    RECORDS = "records"
    WIDE = "wide"
    CSV = "csv"
    JSON = "json"

    @property
    def is_for_people(self) -> bool:
        """True if people read the rows, and not programs."""
        return self in (RowFormat.TABLE, RowFormat.RECORDS, RowFormat.WIDE)


def render(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    row_format: RowFormat,
    out: TextIO,
    on_notice: Callable[[str], None] | None = None,
) -> int:
    """Write the rows to `out`; return the number of written rows.

    `on_notice` is told what a terminal does not show (see `worker.report.table`).
    """
    if row_format.is_for_people:
        from worker.report.table import write_table

        return write_table(columns, rows, out, row_format, on_notice)
    safe = out.isatty()
    if row_format is RowFormat.CSV:
        return write_csv(columns, rows, out, safe=safe)
    return write_json(columns, rows, out)


def cell(value: object) -> str:
    """Return a value in the form that a table shows to people."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.1f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return plain_text(value)


def plain_text(value: object) -> str:
    """Return a value as text without loss: ISO 8601 for times, JSON for lists, hexadecimal for bytes."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False, default=plain_text)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)


def guarded(value: object) -> str:
    """Return a value for CSV; a text that a spreadsheet would run as a formula gets an apostrophe at its start."""
    text = plain_text(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def write_csv(
    columns: Sequence[str], rows: Iterable[Sequence[object]], out: TextIO, *, safe: bool = False, exact: bool = False
) -> int:
    """Write CSV (RFC 4180, but lines end in LF); return the number of rows.

    `safe`: escape control characters for a terminal. `exact`: leave out the guard against formulas.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the last count is returned
        cells: Iterator[str] = (plain_text(value) if exact else guarded(value) for value in row)
        writer.writerow([printable(text) for text in cells] if safe else cells)
    return count


def json_value(value: object) -> object:
    """Return a value that JSON can hold: NaN and infinite numbers become null, values of other types become text."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, str | int | float | list | dict):
        return value
    return plain_text(value)


def json_line(columns: Sequence[str], row: Sequence[object]) -> str:
    """Return a row as a JSON object on one line."""
    values = {name: json_value(value) for name, value in zip(columns, row, strict=True)}
    return printable_json(json.dumps(values, ensure_ascii=False, default=plain_text))


def write_json(columns: Sequence[str], rows: Iterable[Sequence[object]], out: TextIO) -> int:
    """Write a JSON array with one object a line; return the number of rows."""
    count = 0
    for count, row in enumerate(rows, start=1):
        out.write(("[\n  " if count == 1 else ",\n  ") + json_line(columns, row))
    out.write("[]\n" if count == 0 else "\n]\n")
    return count
