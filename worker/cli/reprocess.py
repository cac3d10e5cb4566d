"""`onrecord reprocess`: reads stored articles again with the running extractor."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.answers import write_line
from worker.cli.options import RUN, from_one
from worker.cli.plural import counted

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.store.reprocessing import Selection

SAMPLE = 200
"""Read at most this many articles for a preview."""
LOOK_SECONDS = 0.5
"""Wait this many seconds before asking again how far a job is."""
GONE_SECONDS = 3.0
"""Without any worker, wait so many seconds more: `up` may be starting one again."""

BY_HAND = "`onrecord worker --queue backfill`"
START_BACKFILL = f"Start `onrecord up`, or {BY_HAND}; the job then goes on by itself."


def reprocess(
    everything: Annotated[bool, typer.Option("--all", help="Every article.")] = False,
    outdated: Annotated[bool, typer.Option("--outdated", help="Articles of an older extractor (default).")] = False,
    since: Annotated[str | None, typer.Option("--since", metavar="DAY", help="Articles from this day on.")] = None,
    file: Annotated[str | None, typer.Option("--file", metavar="PATH", help="Articles of a file; * allowed.")] = None,
    reparse: Annotated[bool, typer.Option("--reparse", help="Parse the raw bytes again, too.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print how much would change.")] = False,
    detach: Annotated[bool, typer.Option("--detach", help="Queue the job and do not wait for it.")] = False,
    stop: Annotated[int | None, typer.Option("--stop", metavar="RUN", help="Stop a job.", parser=from_one)] = None,
) -> None:
    """Queue stored articles to be read again.

    An unchanged quotation keeps its number, and people's decisions stay. The job goes on without this command: Ctrl-C
    only ends the progress bar, and --stop RUN stops the job.
    """
    from worker.cli.connection import engine_for, resolved
    from worker.cli.errors import Complaint
    from worker.cli.work import publish
    from worker.report.day import since as first_moment
    from worker.store.reprocessing import Selection

    if everything and outdated:
        raise Complaint("--all and --outdated exclude each other.", "Give one of them.")
    first_day = first_moment(since).isoformat() if since else None
    is_narrowed = bool(since or file)
    label = ", ".join(
        [*(["all"] if everything else []), *([f"since {since}"] if since else []), *([f"file {file}"] if file else [])]
    )
    selection = Selection(
        outdated=outdated or not (everything or is_narrowed), since=first_day, file=file, label=label or "outdated"
    )
    with resolved(broker=True) as settings, engine_for(settings.database_url) as engine:
        publish(settings)
        if stop is not None:
            stop_job(engine, stop)
        elif dry_run:
            preview(engine, selection)
        else:
            run_job(engine, selection, reparse=reparse, detach=detach)


def preview(engine: "Engine", selection: "Selection") -> None:
    """Print how many articles would be read again, and what would change in a sample of them."""
    from rich.progress import track

    from worker.pipeline import extractor
    from worker.pipeline.reprocess import Changes
    from worker.pipeline.reprocess import preview as look
    from worker.store import reprocessing

    version = extractor.version()
    with engine.connect() as connection:
        total = reprocessing.count(connection, selection, version.generation)
        sample = reprocessing.sample(connection, selection, version.generation, SAMPLE)
    write_line(f"{counted(total, 'article')} ({selection.label}) would be read again by {version.name}.")
    changes = Changes()
    for article_id in track(sample, description="reading a sample", transient=True):
        look(engine, article_id, changes)
    if sample:
        write_line(
            f"In a sample of {changes.articles}: {counted(changes.kept, 'quote', 'stay')} unchanged,"
            f" {counted(changes.changed, 'quote', 'change')}, {changes.added:,} added, {changes.removed:,} removed."
        )


def run_job(engine: "Engine", selection: "Selection", *, reparse: bool, detach: bool) -> None:
    """Store the job, ring for its first rows, and show its progress unless `detach`."""
    from worker.pipeline import extractor
    from worker.store import processes, reprocessing
    from worker.store.queues import BACKFILL, INTAKE
    from worker.tasks import doorbell
    from worker.waiting import waiting_for

    version = extractor.version()
    version_id = extractor.version_id(engine)
    with engine.begin() as connection:
        job = reprocessing.start(
            connection, selection, version_id, version.generation, reparse=reparse, scheduled=False
        )
        others = reprocessing.waiting(connection)
    if not job.total:
        write_line(f"Nothing to do: no article ({selection.label}) waits to be read again by {version.name}.")
    for other in others:
        if other.id != job.id:
            write_line(
                f"Job {other.id} ({other.selection}) is at work: {counted(other.left, 'article', 'wait')} for it,"
                " and not twice."
            )
    if not job.total:
        return
    with waiting_for("the broker to take the messages"):
        doorbell.ring_and_send(engine, BACKFILL.name)
    begun = f"Job {job.id}: {counted(job.total, 'article')} ({selection.label})."
    if not detach:
        write_line(begun)
        follow(engine, job.id, job.total)
    elif processes.alive(engine, BACKFILL.kind):
        write_line(f"{begun} A backfill worker reads them.")
    elif processes.alive(engine, INTAKE.kind):
        write_line(f"{begun} A running `onrecord up` starts a backfill worker; without it, start one: {BY_HAND}.")
    else:
        write_line(f"{begun} They wait, since no backfill worker runs. {START_BACKFILL}")


def follow(engine: "Engine", run_id: int, total: int) -> None:
    """Show a progress bar until the job has ended. Complain if no backfill worker is alive, and `up` starts none."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from worker.cli.errors import Complaint
    from worker.cli.health import COMING
    from worker.store import processes, reprocessing
    from worker.store.queues import BACKFILL, INTAKE
    from worker.store.states import ITEM_OPEN
    from worker.waiting import showing, waiting_for

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with waiting_for("the articles to be read again"), Progress(*columns) as bar, showing(bar.console.is_terminal):
        task = bar.add_task("reading again", total=total)
        seen = at_work = time.monotonic()
        while True:
            with engine.begin() as connection:
                states = reprocessing.progress(connection, run_id)
                reprocessing.close(connection)
            left = sum(states.get(state, 0) for state in ITEM_OPEN)
            bar.update(task, completed=total - left)
            if not left:
                break
            now = time.monotonic()
            if processes.alive(engine, BACKFILL.kind):
                seen = now
            elif processes.alive(engine, INTAKE.kind):
                at_work = now
            if now - seen > COMING or now - max(seen, at_work) > GONE_SECONDS:
                raise Complaint(
                    f"No backfill worker runs; job {run_id} waits in PostgreSQL.",
                    START_BACKFILL,
                )
            time.sleep(LOOK_SECONDS)
    write_line(", ".join(f"{count} {state}" for state, count in sorted(states.items())) + ".")


def stop_job(engine: "Engine", run_id: int) -> None:
    """Stop a job; articles that are already done stay done."""
    from worker.store import reprocessing

    with engine.begin() as connection:
        skipped = reprocessing.stop(connection, run_id)
    write_line(f"Job {run_id} is stopped; {counted(skipped, 'article', 'were')} left unchanged.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=RUN)(reprocess)
