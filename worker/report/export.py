"""Whole views into a file: CSV, JSON lines or Parquet, with memory bounded however many rows there are."""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Engine

from worker.report.answer import Answer, ask
from worker.report.package import VIEWS, Package
from worker.report.render import json_line, write_csv


def export(
    engine: Engine,
    view: str,
    package: Package,
    out: BinaryIO,
    *,
    exact: bool = False,
    safe: bool = False,
    told: Callable[[int], None] = lambda _count: None,
) -> int:
    """Write all rows of a view to `out`, through a cursor on the server; how many there were.

    `exact`: no guard against formulas in CSV; `safe`: CSV for a terminal, without anything it would obey. `told` is
    called with the number of rows so far.
    """
    statement = f"SELECT * FROM {view} ORDER BY {VIEWS[view]}"  # noqa: S608 - both from the table above
    with ask(engine, statement, seconds=0) as answer:
        counted = Answer(answer.columns, telling(answer.rows, told))
        if package is Package.PARQUET:
            from worker.report.parquet import write_parquet

            return write_parquet(counted, out)
        return write_lines(counted, package, out, exact=exact, safe=safe)


def telling(rows: Iterator[tuple[Any, ...]], told: Callable[[int], None]) -> Iterator[tuple[Any, ...]]:
    """The same rows, with every 500th one told."""
    for count, row in enumerate(rows, start=1):
        yield row
        if count % 500 == 0:
            told(count)


def write_lines(answer: Answer, package: Package, out: BinaryIO, *, exact: bool, safe: bool) -> int:
    """CSV or JSON lines in UTF-8."""
    names = [column.name for column in answer.columns]
    text = io.TextIOWrapper(out, encoding="utf-8", newline="\n", write_through=False)
    count = 0
    try:
        if package is Package.CSV:
            count = write_csv(names, answer.rows, text, exact=exact, safe=safe)
        else:
            for count, row in enumerate(answer.rows, start=1):  # noqa: B007 - the last one is the answer
                text.write(json_line(names, row) + "\n")
        text.flush()
    finally:
        text.detach()
    return count


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its name only when it is complete; until then, and after an error, the old one stays."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
