"""`onrecord up`: runs everything in one terminal, also the servers, and prints one line for each file."""

import logging
import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, TYPE_CHECKING, Annotated

import typer

from worker.cli.answers import write_line
from worker.cli.home import HomeOption, choose_home
from worker.cli.options import RUN
from worker.cli.processes import InboxOption, inboxes_to_watch
from worker.interrupts import raise_exceptions

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.cli.children import SupervisedProcess
    from worker.cli.feed import Feed
    from worker.cli.hindrances import Hindrances
    from worker.cli.overseer import Overseer
    from worker.cli.readiness import Readiness
    from worker.embedded.servers import Servers
    from worker.settings import Settings

LOOK_SECONDS = 0.2
"""Wait this many seconds before looking again for files that have ended."""
QUIET_LOOKS, QUIET_SECONDS = 50, 0.5
"""After so many looks at which no file had ended, wait so many seconds before each look."""
CARE_SECONDS = 1.0
"""Wait this many seconds before looking again for servers and processes that have died."""
LOG_BYTES = 20_000_000
"""Start a new log file if the old one is larger than this many bytes."""
TRIES = 4
"""Stop `--once` after this many failed starts of a process in a row; without it, `up` keeps trying."""


class Stopped(Exception):
    """Raised after Ctrl-C or SIGTERM."""


is_stopping = False
"""True after Ctrl-C or SIGTERM.

The exception `Stopped` is not enough: Python drops an exception of a signal handler that comes during some clean-ups.
"""


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

    from worker.cli.feed import Feed
    from worker.cli.page import page_process
    from worker.cli.work import SEMAPHORES_OF_UP, demand_machine
    from worker.logs import configure_logs
    from worker.machine import allow_open_files
    from worker.report.printable import printable
    from worker.settings import settings
    from worker.waiting import stop_telling

    choose_home(home)
    inboxes = inboxes_to_watch(inbox)
    demand_machine(SEMAPHORES_OF_UP + settings().concurrency)
    allow_open_files()
    configure_logs(settings())
    console = Console()
    logging.getLogger("sqlalchemy.pool.impl.QueuePool").addFilter(is_not_stopping)
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        with ExitStack() as stack:
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
            page = None if once else page_process(complete, output, console)
            if not once:
                stop_telling()  # from now on it waits for files, and prints what becomes of them
            feed = Feed(engine, console, [watched.name for watched in inboxes])
            status = supervise(engine, feed, output, servers, page, once=once, polling=polling)
    except Stopped:
        console.print("Stopped.")
        status = 0
    finally:
        raise_exceptions()
    raise typer.Exit(status)


def _stop(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):  # a second signal must not interrupt the clean-up that follows
        signal.signal(number, signal.SIG_IGN)
    global is_stopping
    is_stopping = True
    raise Stopped


def is_not_stopping(_record: logging.LogRecord) -> bool:
    """False after Ctrl-C or SIGTERM.

    If the signal comes while SQLAlchemy puts a connection back, SQLAlchemy logs a traceback: that of `Stopped`, or that
    of the driver whose statement `Stopped` has cut short.
    """
    return not is_stopping


def wait_a_little(seconds: float = LOOK_SECONDS) -> None:
    """Wait until the next look. Raise `Stopped` after Ctrl-C or SIGTERM."""
    time.sleep(seconds)
    if is_stopping:
        raise Stopped


@contextmanager
def running_servers(configured: "Settings") -> "Iterator[tuple[Settings, Servers | None]]":
    """Yield the settings with all URLs filled in, and the embedded servers (None if both URLs are set)."""
    from worker.cli.work import publish
    from worker.embedded.environment import postgres_url
    from worker.settings import settings

    if configured.database_url and configured.broker_url:
        database_url = postgres_url(configured.database_url, "ONRECORD_DATABASE_URL")
        publish(configured.model_copy(update={"database_url": database_url}))
        yield settings(), None
        return
    from worker.embedded.elsewhere import where
    from worker.embedded.home import find_home
    from worker.embedded.layout import lay_out
    from worker.embedded.servers import embedded_servers
    from worker.embedded.uplock import UpLock

    home = find_home(configured.home, create=True)
    layout = lay_out(home)
    if sentence := where(home):
        write_line(sentence)
    with (
        UpLock(layout),
        embedded_servers(
            home,
            postgres=not configured.database_url,
            valkey=not configured.broker_url,
            supervise=True,
            port=configured.embedded_port,
        ) as servers,
    ):
        update = {
            "home": home,
            "database_url": configured.database_url or servers.database_url,
            "report_url": configured.report_url or ("" if configured.database_url else servers.report_url),
            "broker_url": configured.broker_url or servers.broker_url,
        }
        publish(configured.model_copy(update=update))
        yield settings(), servers


def prepare(settings: "Settings", servers: "Servers | None") -> "Engine":
    """Migrate the database, let the reader log in to the embedded server, and return the engine that `up` uses."""
    from worker.backups.freeze import is_being_restored
    from worker.cli import kept_marks
    from worker.cli.errors import Complaint
    from worker.store import floor, readers
    from worker.store.db import schema
    from worker.store.db.engine import make_engine

    engine = make_engine(settings.database_url, application="onrecord up", repeats=True)
    if is_being_restored(engine):
        raise Complaint("A backup is being restored into this database.", "Start `onrecord up` when that has ended.")
    schema.upgrade(engine)
    floor.keep(engine, settings.least_confidence)
    kept_marks.keep(engine)
    if servers is not None and servers.database_url == settings.database_url:
        servers.grant_reader_login()
    else:
        with engine.begin() as connection:
            readers.confine(connection)
    return engine


