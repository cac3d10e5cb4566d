"""Writes whole views as CSV, JSON lines or Parquet; the memory needed does not grow with the number of rows."""

import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from sqlalchemy import Engine

from worker.report.answer import Answer, Row, ask
from worker.report.file_format import VIEWS, FileFormat
from worker.report.render import json_line, write_csv


def export(
    engine: Engine,
    view: str,
    file_format: FileFormat,
    out: BinaryIO,
    *,
    exact: bool = False,
    safe: bool = False,
    on_progress: Callable[[int], None] = lambda _count: None,
) -> int:
    """Write all rows of a view to `out`; return the number of rows. Raises `KeyError` if the view is not in `VIEWS`.

    `exact`: CSV without the guard against formulas. `safe`: escape control characters for a terminal in CSV.
    `on_progress` is called after every 500 rows, with the number of rows so far.
    """
    with ask(engine, whole_view(view), seconds=0) as answer:
        counted = Answer(answer.columns, counted_rows(answer.rows, on_progress))
        if file_format is FileFormat.PARQUET:
            from worker.report.parquet import write_parquet

            return write_parquet(counted, out)
        return write_lines(counted, file_format, out, exact=exact, safe=safe)


def whole_view(view: str) -> str:
    """Return the statement that selects all rows of a view, in the order that `VIEWS` gives."""
    return f"""
SELECT * FROM {view}
ORDER BY {VIEWS[view]}
"""  # noqa: S608 - only a view of VIEWS and its order go in


def counted_rows(rows: Iterator[Row], on_progress: Callable[[int], None]) -> Iterator[Row]:
    """Yield the rows, and call `on_progress` with the count after every 500 rows."""
    for count, row in enumerate(rows, start=1):
        yield row
        if count % 500 == 0:
            on_progress(count)


def write_lines(answer: Answer, file_format: FileFormat, out: BinaryIO, *, exact: bool, safe: bool) -> int:
    """Write an answer as CSV or JSON lines in UTF-8; return the number of rows."""
    names = [column.name for column in answer.columns]
    text = io.TextIOWrapper(out, encoding="utf-8", newline="\n", write_through=False)
    count = 0
    try:
        if file_format is FileFormat.CSV:
            count = write_csv(names, answer.rows, text, exact=exact, safe=safe)
        else:
            for count, row in enumerate(answer.rows, start=1):  # noqa: B007 - the last count is returned
                text.write(json_line(names, row) + "\n")
        text.flush()
    finally:
        text.detach()
    return count
