"""`onrecord watch`, `worker` and `beat`: each command runs one process. `up`, Docker Compose and systemd start them."""

from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.options import RUN, from_one
from worker.cli.work import SEMAPHORES, at_work, demand_fit, demand_machine

if TYPE_CHECKING:
    from worker.watch.inbox import Inbox

InboxOption = Annotated[
    list[str] | None,
    typer.Option("--inbox", "-i", metavar="[NAME=]DIR", help="A folder to watch; may be given several times."),
]


def inboxes_to_watch(specs: list[str] | None) -> "list[Inbox]":
    """Return the folders that `--inbox` names, else the folders of ONRECORD_INBOX, else `seeds/` if it exists."""
    from pathlib import Path

    from worker.cli.errors import nearest_home
    from worker.settings import settings
    from worker.watch import inbox

    if specs:
        inboxes = inbox.from_specs(specs)
    elif settings().inbox:
        inboxes = inbox.from_setting(settings().inbox)
    else:
        inboxes = inbox.from_specs(["seeds"] if Path("seeds").is_dir() else [])
    archive = settings().archive if settings().after == "archive" else None
    inbox.check_places(inboxes, archive, settings().home or nearest_home())
    return inboxes


def watch(
    inbox: InboxOption = None,
    polling: Annotated[bool, typer.Option("--polling", help="Poll; for network folders.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Queue the files that are there, then stop.")] = False,
) -> None:
    """Watch folders, and queue every file that is at rest (nobody is writing to it any more)."""
    from worker.cli.errors import Complaint
    from worker.watch.run import run
    from worker.watch.watcher import NOT_ALL_LISTED

    inboxes = inboxes_to_watch(inbox)
    with at_work() as settings:
        tally = run(settings.changed(polling=settings.polling or polling), inboxes, once=once)
    if once and tally.unreadable:
        message = f"Folders may not be listed, so their files were not read: {'; '.join(tally.unreadable)}."
        raise Complaint(message, "Give the user that runs Onrecord the right to list and enter them.", NOT_ALL_LISTED)


def worker(
    queue: Annotated[
        list[str] | None, typer.Option("--queue", "-q", help="intake, articles or backfill; default: the first two.")
    ] = None,
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency",
            "-c",
            metavar="INTEGER",
            parser=from_one,
            help="Pool processes; default: ONRECORD_CONCURRENCY.",
        ),
    ] = None,
) -> None:
    """Work on queued rows: read files, store articles, or read stored articles again."""
    from worker.cli.errors import Complaint
    from worker.settings import settings
    from worker.store.queues import QUEUES, queues_for

    queues = queue or queues_for("worker")
    if unknown := set(queues) - set(QUEUES):
        *others, last = QUEUES
        message = f"There is no queue {', '.join(sorted(unknown))}."
        raise Complaint(message, f"Queues are {', '.join(others)} and {last}.")
    demand_machine(SEMAPHORES + (concurrency or settings().concurrency))
    demand_fit()
    with at_work(borrows=not settings().prepare):
        from worker.tasks.running_worker import run_worker

        raise typer.Exit(run_worker(queues, concurrency))


def beat() -> None:
    """Ring every minute for jobs that are due: sweeps, reconciling, retries, scheduled re-processing."""
    demand_fit()  # it asks for re-readings by the extractor that runs
    with at_work() as settings:
        from worker.tasks.beat import run_beat

        raise typer.Exit(run_beat(settings))


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (watch, worker, beat):
        app.command(rich_help_panel=RUN)(command)
