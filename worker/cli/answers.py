"""What commands share that ask the schema `report`: write the answer to stdout, and remarks to stderr."""

import contextlib
import resource
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from worker.report.render import RowFormat, render

if TYPE_CHECKING:
    from sqlalchemy import Engine

ANSWER_BYTES = 1_500_000_000
"""At most this many bytes may an answer add to the memory of the command; a page of a table takes megabytes."""


def write_answer(
    engine: "Engine", statement: str, parameters: Mapping[str, object] | None = None, form: RowFormat = RowFormat.TABLE
) -> int:
    """Run a statement, write its rows to stdout, and return how many they were."""
    from worker.report.answer import ask

    with bounded_memory(), ask(engine, statement, parameters) as answer:
        return render([column.name for column in answer.columns], answer.rows, form, sys.stdout)


@contextlib.contextmanager
def bounded_memory(growth: int = ANSWER_BYTES) -> Iterator[None]:
    """Let this process grow by at most `growth` bytes: an endless cell then ends in a message, not in a full machine.

    Linux only; elsewhere nothing is limited.
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


def remark(text: str) -> None:
    """Print a line for the person at the terminal, on stderr so that nobody takes it for a row."""
    from worker.report.printable import printable

    print(printable(text), file=sys.stderr)


def remark_on_limit(count: int, limit: int) -> None:
    """Remark that there may be more rows."""
    if limit and count == limit:
        remark(f"The first {limit} rows; --limit 0 gives all of them.")
