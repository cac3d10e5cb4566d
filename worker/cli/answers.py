"""Functions for commands that ask the schema `report`: they write the answer to stdout, and remarks to stderr."""

import contextlib
import resource
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from worker.report.printable import printable
from worker.report.render import RowFormat, render

if TYPE_CHECKING:
    from worker.store.db.login import Login

ANSWER_BYTES = 1_500_000_000
"""At most this many bytes may be added to the command's memory by an answer; a page of a table takes megabytes."""


def write_answer(
    reader: "Login", statement: str, parameters: Mapping[str, object] | None = None, form: RowFormat = RowFormat.TABLE
) -> int:
    """Run a statement, write its rows to stdout, and return the number of rows."""
    from worker.cli.streams import exact
    from worker.report.answer import ask

    exactly = exact() if form is RowFormat.CSV else contextlib.nullcontext()
    with exactly, bounded_memory(), ask(reader, statement, parameters) as answer:
        return render([column.name for column in answer.columns], answer.rows, form, sys.stdout, remark)


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[object]], form: RowFormat = RowFormat.TABLE) -> int:
    """Write rows that are there already to stdout, and return their number."""
    from worker.cli.streams import exact

    with exact() if form is RowFormat.CSV else contextlib.nullcontext():
        return render(columns, rows, form, sys.stdout, remark)


@contextlib.contextmanager
def bounded_memory(growth: int = ANSWER_BYTES) -> Iterator[None]:
    """Let this process grow by at most `growth` bytes. So a huge value ends in a message, and does not fill the memory.

    This works on Linux only; elsewhere nothing is limited.
    """
    try:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = used + growth
    is_tighter = all(current == resource.RLIM_INFINITY or limit < current for current in (soft, hard))
    if is_tighter:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        if is_tighter:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def write_line(text: str = "") -> None:
    """Print a line on stdout, at once; control characters of arguments, names and texts are escaped."""
    print(printable(text), flush=True)


def remark(text: str) -> None:
    """Print a line for the person at the terminal, on stderr, so that nobody reads the line as a row of the answer."""
    print(printable(text), file=sys.stderr)


def remark_on_limit(count: int, limit: int) -> None:
    """Print a remark that there may be more rows, if the answer has as many rows as the limit."""
    if limit and count == limit:
        remark(f"The first {limit} rows; --limit 0 gives all of them.")
