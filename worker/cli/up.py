"""`onrecord up`: all of it in one terminal, from servers to a line a file."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, TYPE_CHECKING, Annotated

import typer

from worker.cli.options import RUN
from worker.cli.processes import InboxOption, chosen_inboxes

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.cli.children import Child
    from worker.cli.feed import Feed
    from worker.embedded.servers import Servers
    from worker.settings import Settings

LOOK_SECONDS = 0.2
TRIES = 4
"""Failed starts of a process after which `--once` gives up; without it, `up` goes on trying."""


class Stopped(Exception):
    """Ctrl-C, or SIGTERM."""


told_to_stop = False
"""Set with it: an exception out of a signal handler is lost if it comes while something is being cleaned up."""


def up(
    inbox: InboxOption = None,
    once: Annotated[bool, typer.Option("--once", help="Process what is there, print the summary, stop.")] = False,
    polling: Annotated[bool, typer.Option("--polling", help="Poll; for network folders.")] = False,
) -> None:
    """Start everything: servers where no URL is set, migrations, watcher, workers, beat. Ctrl-C stops it.

    With --once the exit status is 0 when nothing is quarantined, else 3.
    """
    from rich.console import Console

    from worker.cli.feed import Feed
    from worker.logs import configure_logs
    from worker.settings import settings

    inboxes = chosen_inboxes(inbox)
    configure_logs(settings())
    console = Console()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        with ExitStack() as stack:
            given, servers = stack.enter_context(running_servers(settings()))
            names = ", ".join(f"{one.path}" for one in inboxes)
            engine = prepare(given, servers)
            stack.callback(engine.dispose)
            os.environ["ONRECORD_INBOX"] = ":".join(f"{one.name}={one.path}" for one in inboxes)
            output = stack.enter_context(log_file(given))
            goes_on = "reads" if once else "watches"
            until = "" if once else " Drop articles there; Ctrl-C stops."
            console.print(f"Onrecord {goes_on} {names}.{until}", highlight=False)
            if output.name and isinstance(output.name, str):
                console.print(f"[dim]Logs: {output.name}[/]", highlight=False)
            feed = Feed(engine, console, [one.name for one in inboxes])
            status = supervise(engine, feed, output, servers, once=once, polling=polling)
    except Stopped:
        console.print("Stopped.")
        status = 0
    raise typer.Exit(status)


def _stop(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):  # once is enough; the way out is not to be interrupted
        signal.signal(number, signal.SIG_IGN)
    global told_to_stop
    told_to_stop = True
    raise Stopped


def wait_a_little() -> None:
    """Pause between two looks; raises `Stopped` when told to stop."""
    time.sleep(LOOK_SECONDS)
    if told_to_stop:
        raise Stopped


@contextmanager
def running_servers(given: "Settings") -> "Iterator[tuple[Settings, Servers | None]]":
    """The settings with their URLs, and the embedded servers where there are any."""
    from worker.cli.work import publish
    from worker.embedded.environment import postgres_url
    from worker.settings import settings

    if given.database_url and given.broker_url:
        publish(given.model_copy(update={"database_url": postgres_url(given.database_url, "ONRECORD_DATABASE_URL")}))
        yield settings(), None
        return
    from worker.embedded.home import find_home
    from worker.embedded.servers import embedded_servers
    from worker.embedded.uplock import UpLock

    home = find_home(given.home, create=True)
    wanted = {"postgres": not given.database_url, "valkey": not given.broker_url}
    with (
        UpLock(home),
        embedded_servers(home, **wanted, supervise=True, port=given.embedded_port) as servers,
    ):
        update = {
            "home": home,
            "database_url": given.database_url or servers.database_url,
            "report_url": given.report_url or ("" if given.database_url else servers.report_url),
            "broker_url": given.broker_url or servers.broker_url,
        }
        publish(given.model_copy(update=update))
        yield settings(), servers


def prepare(given: "Settings", servers: "Servers | None") -> "Engine":
    """Migrate, and let the reader log in; the engine `up` itself uses."""
    from worker.store.db import schema
    from worker.store.db.engine import make_engine

    engine = make_engine(given.database_url, application="onrecord up")
    schema.upgrade(engine)
    if servers is not None and servers.database_url == given.database_url:
        servers.grant_reader_login()
    return engine


@contextmanager
def log_file(given: "Settings") -> Iterator[IO[bytes]]:
    """Where the processes write their logs: a file in HOME, or our own standard error without one."""
    if given.home is None:
        yield open(2, "wb", buffering=0, closefd=False)  # noqa: SIM115 - it stays open
        return
    folder = Path(given.home) / "logs"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "processes.log"
    if path.exists() and path.stat().st_size > 20_000_000:
        path.rename(folder / "processes.log.1")
    with open(path, "ab", buffering=0, opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW, 0o600)) as file:
        yield file


def supervise(
    engine: "Engine", feed: "Feed", output: IO[bytes], servers: "Servers | None", *, once: bool, polling: bool
) -> int:
    """Run the processes until told to stop, or, with `once`, until everything that was there has ended."""
    from worker.cli.children import Child, stop
    from worker.store.queues import BACKFILL

    watching = ["watch"] + ["--once"] * once + ["--polling"] * polling
    watcher = Child("watch", watching, output)
    others = [Child("worker", ["worker"], output)]
    beat = Child("beat", ["beat"], output)
    if not once:
        others.append(Child(BACKFILL.kind, ["worker", "--queue", BACKFILL.name], output, niceness=10))
    feed.skip_past()
    try:
        for child in [watcher, *others, *([] if once else [beat])]:
            child.start()
        if once:
            return run_once(feed, watcher, others, engine)
        run_on(feed, [watcher, *others, beat], servers)
        return 0
    finally:
        stop([watcher, beat])
        stop(others)


def run_on(feed: "Feed", children: "list[Child]", servers: "Servers | None") -> None:
    """Print what ends and keep everything alive; shows the table once the first files are through."""
    from sqlalchemy.exc import SQLAlchemyError

    from worker.cli.keeper import Keeper

    keeper = Keeper(servers) if servers is not None else None
    shown = False
    looked_after = time.monotonic()
    while True:
        wait_a_little()
        try:
            printed = feed.look()
            if not shown and not printed and feed.printed and not feed.still_open():
                feed.summary()
                shown = True
        except SQLAlchemyError:
            pass  # the server is looked after below
        if time.monotonic() - looked_after > 1.0:
            looked_after = time.monotonic()
            if keeper is not None:
                keeper.look_after()
            for child in children:
                child.look_after()


def run_once(feed: "Feed", watcher: "Child", others: "list[Child]", engine: "Engine") -> int:
    """Wait until the watcher has published everything and all of it has ended; then the summary."""
    from worker.tasks.housekeeping import reconcile_all

    while watcher.ended() is None or feed.still_open():
        wait_a_little()
        feed.look()
        if watcher.ended() not in (None, 0):
            watcher.look_after()
        for child in others:
            child.look_after()
        give_up_on([watcher, *others])
    feed.look()
    reconcile_all(engine)
    return 3 if feed.summary() else 0


def give_up_on(children: "list[Child]") -> None:
    """End with the reason when a process cannot be started; nothing is lost, and the next `up` goes on."""
    from worker.cli.errors import Complaint

    for child in children:
        if child.failures >= TRIES:
            said = f"The process {child.name} has ended {child.failures} times and is not started again."
            raise Complaint(said, f"See {child.output.name} for the reason; what was dropped is not lost.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=RUN)(up)
