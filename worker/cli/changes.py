"""`onrecord changes`: prints what changed in `report.quotes`, by number, once or as it comes."""

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.answers import remark, remark_on_limit, write_line
from worker.cli.connection import reader_engine
from worker.cli.options import ASK, LIMIT, LimitOption, from_zero

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from worker.report.changes import ChangeNow

BATCH = 1_000
"""Read so many changes at a time."""
FOLLOW_SECONDS = 1.0
"""With --follow, look for new changes so often."""
LONGEST = 140
"""Print so many characters of a quotation on a terminal."""


def changes(
    after: Annotated[
        int | None,
        typer.Option(
            "--after", metavar="NUMBER", parser=from_zero, help="Those with higher numbers; default: the last ones."
        ),
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on: print new changes as they come.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with what the quote shows now.")] = (
        False
    ),
    limit: LimitOption = LIMIT,
) -> None:
    """What changed in `report.quotes`: added, changed, removed, joined; each change has a number.

    A program remembers the last number that it has dealt with, and gives it with --after: so it misses nothing and
    repeats nothing. With --follow and without --after, it begins with what changes from now on; --limit does not count.
    """
    with reader_engine() as engine:
        try:
            if follow:
                follow_from(engine, after, as_json=as_json)
            else:
                print_some(engine, after, limit, as_json=as_json)
        except KeyboardInterrupt:
            if not follow:
                raise


def print_some(engine: "Engine", after: int | None, limit: int, *, as_json: bool) -> None:
    """Print the changes after a number, or the last ones; `limit` 0: all of them."""
    from worker.report import changes as report

    if after is None and limit:
        with engine.connect() as connection:
            found = report.last(connection, limit)
        write(found, as_json=as_json)
        if not found:
            remark("Nothing has changed yet. Workers number the changes, a few seconds after they happen.")
        return
    number, count = after or 0, 0
    while not limit or count < limit:
        with engine.connect() as connection:
            found = report.after(connection, number, min(BATCH, limit - count) if limit else BATCH)
        if not found:
            break
        write(found, as_json=as_json)
        number, count = found[-1].change.change_id, count + len(found)
    if not count:
        remark(f"Nothing has changed after {number}.")
    remark_on_limit(count, limit)


def follow_from(engine: "Engine", after: int | None, *, as_json: bool) -> None:
    """Print the changes after a number, or from now on, as they come, until the user or an error ends it."""
    from worker.report import changes as report
    from worker.store.changes import latest
    from worker.store.db.engine import single_statements

    with single_statements(engine) as connection:
        number = latest(connection) if after is None else after
    while True:
        with single_statements(engine) as connection:
            found = report.after(connection, number, BATCH)
        write(found, as_json=as_json)
        if found:
            number = found[-1].change.change_id
        else:
            time.sleep(FOLLOW_SECONDS)


def write(found: "Iterable[ChangeNow]", *, as_json: bool) -> None:
    """Print a line for each change, at once."""
    import json

    from worker.report.printable import printable_json

    for each in found:
        if as_json:
            print(printable_json(json.dumps(each.to_json(), ensure_ascii=False)))
        else:
            write_line(line(each, whole=not sys.stdout.isatty()))
    sys.stdout.flush()


def line(each: "ChangeNow", *, whole: bool = True) -> str:
    """Return the line of a change for people; `whole`: with all words of the quotation."""
    change, now = each.change, each.now
    if change.kind == "restored":
        return f"{change.change_id}  restored  A backup was restored: any quote may show otherwise now."
    what = f" ({', '.join(change.what)})" if change.what else ""
    head = f"{change.change_id}  {change.kind}{what}  quote {change.quote_id}"
    if now is None:
        return head + ("" if change.kind == "removed" else "  (not shown any more)")
    words = now.quote if whole or len(now.quote) <= LONGEST else f"{now.quote[:LONGEST].rstrip()} …"
    who = now.speaker or (f"({now.source_text})" if now.source_text else "(unknown)")
    return f"{head}  {who}: {f'{now.cue}: ' if now.cue else ''}{words}"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=ASK)(changes)
