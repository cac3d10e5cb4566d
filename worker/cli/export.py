"""`onrecord export`: writes whole views as CSV, JSON lines or Parquet."""

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
from worker.cli.output import STANDARD, output_path, written
from worker.cli.progress import progress_bar
from worker.report.file_format import FileFormat


class ExportView(StrEnum):
    """The views that can be exported."""

    QUOTES = "quotes"
    CANDIDATES = "candidates"
    ARTICLES = "articles"
    FILES = "files"
    STATEMENTS = "statements"
    SPEAKERS = "speakers"


def export(
    view: Annotated[ExportView, typer.Argument(help="What to export.")] = ExportView.QUOTES,
    file_format: Annotated[FileFormat, typer.Option("--format", "-f", help="Which file format.")] = FileFormat.CSV,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            parser=output_path,
            help="The file to write; an existing file is replaced when the new one is complete. -: stdout.",
        ),
    ] = STANDARD,
    exact: Annotated[bool, typer.Option("--exact", help="CSV without the guard against formulas.")] = False,
) -> None:
    """Write whole views to CSV, JSON lines or Parquet.

    Rows are streamed, so many rows need no more memory than few. In CSV, text that a spreadsheet would run as a formula
    gets an apostrophe before it, unless --exact is given. JSON lines and Parquet are always exact.
    """
    from worker.report.export import export as write

    with written(output) as file, reader_engine() as engine:
        on_terminal = file.isatty()
        if on_terminal and file_format is FileFormat.PARQUET:
            raise Complaint("Parquet cannot be shown on a terminal.", "Give a file: -o quotes.parquet")
        with progress(view.value, shown=output != STANDARD) as show_count:
            count = write(engine, view.value, file_format, file, exact=exact, safe=on_terminal, on_progress=show_count)
    if output != STANDARD:
        remark(f"{count:,} {view.value} in {output}")


@contextmanager
def progress(noun: str, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Yield a function that shows a count of `noun` on a line of stderr, if `shown` and if stderr is a terminal."""
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} {task.description}"), TimeElapsedColumn())
    with progress_bar(*columns, shown=shown) as bar:
        task = bar.add_task(noun, total=None)
        yield lambda count: bar.update(task, completed=count)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=ASK)(export)
