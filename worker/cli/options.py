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

LIMIT = 50
"""At most this many rows are printed, unless --limit gives another number."""

FormOption = Annotated[RowFormat, typer.Option("--format", "-f", help="How to write the rows.")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=0, help="At most this many rows; 0: all.")]
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