@contextmanager
def log_file(settings: "Settings") -> Iterator[IO[bytes]]:
    """Yield the file for the logs of the processes: `logs/processes.log` in HOME, or standard error without a HOME."""
    if settings.home is None:
        yield open(2, "wb", buffering=0, closefd=False)  # noqa: SIM115 - standard error stays open
        return
    folder = Path(settings.home) / "logs"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / "processes.log"
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.rename(folder / "processes.log.1")
    with open(path, "ab", buffering=0, opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW, 0o600)) as file:
        yield file


def supervise(
    engine: "Engine",
    feed: "Feed",
    output: IO[bytes],
    servers: "Servers | None",
    page: "SupervisedProcess | None",
    *,
    once: bool,
    polling: bool,
) -> int:
    """Run the processes until Ctrl-C or SIGTERM; with `once`, until all files have ended. Return the exit code."""
    from worker.cli.children import SupervisedProcess, stop
    from worker.cli.hindrances import Hindrances
    from worker.cli.overseer import Overseer
    from worker.cli.readiness import Readiness
    from worker.store.queues import BACKFILL
    from worker.waiting import tell, waiting_for

    watcher = SupervisedProcess("watch", ["watch"] + ["--once"] * once + ["--polling"] * polling, output)
    workers = [SupervisedProcess("worker", ["worker"], output)]
    beat = SupervisedProcess("beat", ["beat"], output)
    if not once:
        workers.append(SupervisedProcess(BACKFILL.kind, ["worker", "--queue", BACKFILL.name], output, niceness=10))
    beside = [beat, *([page] if page else [])]
    feed.skip_past()
    try:
        for child in [watcher, *workers, *([] if once else beside)]:
            child.start()
        readiness = Readiness(engine, feed.console, feed.since)
        hindrances = Hindrances(engine, feed.console)
        if once:
            return run_once(feed, watcher, workers, Overseer(engine, workers), hindrances)
        run_on(feed, [watcher, *workers, *beside], servers, Overseer(engine, workers), hindrances, readiness)
        return 0
    finally:
        feed.underway.stop()
        tell()
        with waiting_for("the processes to end"):
            stop([watcher, *beside])
            stop(workers)


def run_on(
    feed: "Feed",
    children: "list[SupervisedProcess]",
    servers: "Servers | None",
    overseer: "Overseer",
    hindrances: "Hindrances",
    readiness: "Readiness",
) -> None:
    """Print that all is ready, a line for each file that ends, and what keeps processes from their work.

    Restart the servers and processes that die, and workers that hang.

    Print the summary once, as soon as files have ended and no other file is still open.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from worker.cli.keeper import Keeper

    keeper = Keeper(servers) if servers is not None else None
    is_summary_shown = False
    last_care = time.monotonic()
    quiet = 0
    while True:
        wait_a_little(LOOK_SECONDS if quiet < QUIET_LOOKS else QUIET_SECONDS)
        try:
            readiness.look()
            printed = feed.look()
            quiet = 0 if printed else quiet + 1
            hindrances.look()
            if not is_summary_shown and not printed and feed.printed and not feed.still_open():
                feed.summary()
                is_summary_shown = True
        except SQLAlchemyError:
            pass  # the keeper below starts the server again
        if time.monotonic() - last_care > CARE_SECONDS:
            last_care = time.monotonic()
            if keeper is not None:
                keeper.look_after()
            overseer.look()
            for child in children:
                child.look_after()


def run_once(
    feed: "Feed",
    watcher: "SupervisedProcess",
    workers: "list[SupervisedProcess]",
    overseer: "Overseer",
    hindrances: "Hindrances",
) -> int:
    """Wait until the watcher has queued all files and all files have ended; print the summary. Return the exit code.

    Raise `Complaint` if a folder may not be listed, or if a library is missing: then files would wait for ever.
    """
    from worker.cli.errors import Complaint
    from worker.tasks.housekeeping import reconcile_all
    from worker.waiting import spoken, waiting_for
    from worker.watch.watcher import NOT_ALL_LISTED

    with waiting_for("the files to be read"):
        while watcher.ended() is None or feed.still_open():
            wait_a_little()
            if feed.look():
                spoken()
            if watcher.ended() not in (None, 0, NOT_ALL_LISTED):
                watcher.look_after()
            overseer.look()
            hindrances.look()
            if hindrances.lacks_library:
                message = "The files cannot all be read: a library that Onrecord needs cannot be loaded."
                raise Complaint(message, "Install Onrecord again and start this once more; the files wait.")
            for child in workers:
                child.look_after()
            give_up_on([watcher, *workers])
        feed.look()
        hindrances.look(at_once=True)
        reconcile_all(feed.engine)
    is_any_quarantined = feed.summary()
    if watcher.ended() == NOT_ALL_LISTED:
        raise Complaint("Not all folders may be listed, so not all files were read.", "Give the rights, and try again.")
    return 3 if is_any_quarantined else 0


def give_up_on(children: "list[SupervisedProcess]") -> None:
    """Complain if a process has failed to start `TRIES` times. Nothing is lost; the next `up` continues the work."""
    from worker.cli.errors import Complaint

    for child in children:
        if child.failures >= TRIES:
            message = f"The process {child.name} has ended {child.failures} times and is not started again."
            raise Complaint(message, f"See {child.output.name} for the reason; what was dropped is not lost.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=RUN)(up)
