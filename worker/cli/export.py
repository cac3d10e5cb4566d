"""`onrecord export`: writes whole views as CSV, JSON lines or Parquet."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from worker.cli.answers import remark
from worker.cli.connection import reader_engine
from worker.cli.errors import Complaint
from worker.cli.options import ASK
from worker.report.file_format import FileFormat


class ExportView(StrEnum):
    """The views that can be exported."""

    QUOTES = "quotes"
    ARTICLES = "articles"
    FILES = "files"
    STATEMENTS = "statements"
    SPEAKERS = "speakers"


def export(
    view: Annotated[ExportView, typer.Argument(help="What to export.")] = ExportView.QUOTES,
    file_format: Annotated[FileFormat, typer.Option("--format", "-f", help="Which file format.")] = FileFormat.CSV,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="The file to write; default: stdout.")
    ] = None,
    exact: Annotated[bool, typer.Option("--exact", help="CSV without the guard against formulas.")] = False,
) -> None:
    """Write whole views to CSV, JSON lines or Parquet.

    Rows are streamed, so many rows need no more memory than few. In CSV, text that a spreadsheet would run as a formula
    gets an apostrophe before it, unless --exact is given. JSON lines and Parquet are always exact.
    """
    from worker.report.export import export as write
    from worker.report.export import whole_file

    if output is None:
        if sys.stdout.isatty() and file_format is FileFormat.PARQUET:
            raise Complaint("Parquet cannot be shown on a terminal.", "Give a file: -o quotes.parquet")
        with reader_engine() as engine:
            write(engine, view.value, file_format, sys.stdout.buffer, exact=exact, safe=sys.stdout.isatty())
        return
    if not output.parent.is_dir():
        raise Complaint(f"There is no folder {output.parent}.", "Make it, or name another file.")
    with reader_engine() as engine, whole_file(output) as file, progress(view.value) as show_count:
        count = write(engine, view.value, file_format, file, exact=exact, on_progress=show_count)
    remark(f"{count:,} {view.value} in {output}")


@contextmanager
def progress(noun: str) -> Iterator[Callable[[int], None]]:
    """Yield a function that shows a count of `noun` on a line of stderr; nothing is shown if stderr is no terminal."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} {task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(noun, total=None)
        yield lambda count: bar.update(task, completed=count)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=ASK)(export)
