"""Asking the schema `report` and writing the answer to stdout, as several commands do."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from worker.report.render import Form, render

if TYPE_CHECKING:
    from sqlalchemy import Engine


def write_answer(
    engine: "Engine", statement: str, parameters: Mapping[str, Any] | None = None, form: Form = Form.TABLE
) -> int:
    """Ask as the reader and write the rows; how many there were."""
    from worker.report.answer import ask

    with ask(engine, statement, parameters) as answer:
        return render([column.name for column in answer.columns], answer.rows, form, sys.stdout)


def remark(text: str) -> None:
    """A line for the person at the terminal, on stderr so that it is never taken for a row."""
    from worker.report.printable import printable

    print(printable(text), file=sys.stderr)


def remark_on_limit(count: int, limit: int) -> None:
    """Say that there may be more rows."""
    if limit and count == limit:
        remark(f"The first {limit} rows; --limit 0 gives all of them.")
