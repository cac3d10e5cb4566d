"""Options that several commands share."""

from enum import StrEnum
from typing import Annotated

import typer

from worker.report.render import RowFormat

RUN = "Run"
ASK = "Ask"
HAPPENED = "See what happened"
CORRECT = "Correct"
KEEP = "Look after the database"

LARGEST = 2**63 - 1
"""At most this number is accepted: the largest that PostgreSQL's `bigint`, and so any row's id, can be."""


def from_zero(typed: int | str) -> int:
    """Return the number that was typed in ASCII digits, 0 or more.

    Other than this, `int` also reads digits of other scripts, underscores between digits, and numbers of any length.
    """
    text = str(typed).strip()
    if not (text.isascii() and text.isdigit()):
        raise typer.BadParameter(f"{text!r} is no whole number; give one in the digits 0 to 9.")
    if len(text) > len(str(LARGEST)) or int(text) > LARGEST:
        raise typer.BadParameter(f"{text:.20}… is too large; give at most {LARGEST}.")
    return int(text)


def from_one(typed: int | str) -> int:
    """Return the number that was typed in ASCII digits, 1 or more; the id of a row, for example."""
    number = from_zero(typed)
    if number < 1:
        raise typer.BadParameter(f"{number} is too small; give 1 or more.")
    return number


LIMIT = 50
"""At most this many rows are printed, unless --limit gives another number."""

FormOption = Annotated[RowFormat, typer.Option("--format", "-f", help="How to write the rows.")]
LimitOption = Annotated[
    int, typer.Option("--limit", "-n", metavar="INTEGER", parser=from_zero, help="At most this many rows; 0: all.")
]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DAY", help="From this day on: 2024-05-17, today, yesterday, 7d.")
]
UntilOption = Annotated[str | None, typer.Option("--until", metavar="DAY", help="Until the end of this day.")]
ReasonOption = Annotated[
    str, typer.Option("--reason", "-r", metavar="WHY", help="Why; stored with the decision.", show_default=False)
]


class QuoteKind(StrEnum):
    """The kinds of quotations, as in `report.quotes.kind`."""

    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"
