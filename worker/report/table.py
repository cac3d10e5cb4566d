"""Lays out answers for people: as a table if each column can be read in the width, otherwise as records.

A record is one row, with each column on a line of its own. On a terminal, long texts are cut and say how much of them
is missing; elsewhere nothing is left out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, TextIO

from worker.report.printable import printable
from worker.report.render import RowFormat, cell

if TYPE_CHECKING:
    from rich.console import Console

MOST_ROWS = 1000
"""Lay out at most this many rows together; on a terminal, stop after them."""
MOST_CHARACTERS = 600
"""Show at most this many characters of a text on a terminal, unless the user asks for whole texts."""

WIDTH = 120
"""A line has this many characters where the output is not a terminal."""
RULE = 60
"""The line above a record has at most this many characters."""
GAP = 3
"""This many characters are between two columns."""

READABLE = 16
"""A column of text can be read from this many characters on, if no text in it needs more than `MOST_LINES` lines."""
WIDEST = 40
"""A column of this many characters can always be read, however long its texts are."""
MOST_LINES = 15

Texts = list[list[str]]
"""The cells of some rows, as they are shown."""


@dataclass(slots=True)
class Column:
    """A column of a table: its name, and what the width depends on. Widths count characters of a terminal."""

    name: str
    longest: int
    has_numbers: bool
    has_dates: bool

    @property
    def is_wrapped(self) -> bool:
        """True if a cell may have several lines; numbers and dates never do."""
        return not (self.has_numbers or self.has_dates)

    @property
    def least(self) -> int:
        """The width from which the column can be read."""
        if not self.is_wrapped:
            return self.longest
        return min(self.longest, max(READABLE, min(WIDEST, -(-self.longest // MOST_LINES))))


def write_table(
    names: Sequence[str],
    rows: Iterable[Sequence[object]],
    out: TextIO,
    layout: RowFormat = RowFormat.TABLE,
    on_notice: Callable[[str], None] | None = None,
) -> int:
    """Write rows for people, and return their number.

    `on_notice` is told what a terminal does not show; without it, a terminal shows everything. `layout` is TABLE (a
    table if it can be read, else records), RECORDS, or WIDE (a table as wide as its texts).
    """
    from rich.console import Console

    console = Console(file=out, highlight=False, width=None if out.isatty() else WIDTH)
    is_screen = out.isatty()
    is_cut = is_screen and layout is RowFormat.TABLE and on_notice is not None
    source = iter(rows)
    names = [printable(name) for name in names]
    count, chosen, has_cut = 0, layout, False
    while block := list(islice(source, MOST_ROWS)):
        cells = [[cell(value) for value in row] for row in block]
        if is_cut:
            has_cut |= any(len(text) > MOST_CHARACTERS for row in cells for text in row)
            cells = [[cut(text) for text in row] for row in cells]
        if not count:
            chosen = chosen_layout(layout, columns_of(names, block, cells), console.width)
        if chosen is RowFormat.RECORDS:
            write_records(names, cells, out, count + 1, console if is_screen else None)
        else:
            print_table(columns_of(names, block, cells), cells, console, is_wide=chosen is RowFormat.WIDE)
        count += len(block)
        if is_screen and on_notice is not None and next(source, None) is not None:
            on_notice(f"The first {MOST_ROWS:,} rows; --format csv or json gives all of them.")
            break
    if not count:
        print_table(columns_of(names, [], []), [], console, is_wide=False)
    out.flush()
    if has_cut and on_notice is not None:
        on_notice("Long texts are cut; --format records shows them whole.")
    return count


def columns_of(names: Sequence[str], rows: Sequence[Sequence[object]], cells: Texts) -> list[Column]:
    """Return the columns of some rows."""
    from rich.cells import cell_len

    return [
        Column(
            name,
            max([cell_len(name), *(cell_len(printable(row[place])) for row in cells)]),
            any(is_number(row[place]) for row in rows),
            any(isinstance(row[place], date) for row in rows),
        )
        for place, name in enumerate(names)
    ]


def chosen_layout(layout: RowFormat, columns: Sequence[Column], width: int) -> RowFormat:
    """Return the layout: a table only if each of its columns can be read in `width` characters."""
    needed = sum(column.least for column in columns) + GAP * (len(columns) - 1)
    if layout is RowFormat.TABLE and needed > width:
        return RowFormat.RECORDS
    return layout


def print_table(columns: Sequence[Column], cells: Texts, console: "Console", *, is_wide: bool) -> None:
    """Print a table. `is_wide`: each column is as wide as its longest text, whatever the width of the terminal is."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(
            Text(column.name),
            justify="right" if column.has_numbers else "left",
            overflow="fold",
            min_width=column.longest if is_wide else column.least,
            no_wrap=not column.is_wrapped,
        )
    for row in cells:
        table.add_row(*(Text(printable(text)) for text in row))
    if is_wide:
        width = max(console.width, sum(column.longest for column in columns) + GAP * len(columns))
        console = Console(file=console.file, highlight=False, width=width, height=MOST_ROWS)  # whatever the terminal is
    console.print(table)


def write_records(names: Sequence[str], cells: Texts, out: TextIO, first: int, screen: "Console | None") -> None:
    """Write rows as records, numbered from `first`. Only for a screen, long lines are wrapped."""
    from rich.cells import cell_len, set_cell_size

    indent = max((cell_len(name) for name in names), default=0) + GAP
    for number, row in enumerate(cells, start=first):
        rule = f"─[ {number} ]"
        out.write(rule + "─" * (min(RULE, screen.width if screen else RULE) - len(rule)) + "\n")
        for name, text in zip(names, row, strict=True):
            lines = wrapped(printable(text, lines=True), screen, indent)
            for place, line in enumerate(lines):
                begin = set_cell_size("" if place else name, indent)
                out.write(f"{begin}{line}".rstrip() + "\n")


def wrapped(text: str, screen: "Console | None", indent: int) -> Iterator[str]:
    """Yield the lines of a text, without blank ones at its ends; for a screen, cut into its width after `indent`."""
    from rich.text import Text

    text = text.strip("\n")
    if screen is None or not text:
        yield from text.split("\n")
        return
    for line in Text(text).wrap(screen, max(screen.width - indent, READABLE), overflow="fold"):
        yield line.plain


def cut(text: str) -> str:
    """Return the beginning of a long text, and how many characters are missing."""
    rest = len(text) - MOST_CHARACTERS
    return f"{text[:MOST_CHARACTERS]}… ({rest:,} more characters)" if rest > 0 else text


def is_number(value: object) -> bool:
    """True if a table aligns the value at the right, as a number."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
