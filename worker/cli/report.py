"""`onrecord report`: runs a ready-made report of `worker.report.ready`."""

from typing import Annotated

import typer

from worker.cli.answers import remark, remark_on_limit, write_answer, write_line
from worker.cli.connection import reader_login
from worker.cli.errors import Complaint
from worker.cli.options import ASK, SinceOption, UntilOption
from worker.cli.saving import OutputOption, SavedFormOption, SavedLimitOption, most_rows, save
from worker.report import day
from worker.report.ready import REPORTS, Report, Wants
from worker.report.render import RowFormat


def report(
    name: Annotated[str | None, typer.Argument(help="The report; without it, all are listed.")] = None,
    about: Annotated[str | None, typer.Argument(metavar="[SPEAKER]", help="The speaker to report on.")] = None,
    speaker: Annotated[str | None, typer.Option("--speaker", "-s", help="The speaker to report on.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: SavedLimitOption = None,
    form: SavedFormOption = None,
    output: OutputOption = None,
) -> None:
    """Run a ready report; without a name, list all reports."""
    if name is None:
        list_reports()
        return
    ready = REPORTS.get(name)
    if ready is None:
        raise Complaint(f"There is no report “{name}”.", f"There are: {', '.join(REPORTS)}.")
    subject = checked_speaker(ready, speaker or about)
    first = day.since(since or "today") if since or ready.today else None
    most = most_rows(limit, output)
    statement, parameters = ready.statement(subject, first, day.until(until) if until else None, most)
    if output is not None:
        save(statement, parameters, output, form)
        return
    form = form or RowFormat.TABLE
    if form.is_for_people:
        write_line(f"{ready.shows[0].upper()}{ready.shows[1:]}{f': {subject}' if subject else ''}")
        write_line()
    with reader_login() as reader:
        count = write_answer(reader, statement, parameters, form)
        if form.is_for_people:
            write_line(f"Counted: {ready.counts}.")
        if not count and subject:
            suggest(subject)
    remark_on_limit(count, most)


def list_reports() -> None:
    """Print each report's name, what it shows and what it counts."""
    import sys

    from worker.report.table import write_table

    rows = [
        (
            ready.name + {Wants.SOMEBODY: " SPEAKER", Wants.MAYBE: " [SPEAKER]"}.get(ready.speaker, ""),
            ready.shows,
            ready.counts,
        )
        for ready in REPORTS.values()
    ]
    write_table(("report", "shows", "counts"), rows, sys.stdout)


def checked_speaker(ready: Report, speaker: str | None) -> str | None:
    """Return the speaker. Complain if the report needs a speaker and none was given, or if it takes no speaker."""
    if speaker is None and ready.speaker is Wants.SOMEBODY:
        raise Complaint("This report is about one speaker.", f'Say which: onrecord report {ready.name} "A NAME"')
    if speaker is not None and ready.speaker is Wants.NOBODY:
        raise Complaint(f"The report {ready.name} takes no speaker.", "Leave the name out.")
    return speaker


def suggest(speaker: str) -> None:
    """Print how to find a name."""
    remark(f"Nothing for “{speaker}” here; `onrecord speakers list --search PART` finds names.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=ASK)(report)
