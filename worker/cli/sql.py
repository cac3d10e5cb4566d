"""`onrecord sql`: answers read-only SQL over the schema `report`."""

import sys
from typing import Annotated

import typer

from worker.cli.connection import reader_login
from worker.cli.errors import Complaint
from worker.cli.options import ASK
from worker.cli.saving import OutputOption, SavedFormOption, save
from worker.report.render import RowFormat


def sql(
    statement: Annotated[
        str | None, typer.Argument(metavar='["SELECT …"]', help="One statement; without it, a prompt.")
    ] = None,
    form: SavedFormOption = None,
    expanded: Annotated[
        bool, typer.Option("--expanded", "-x", help="Records: one column a line, texts whole (--format records).")
    ] = False,
    wide: Annotated[
        bool, typer.Option("--wide", "-w", help="A table as wide as its texts; for `less -S` (--format wide).")
    ] = False,
    output: OutputOption = None,
) -> None:
    """Ask the schema report in SQL, read-only.

    Without a statement there is a prompt: `help` says what it understands, and Tab completes names. A statement may
    also come on stdin. An answer is a table if its columns can be read in the width of the terminal, and otherwise
    records; on a terminal, long texts are cut. In CSV, text that a spreadsheet would run as a formula gets an
    apostrophe before it.
    """
    from worker.cli.prompt import answer_line, prompt
    from worker.report.answer import STATEMENT_SECONDS

    if (form is not None) + expanded + wide > 1:
        raise Complaint("An answer has one format.", "Give one of --format, --expanded and --wide.", code=2)
    form = RowFormat.RECORDS if expanded else RowFormat.WIDE if wide else form
    if statement is None and not sys.stdin.isatty():
        statement = sys.stdin.read()
    if output is not None:
        if statement is None:
            raise Complaint("There is no statement to write the answer of.", 'Give it: onrecord sql "SELECT …" -o FILE')
        save(statement, None, output, form, seconds=STATEMENT_SECONDS)
        return
    with reader_login() as reader:
        if statement is None:
            prompt(reader, form or RowFormat.TABLE)
        else:
            answer_line(reader, statement, form or RowFormat.TABLE)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=ASK)(sql)
