"""`onrecord watch`, `worker`, `beat`: the processes one by one, as `up`, compose and systemd run them."""

from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.options import RUN
from worker.cli.work import at_work

if TYPE_CHECKING:
    from worker.watch.inbox import Inbox

InboxOption = Annotated[
    list[str] | None,
    typer.Option("--inbox", "-i", metavar="[NAME=]DIR", help="A folder to watch; may be given several times."),
]


def chosen_inboxes(given: list[str] | None) -> "list[Inbox]":
    """The folders to watch: the options', else the setting's, else `seeds/` where there is one."""
    from pathlib import Path

    from worker.cli.errors import nearest_home
    from worker.settings import settings
    from worker.watch import inbox

    if given:
        chosen = inbox.from_specs(given)
    elif settings().inbox:
        chosen = inbox.from_setting(settings().inbox)
    else:
        chosen = inbox.from_specs(["seeds"] if Path("seeds").is_dir() else [])
    archive = settings().archive if settings().after == "archive" else None
    inbox.check_places(chosen, archive, settings().home or nearest_home())
    return chosen


def watch(
    inbox: InboxOption = None,
    polling: Annotated[bool, typer.Option("--polling", help="Poll; for network folders.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Publish what is there, then stop.")] = False,
) -> None:
    """Watch folders and queue every file that comes to rest in them."""
    from worker.watch.run import run

    inboxes = chosen_inboxes(inbox)
    with at_work() as given:
        run(given.model_copy(update={"polling": given.polling or polling}), inboxes, once=once)


def worker(
    queue: Annotated[
        list[str] | None, typer.Option("--queue", "-q", help="intake, articles or backfill; default: the first two.")
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option("--concurrency", "-c", min=1, help="Pool processes; default: one a core.")
    ] = None,
) -> None:
    """Work on what is queued: read files, store articles, or re-process."""
    from worker.cli.errors import Complaint
    from worker.store.queues import QUEUES, queues_for

    queues = queue or queues_for("worker")
    if unknown := set(queues) - set(QUEUES):
        *others, last = QUEUES
        said = f"There is no queue {', '.join(sorted(unknown))}."
        raise Complaint(said, f"Queues are {', '.join(others)} and {last}.")
    with at_work():
        from worker.tasks.running_worker import run_worker

        raise typer.Exit(run_worker(queues, concurrency))


def beat() -> None:
    """Ring every minute for what is due: sweeping, reconciling, retries, scheduled re-processing."""
    with at_work() as given:
        from worker.tasks.beat import run_beat

        raise typer.Exit(run_beat(given))


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (watch, worker, beat):
        app.command(rich_help_panel=RUN)(command)
