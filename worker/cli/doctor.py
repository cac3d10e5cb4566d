"""`onrecord doctor`: runs every check, and prints what is wrong and what to do."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import typer

from worker.cli.checks.finding import Finding, Level, ok, problem
from worker.cli.connection import resolved
from worker.cli.errors import complaint_about
from worker.cli.options import HAPPENED

if TYPE_CHECKING:
    from worker.cli.checks.running_check import RunningCheck
    from worker.settings import Settings

COLOURS = {Level.OK: "green", Level.WARNING: "yellow", Level.PROBLEM: "red"}


def doctor() -> None:
    """Check everything that Onrecord needs, and say what to do.

    Each finding is one line: ok, warning or problem. Exit code 0: no problem, 1: at least one problem.
    """
    worst = Level.OK
    for finding in findings():
        show(finding)
        if finding.level is Level.PROBLEM:
            worst = Level.PROBLEM
    if worst is Level.PROBLEM:
        raise typer.Exit(1)


def findings() -> Iterator[Finding]:
    """Run all checks at the same time, and yield their findings in a fixed order.

    If a server cannot be reached, or if the settings cannot be read, that is a finding too.
    """
    from worker.settings import settings

    try:
        configured = settings()
    except Exception as error:
        complaint = complaint_about(error)
        yield problem("settings", complaint.message, complaint.todo)
        return
    yield from where_data_are(configured)
    with ExitStack() as stack:
        checks, complaint_of_servers, complete = machine_checks(configured), None, configured
        try:
            complete = stack.enter_context(resolved(broker=True))
        except Exception as error:  # an embedded server failed; servers that have a URL are still checked
            complaint_of_servers = complaint_about(error)
        checks_of_servers = server_checks(complete)
        for check in checks:
            yield from check.findings()
        if complaint_of_servers is not None and not has_problem(checks, "home"):
            yield problem("servers", complaint_of_servers.message, complaint_of_servers.todo)
        for check in checks_of_servers:
            yield from check.findings()


def where_data_are(settings: "Settings") -> Iterator[Finding]:
    """Yield a finding if HOME's data are outside of HOME; it comes before all others."""
    from worker.embedded.elsewhere import where
    from worker.embedded.errors import EmbeddedError
    from worker.embedded.home import find_home

    if settings.database_url and settings.broker_url:
        return
    try:
        sentence = where(find_home(settings.home))
    except EmbeddedError:
        return  # the check of HOME says why
    if sentence:
        yield ok("home", sentence)


def check_access(settings: "Settings") -> Iterator[Finding]:
    """Yield where the page is, and how psql and BI tools connect."""
    from worker.cli.access import page_address, page_sentence, sql_access

    yield ok("page", page_sentence(page_address(settings)))
    yield ok("SQL", sql_access(settings))


def has_problem(checks: "list[RunningCheck]", subject: str) -> bool:
    """True if a check has found a problem with this subject."""
    return any(
        finding.subject == subject and finding.level is Level.PROBLEM
        for check in checks
        for finding in check.findings()
    )


def machine_checks(settings: "Settings") -> "list[RunningCheck]":
    """Start the checks of this machine, which need no server."""
    from worker.cli.checks.disk import check_disk
    from worker.cli.checks.extractor import check_extractor
    from worker.cli.checks.folders import check_folders
    from worker.cli.checks.home import check_home
    from worker.cli.checks.inotify import check_inotify
    from worker.cli.checks.open_files import check_limit
    from worker.cli.checks.running_check import RunningCheck

    return [
        RunningCheck("folder", partial(check_folders, settings)),
        RunningCheck("inotify", partial(check_inotify, settings)),
        RunningCheck("disk", partial(check_disk, settings)),
        RunningCheck("open files", check_limit),
        RunningCheck("home", partial(check_home, settings)),
        RunningCheck("extractor", check_extractor),
    ]


def server_checks(settings: "Settings") -> "list[RunningCheck]":
    """Start the checks that ask the servers. A server that could not be started has no URL, and is not checked."""
    from worker.cli.checks.analysts import check_analysts
    from worker.cli.checks.broker import check_broker
    from worker.cli.checks.database import check_database, check_reader
    from worker.cli.checks.pipeline import check_pipeline
    from worker.cli.checks.running_check import RunningCheck

    checks = []
    if settings.database_url:
        checks += [
            RunningCheck("database", partial(check_database, settings)),
            RunningCheck("pipeline", partial(check_pipeline, settings)),
            RunningCheck("reader", partial(check_reader, settings)),
            RunningCheck("analysts", partial(check_analysts, settings)),
            RunningCheck("access", partial(check_access, settings)),
        ]
    if settings.broker_url:
        checks.append(RunningCheck("broker", partial(check_broker, settings)))
    return checks


def show(finding: Finding) -> None:
    """Print a finding on one line, with the advice at the end of the line."""
    from rich.console import Console
    from rich.text import Text

    from worker.report.printable import printable

    line = Text.assemble(
        (f"{finding.level.value:<8}", COLOURS[finding.level]),
        f"{finding.subject:<11}",
        printable(finding.message),
        (f" {printable(finding.todo)}", "bold") if finding.todo else "",
    )
    Console(file=sys.stdout, soft_wrap=True).print(line)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=HAPPENED)(doctor)
