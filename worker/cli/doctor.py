"""`onrecord doctor`: what is wrong, and what to do about it."""

import sys
from collections.abc import Iterator

import typer

from worker.cli.errors import complaint_about
from worker.cli.finding import Finding, Level, problem
from worker.cli.options import HAPPENED

COLOURS = {Level.OK: "green", Level.WARNING: "yellow", Level.PROBLEM: "red"}


def doctor() -> None:
    """Look at everything needed, and say what to do.

    A line a check: ok, warning or problem. Exit code 0: no problem, 1: at least one.
    """
    worst = Level.OK
    for finding in findings():
        tell(finding)
        if finding.level is Level.PROBLEM:
            worst = Level.PROBLEM
    if worst is Level.PROBLEM:
        raise typer.Exit(1)


def findings() -> Iterator[Finding]:
    """Every check in turn; what cannot be asked is a finding too."""
    from worker.cli.check_machine import check_machine
    from worker.settings import settings

    yield from check_machine(settings())
    yield from or_problem("database", database_findings())
    yield from or_problem("broker", broker_findings())


def or_problem(subject: str, checks: Iterator[Finding]) -> Iterator[Finding]:
    """The findings; an error that ends them is the last one."""
    try:
        yield from checks
    except Exception as error:
        complaint = complaint_about(error)
        yield problem(subject, complaint.message, complaint.todo)


def database_findings() -> Iterator[Finding]:
    """The checks that need PostgreSQL."""
    from worker.cli.check_servers import check_database, check_reader
    from worker.cli.connection import engine_for, resolved

    with resolved() as found, engine_for(found.database_url) as engine:
        yield from check_database(engine, found)
        yield from check_reader()


def broker_findings() -> Iterator[Finding]:
    """The checks that need the broker."""
    from worker.cli.check_servers import check_broker
    from worker.cli.connection import resolved

    with resolved(broker=True) as found:
        yield from check_broker(found.broker_url)


def tell(finding: Finding) -> None:
    """One line; what to do stands behind it."""
    from rich.console import Console
    from rich.text import Text

    from worker.report.printable import printable

    line = Text.assemble(
        (f"{finding.level.value:<8}", COLOURS[finding.level]),
        f"{finding.subject:<11}",
        printable(finding.said),
        (f" {printable(finding.todo)}", "bold") if finding.todo else "",
    )
    Console(file=sys.stdout, soft_wrap=True).print(line)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=HAPPENED)(doctor)
