"""`onrecord doctor`: what is wrong, and what to do about it."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import typer

from worker.cli.checks.finding import Finding, Level, problem
from worker.cli.connection import resolved
from worker.cli.errors import complaint_about
from worker.cli.options import HAPPENED

if TYPE_CHECKING:
    from worker.cli.checks.asked import Asked
    from worker.settings import Settings

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
    """Every check, all at once, told in their order; what cannot be asked is a finding too."""
    from worker.settings import settings

    try:
        given = settings()
    except Exception as error:
        complaint = complaint_about(error)
        yield problem("settings", complaint.message, complaint.todo)
        return
    with ExitStack() as stack:
        asked, trouble, found = on_machine(given), None, given
        try:
            found = stack.enter_context(resolved(broker=True))
        except Exception as error:  # the embedded servers; what has a URL can be asked all the same
            trouble = complaint_about(error)
        servers = of_servers(found)
        for check in asked:
            yield from check.findings()
        if trouble is not None and not has(asked, "home"):
            yield problem("servers", trouble.message, trouble.todo)
        for check in servers:
            yield from check.findings()


def has(asked: "list[Asked]", subject: str) -> bool:
    """Whether a check has found a problem with a subject."""
    return any(one.subject == subject and one.level is Level.PROBLEM for check in asked for one in check.findings())


def on_machine(given: "Settings") -> "list[Asked]":
    """The checks of this machine, started."""
    from worker.cli.checks.asked import Asked
    from worker.cli.checks.disk import check_disk
    from worker.cli.checks.folders import check_folders
    from worker.cli.checks.home import check_home
    from worker.cli.checks.inotify import check_inotify
    from worker.cli.checks.open_files import check_limit

    return [
        Asked("folder", partial(check_folders, given)),
        Asked("inotify", partial(check_inotify, given)),
        Asked("disk", partial(check_disk, given)),
        Asked("open files", check_limit),
        Asked("home", partial(check_home, given)),
    ]


def of_servers(found: "Settings") -> "list[Asked]":
    """The checks that ask the servers, started; the URLs are filled in."""
    from worker.cli.checks.asked import Asked
    from worker.cli.checks.broker import check_broker
    from worker.cli.checks.database import check_database, check_reader
    from worker.cli.checks.pipeline import check_pipeline

    asked = []
    if found.database_url:
        asked += [
            Asked("database", partial(check_database, found)),
            Asked("pipeline", partial(check_pipeline, found)),
            Asked("reader", partial(check_reader, found)),
        ]
    if found.broker_url:
        asked.append(Asked("broker", partial(check_broker, found)))
    return asked


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
