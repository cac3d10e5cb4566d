"""`onrecord report`: ready reports."""

from typing import Annotated

import typer

from worker.cli.answers import remark, remark_on_limit, write_answer
from worker.cli.connection import reader_engine
from worker.cli.errors import Complaint
from worker.cli.options import ASK, MOST, FormOption, LimitOption, SinceOption, UntilOption
from worker.report import day
from worker.report.ready import REPORTS, Report, Wants
from worker.report.render import RowFormat


def report(
    name: Annotated[str | None, typer.Argument(help="Which report; without it, they are listed.")] = None,
    about: Annotated[str | None, typer.Argument(metavar="[SPEAKER]", help="Whom it is about.")] = None,
    speaker: Annotated[str | None, typer.Option("--speaker", "-s", help="Whom it is about.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: LimitOption = MOST,
    form: FormOption = RowFormat.TABLE,
) -> None:
    """Ready reports; without a name, lists them."""
    if name is None:
        list_reports()
        return
    chosen = REPORTS.get(name)
    if chosen is None:
        raise Complaint(f"There is no report “{name}”.", f"There are: {', '.join(REPORTS)}.")
    whom = checked_speaker(chosen, speaker or about)
    first = day.since(since or "today") if since or chosen.today else None
    statement, parameters = chosen.statement(whom, first, day.until(until) if until else None, limit)
    if form is RowFormat.TABLE:
        print(f"{chosen.shows[0].upper()}{chosen.shows[1:]}{f': {whom}' if whom else ''}\n")
    with reader_engine() as engine:
        count = write_answer(engine, statement, parameters, form)
        if form is RowFormat.TABLE:
            print(f"Counted: {chosen.counts}.")
        if not count and whom:
            suggest(whom)
    remark_on_limit(count, limit)


def list_reports() -> None:
    """Name each report, what it shows and what it counts."""
    import sys

    from worker.report.render import write_table

    rows = [
        (
            each.name + {Wants.SOMEBODY: " SPEAKER", Wants.MAYBE: " [SPEAKER]"}.get(each.speaker, ""),
            each.shows,
            each.counts,
        )
        for each in REPORTS.values()
    ]
    write_table(("report", "shows", "counts"), rows, sys.stdout)


def checked_speaker(chosen: Report, speaker: str | None) -> str | None:
    """The speaker, if the report is about one."""
    if speaker is None and chosen.speaker is Wants.SOMEBODY:
        raise Complaint("This report is about one speaker.", f'Say which: onrecord report {chosen.name} "A NAME"')
    if speaker is not None and chosen.speaker is Wants.NOBODY:
        raise Complaint(f"The report {chosen.name} is not about one speaker.", "Leave the name away.")
    return speaker


def suggest(speaker: str) -> None:
    """Say how to find the name."""
    remark(f"Nothing for “{speaker}” here; `onrecord speakers list --search PART` finds names.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=ASK)(report)
