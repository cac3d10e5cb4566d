"""Saves the answer to a question in the file that --output names; the ending of the file decides its format."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from worker.cli.answers import remark
from worker.cli.connection import reader_login
from worker.cli.errors import Complaint
from worker.cli.options import LIMIT, from_zero
from worker.cli.output import STANDARD, output_path, written
from worker.cli.plural import counted
from worker.cli.progress import progress_bar
from worker.report.file_format import FileFormat, called, named_by_ending
from worker.report.render import RowFormat

if TYPE_CHECKING:
    from worker.report.answer import Row

TEXT = 25
OF_VALUES = {int: 20, bool: 16, datetime: 1184, dict: 3802}
"""PostgreSQL's numbers of the types of values, for columns that no server describes."""
*OTHERS, LAST = (f".{ending}" for ending in FileFormat)
ENDINGS = f"{', '.join(OTHERS)} or {LAST}"

OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        parser=output_path,
        help=f"Write all rows to this file ({ENDINGS}), which is replaced when the new one is complete. -: stdout.",
    ),
]
SavedFormOption = Annotated[
    RowFormat | None,
    typer.Option("--format", "-f", help="How to write the rows; without it a table, or what the ending of FILE says."),
]

SavedLimitOption = Annotated[
    int | None,
    typer.Option(
        "--limit",
        "-n",
        metavar="INTEGER",
        parser=from_zero,
        help=f"At most this many rows; 0: all. Without it {LIMIT}, and all in a file.",
    ),
]


def most_rows(limit: int | None, output: Path | None) -> int:
    """Return the limit on rows, 0 for none: what was typed, or without that none for a file, and `LIMIT` for people."""
    if limit is not None:
        return limit
    return LIMIT if output is None else 0


def format_of(path: Path, chosen: StrEnum | None) -> FileFormat:
    """Return the format of a file from its ending, or from the option --format if its name has no such ending.

    A name without an ending means CSV. Raises `Complaint` if ending and option contradict each other, or if neither
    says a format.
    """
    named = named_by_ending(path)
    if named is None:
        if chosen is not None and (file_format := called(chosen.value)):
            return file_format
        if chosen is not None:
            raise Complaint(f"No file has the format {chosen.value}.", f"Files end with {ENDINGS}.", code=2)
        if path.suffix:
            raise Complaint(
                f"The ending of {path} names no format.", f"End it with {ENDINGS}, or give --format.", code=2
            )
        return FileFormat.CSV
    if chosen is not None and chosen.value != named.value:
        advice = "Leave --format out, or give the file another ending."
        raise Complaint(f"{path} ends with .{named.value}, and --format says {chosen.value}.", advice, code=2)
    return named


def save(
    statement: str,
    parameters: Mapping[str, object] | None,
    output: Path,
    chosen: StrEnum | None,
    *,
    noun: str = "rows",
    view: str | None = None,
    exact: bool = False,
    has_mark: bool = False,
    seconds: float = 0,
) -> int:
    """Ask, and write all rows to the file `output`; say how many, and return the number.

    `noun` is what a row is. `view`: the view whose columns the rows have. `seconds` limits the server's work (0: no
    limit); for the other parameters see `Style`.
    """
    from worker.report.answer import ask
    from worker.report.catalogue import meanings
    from worker.report.export import Style, write_file

    file_format = format_of(output, chosen)
    if has_mark and file_format is not FileFormat.CSV:
        raise Complaint("--bom is for CSV.", "Leave it out.", code=2)
    with written(output) as file, reader_login() as reader:
        on_terminal = demand_place(file, file_format, noun)
        columns = meanings(reader, view) if view and file_format is FileFormat.XLSX else {}
        style = Style(exact=exact, safe=on_terminal, has_mark=has_mark, meanings=columns)
        with (
            progress(noun, shown=output != STANDARD) as show_count,
            ask(reader, statement, parameters, seconds=seconds) as answer,
        ):
            count = write_file(answer, file_format, file, style, show_count)
    if output != STANDARD:
        remark(f"{counted(count, noun.removesuffix('s'))} in {output}")
    return count


def save_rows(names: Sequence[str], rows: "Sequence[Row]", output: Path, chosen: StrEnum | None, *, noun: str) -> None:
    """Write rows that are there already to the file `output`, and say how many; see `save`."""
    from worker.report.answer import Answer, Column
    from worker.report.export import Style, write_file

    file_format = format_of(output, chosen)
    with written(output) as file:
        on_terminal = demand_place(file, file_format, noun)
        columns = tuple(Column(name, OF_VALUES.get(kind_of(rows, place), TEXT)) for place, name in enumerate(names))
        count = write_file(Answer(columns, iter(rows)), file_format, file, Style(safe=on_terminal))
    if output != STANDARD:
        remark(f"{counted(count, noun.removesuffix('s'))} in {output}")


def kind_of(rows: "Sequence[Row]", place: int) -> type:
    """Return the type of the values in a column of rows: that of the first that is not null; text without any."""
    return next((type(row[place]) for row in rows if row[place] is not None), str)


def demand_place(file: BinaryIO, file_format: FileFormat, noun: str) -> bool:
    """Return whether a file is a terminal. Raises `Complaint` if its format cannot be shown there."""
    on_terminal = file.isatty()
    if on_terminal and file_format.is_binary:
        name = {FileFormat.PARQUET: "Parquet", FileFormat.XLSX: "XLSX"}[file_format]
        raise Complaint(f"{name} cannot be shown on a terminal.", f"Give a file: -o {noun}.{file_format.value}")
    return on_terminal


@contextmanager
def progress(noun: str, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Yield a function that shows a count of `noun` on a line of stderr, if `shown` and if stderr is a terminal."""
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} {task.description}"), TimeElapsedColumn())
    with progress_bar(*columns, shown=shown) as bar:
        task = bar.add_task(noun, total=None)
        yield lambda count: bar.update(task, completed=count)
