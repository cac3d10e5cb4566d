"""`onrecord up`: runs everything in one terminal, also the servers, and prints one line for each file."""

import os
from contextlib import ExitStack
from typing import Annotated

import typer

from worker.cli import stopping
from worker.cli.home import HomeOption, choose_home
from worker.cli.options import RUN
from worker.cli.processes import InboxOption, inboxes_to_watch


def up(
    inbox: InboxOption = None,
    once: Annotated[bool, typer.Option("--once", help="Process the files there, print the summary, stop.")] = False,
    polling: Annotated[bool, typer.Option("--polling", help="Poll; for network folders.")] = False,
    home: HomeOption = None,
) -> None:
    """Start everything: servers where no URL is set, migrations, watcher, workers, beat, the page. Ctrl-C stops it.

    With --once, the exit code is 3 if something is quarantined, 1 if files could not be read, otherwise 0.
    """
    from rich.console import Console
    from rich.text import Text
    from sqlalchemy.exc import SQLAlchemyError

    from worker.cli.feed import Feed
    from worker.cli.forked import WaitingProcesses
    from worker.cli.groundwork import log_file, prepare, running_servers
    from worker.cli.page import page_process
    from worker.cli.supervising import supervise
    from worker.cli.work import SEMAPHORES_OF_UP, demand_fit, demand_machine
    from worker.interrupts import raise_exceptions
    from worker.logs import configure_logs
    from worker.machine import allow_open_files
    from worker.report.printable import printable
    from worker.settings import settings
    from worker.waiting import stop_telling

    choose_home(home)
    inboxes = inboxes_to_watch(inbox)
    demand_machine(SEMAPHORES_OF_UP + settings().concurrency)
    demand_fit()
    allow_open_files()
    waiting = WaitingProcesses(("watch", "worker") if once else ("watch", "worker", "beat", "web"))
    configure_logs(settings())
    console = Console()
    try:
        stopping.hear()
        with ExitStack() as stack:
            stack.enter_context(waiting)
            complete, servers = stack.enter_context(running_servers(settings()))
            paths = ", ".join(f"{watched.path}" for watched in inboxes)
            engine = prepare(complete, servers)
            stack.callback(engine.dispose)
            os.environ["ONRECORD_INBOX"] = ":".join(f"{watched.name}={watched.path}" for watched in inboxes)
            output = stack.enter_context(log_file(complete))
            begun = "Onrecord reads" if once else "Onrecord starts, to watch"
            console.print(Text(printable(f"{begun} {paths}.")))
            if output.name and isinstance(output.name, str):
                console.print(Text(printable(f"Logs: {output.name}"), style="dim"))
            page = None if once else page_process(complete, output, console, waiting)
            if not once:
                stop_telling()  # from now on it waits for files, and prints what becomes of them
            feed = Feed(engine, console, [watched.name for watched in inboxes])
            status = supervise(engine, feed, output, servers, page, waiting, once=once, polling=polling)
    except (stopping.Stopped, SQLAlchemyError):
        if not stopping.is_stopping:  # while it stops, the driver reports the statement that the signal cut short
            raise
        console.print("Stopped.")
        status = 0
    finally:
        raise_exceptions()
    raise typer.Exit(status)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=RUN)(up)
