"""Asking the schema `report` and writing the answer to stdout, as several commands do."""

import contextlib
import resource
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worker.report.render import RowFormat, render

if TYPE_CHECKING:
    from sqlalchemy import Engine

MOST_BYTES = 1_500_000_000
"""What an answer may take beside what the command itself takes; a page of a table takes some megabytes."""


def write_answer(
    engine: "Engine", statement: str, parameters: Mapping[str, Any] | None = None, form: RowFormat = RowFormat.TABLE
) -> int:
    """Ask as the reader and write the rows; how many there were."""
    from worker.report.answer import ask

    with bounded_memory(), ask(engine, statement, parameters) as answer:
        return render([column.name for column in answer.columns], answer.rows, form, sys.stdout)


@contextlib.contextmanager
def bounded_memory(most: int = MOST_BYTES) -> Iterator[None]:
    """Let this process grow by no more than `most` bytes: an endless cell ends in a sentence, not in a full machine.

    Linux only; elsewhere there is no such limit.
    """
    try:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = used + most
    tighter = all(limit == resource.RLIM_INFINITY or wanted < limit for limit in (soft, hard))
    if tighter:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    try:
        yield
    finally:
        if tighter:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def remark(text: str) -> None:
    """A line for the person at the terminal, on stderr so that it is never taken for a row."""
    from worker.report.printable import printable

    print(printable(text), file=sys.stderr)


def remark_on_limit(count: int, limit: int) -> None:
    """Say that there may be more rows."""
    if limit and count == limit:
        remark(f"The first {limit} rows; --limit 0 gives all of them.")
