"""`onrecord sql`: answers read-only SQL over the schema `report`."""

import sys
from typing import Annotated

import typer

from worker.cli.connection import reader_engine
from worker.cli.errors import Complaint
from worker.cli.options import ASK, FormOption
from worker.report.render import RowFormat


def sql(
    statement: Annotated[
        str | None, typer.Argument(metavar='["SELECT …"]', help="One statement; without it, a prompt.")
    ] = None,
    form: FormOption = RowFormat.TABLE,
    expanded: Annotated[
        bool, typer.Option("--expanded", "-x", help="Records: one column a line, texts whole (--format records).")
    ] = False,
    wide: Annotated[
        bool, typer.Option("--wide", "-w", help="A table as wide as its texts; for `less -S` (--format wide).")
    ] = False,
) -> None:
    """Ask the schema report in SQL, read-only.

    Without a statement there is a prompt: `help` says what it understands, and Tab completes names. A statement may
    also come on stdin. An answer is a table if its columns can be read in the width of the terminal, and otherwise
    records; on a terminal, long texts are cut. In CSV, text that a spreadsheet would run as a formula gets an
    apostrophe before it.
    """
    if (form is not RowFormat.TABLE) + expanded + wide > 1:
        raise Complaint("An answer has one format.", "Give one of --format, --expanded and --wide.", code=2)
    form = RowFormat.RECORDS if expanded else RowFormat.WIDE if wide else form
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
