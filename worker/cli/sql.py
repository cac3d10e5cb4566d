"""`onrecord sql`: answers read-only SQL over the schema `report`."""

import sys
from typing import Annotated

import typer

from worker.cli.connection import reader_engine
from worker.cli.options import ASK, FormOption
from worker.report.render import RowFormat


def sql(
    statement: Annotated[
        str | None, typer.Argument(metavar='["SELECT …"]', help="One statement; without it, a prompt.")
    ] = None,
    form: FormOption = RowFormat.TABLE,
) -> None:
    """Ask the schema report in SQL, read-only.

    Without a statement there is a prompt: `\\d` lists the views, `\\d quotes` the columns of quotes, `\\q` quits. A
    statement may also come on stdin. In CSV, text that a spreadsheet would run as a formula gets an apostrophe before
    it.
    """
    from worker.cli.prompt import answer_line, prompt

    if statement is None and sys.stdin.isatty():
        with reader_engine() as engine:
            prompt(engine, form)
        return
    with reader_engine() as engine:
        answer_line(engine, statement if statement is not None else sys.stdin.read(), form)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=ASK)(sql)
