"""Writes answers as files: CSV, JSON, JSON lines, Parquet or XLSX. Many rows need no more memory than few."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from worker.report.answer import Answer, Row
from worker.report.file_format import VIEWS, FileFormat
from worker.report.render import json_line, write_csv, write_json

BYTE_ORDER_MARK = "\ufeff"
"""By this mark at the start, Excel knows that a CSV file is in UTF-8."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a file is written, beside its format."""

    exact: bool = False
    """CSV without the guard against formulas."""
    safe: bool = False
    """CSV with escapes for control characters, for a terminal."""
    has_mark: bool = False
    """CSV with a byte-order mark."""
    meanings: Mapping[str, str] = field(default_factory=dict)
    """What the columns mean, for a sheet of XLSX."""


def whole_view(view: str) -> str:
    """Return the statement that selects all rows of a view, in the order that `VIEWS` gives. Raises `KeyError`."""
    return f"""
SELECT * FROM {view}
ORDER BY {VIEWS[view]}
"""  # noqa: S608 - only a view of VIEWS and its order go in


def write_file(
    answer: Answer,
    file_format: FileFormat,
    out: BinaryIO,
    style: Style,
    on_progress: Callable[[int], None] = lambda _count: None,
) -> int:
    """Write all rows of an answer to `out`; return the number of rows.

    `on_progress` is called after every 500 rows, with the number of rows so far.
    """
    counted = Answer(answer.columns, counted_rows(answer.rows, on_progress))
    if file_format is FileFormat.PARQUET:
        from worker.report.parquet import write_parquet

        return write_parquet(counted, out)
    if file_format is FileFormat.XLSX:
        from worker.report.workbook import write_workbook

        return write_workbook(counted, out, style.meanings)
    return write_lines(counted, file_format, out, style)


def counted_rows(rows: Iterator[Row], on_progress: Callable[[int], None]) -> Iterator[Row]:
    """Yield the rows, and call `on_progress` with the count after every 500 rows."""
    for count, row in enumerate(rows, start=1):
        yield row
        if count % 500 == 0:
            on_progress(count)


def write_lines(answer: Answer, file_format: FileFormat, out: BinaryIO, style: Style) -> int:
    """Write an answer as CSV, JSON or JSON lines in UTF-8; return the number of rows."""
    names = [column.name for column in answer.columns]
    text = io.TextIOWrapper(out, encoding="utf-8", newline="\n", write_through=False)
    count = 0
    try:
        if file_format is FileFormat.CSV:
            text.write(BYTE_ORDER_MARK if style.has_mark else "")
            count = write_csv(names, answer.rows, text, exact=style.exact, safe=style.safe)
        elif file_format is FileFormat.JSON:
            count = write_json(names, answer.rows, text)
        else:
            for count, row in enumerate(answer.rows, start=1):  # noqa: B007 - the last count is returned
                text.write(json_line(names, row) + "\n")
        text.flush()
    finally:
        text.detach()
    return count
