"""Writes answers as a workbook of Excel (OOXML), row after row: many rows need no more memory than few."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from worker.report.answer import Answer
from worker.report.render import plain_text

ROWS_A_SHEET = 1_048_575
"""A sheet has so many rows below its headings; more go onto further sheets (ECMA-376, and Excel's own limit)."""
CHARACTERS_A_CELL = 32_767
"""A cell holds at most so many characters; of a longer text, the last one is an ellipsis."""
WIDTHS = {25: 30, 1082: 12, 1114: 20, 1184: 20}
"""Widths of columns by PostgreSQL's number of their type: texts, days, times. In less, Excel shows a time as `####`."""
IN_UTC = "All times are in UTC."
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that XML cannot hold; the replacement character stands for each."""


def write_workbook(answer: Answer, out: BinaryIO, meanings: Mapping[str, str] | None = None) -> int:
    """Write an answer to `out`; return the number of its rows.

    `meanings` says what the columns mean; they get a sheet of their own, after the rows. Texts are texts, also where
    they look like formulas. Times are in UTC and do not say so: Excel knows no zones.
    """
    book = Workbook(write_only=True)
    count = 0
    for number in range(1, 10_000):
        rows = list(islice(answer.rows, 1))
        if not rows and number > 1:
            break
        sheet = book.create_sheet(str(number))
        sheet.freeze_panes = "A2"
        for place, column in enumerate(answer.columns, start=1):
            if width := WIDTHS.get(column.type_oid):
                sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.append([cell_of(sheet, column.name, bold=True) for column in answer.columns])
        for row in chained(rows, islice(answer.rows, ROWS_A_SHEET - 1)):
            sheet.append([cell_of(sheet, value) for value in row])
            count += 1
    if meanings:
        write_meanings(book, answer, meanings)
    book.save(out)
    return count


def write_meanings(book: Workbook, answer: Answer, meanings: Mapping[str, str]) -> None:
    """Add the sheet that says what the columns mean."""
    sheet = book.create_sheet("columns")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 20, 100
    sheet.append([cell_of(sheet, heading, bold=True) for heading in ("column", "what it says")])
    for column in answer.columns:
        sheet.append([cell_of(sheet, column.name), cell_of(sheet, meanings.get(column.name, ""))])
    sheet.append([None, cell_of(sheet, IN_UTC)])


def chained(first: list[Any], others: Iterator[Any]) -> Iterator[Any]:
    """Yield the first rows, then the others."""
    yield from first
    yield from others


def cell_of(sheet: Any, value: object, *, bold: bool = False) -> object:
    """Return a cell with a value: numbers, days and times as such, everything else as text."""
    if value is None or isinstance(value, bool | int | float):
        return value if not isinstance(value, int) or abs(value) < 10**15 else cell_of(sheet, str(value))
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.year >= 1900 else value.isoformat()
    if isinstance(value, date):
        return value if value.year >= 1900 else value.isoformat()
    text = UNFIT.sub("\ufffd", joined(value))
    if len(text) > CHARACTERS_A_CELL:
        text = text[: CHARACTERS_A_CELL - 1] + "…"
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # openpyxl takes a text with = before it for a formula
    if bold:
        cell.font = Font(bold=True)
    return cell


def joined(value: object) -> str:
    """Return a value as text; a list of texts, such as the forms of a name, with commas between."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return plain_text(value)
