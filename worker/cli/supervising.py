"""The processes of `onrecord up`: it starts them, looks after them, prints what becomes of files, and stops them."""

import time
from typing import IO, TYPE_CHECKING

from worker.cli.stopping import LOOK_SECONDS, wait_a_little

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.cli.children import SupervisedProcess
    from worker.cli.feed import Feed
    from worker.cli.forked import WaitingProcesses
    from worker.cli.hindrances import Hindrances
    from worker.cli.overseer import Overseer
    from worker.cli.readiness import Readiness
    from worker.cli.reading_again import ReadingAgain
    from worker.embedded.servers import Servers

QUIET_LOOKS, QUIET_SECONDS = 50, 1.0
"""After so many looks at which no file had ended, wait so many seconds before each look."""
CARE_SECONDS = 1.0
"""Wait this many seconds before looking again for servers and processes that have died."""
TRIES = 4
"""Stop `--once` after this many failed starts of a process in a row; without it, `up` keeps trying."""


def supervise(
    engine: "Engine",
    feed: "Feed",
    output: IO[bytes],
    servers: "Servers | None",
    page: "SupervisedProcess | None",
    waiting: "WaitingProcesses",
    *,
    once: bool,
    polling: bool,
) -> int:
    """Run the processes until Ctrl-C or SIGTERM; with `once`, until all files have ended. Return the exit code."""
    from worker.cli.children import SupervisedProcess, stop
    from worker.cli.hindrances import Hindrances
    from worker.cli.overseer import Overseer
    from worker.cli.readiness import Readiness
    from worker.cli.reading_again import ReadingAgain
    from worker.store.queues import BACKFILL
    from worker.waiting import tell, waiting_for

    watch = ["watch"] + ["--once"] * once + ["--polling"] * polling
    watcher = SupervisedProcess("watch", watch, output, forked=waiting.take("watch"))
    worker = SupervisedProcess("worker", ["worker"], output, forked=waiting.take("worker"))
    backfill = SupervisedProcess(BACKFILL.kind, ["worker", "--queue", BACKFILL.name], output, niceness=10)
    workers = [worker] if once else [worker, backfill]
    beat = SupervisedProcess("beat", ["beat"], output, forked=waiting.take("beat"))
    beside = [beat, *([page] if page else [])]
    feed.skip_past()
    try:
        for child in [watcher, worker, *([] if once else beside)]:
            child.start()
        waiting.dismiss()
        readiness = Readiness(engine, feed.console, feed.since)
        hindrances = Hindrances(engine, feed.console)
        if once:
            return run_once(feed, watcher, workers, Overseer(engine, workers), hindrances)
        reading_again = ReadingAgain(engine, backfill)
        run_on(
            feed, [watcher, worker, *beside], servers, Overseer(engine, workers), hindrances, readiness, reading_again
        )
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
    reading_again: "ReadingAgain",
) -> None:
    """Print that all is ready, a line for each file that ends, and what keeps processes from their work.

    Restart the servers and processes that die, and workers that hang. The backfill worker runs while it is needed.

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
            reading_again.look()
            if not is_summary_shown and not printed and feed.printed and not feed.still_open():
                feed.look()  # the last file may have ended since the look above
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
        while watcher.ended() not in (0, NOT_ALL_LISTED) or feed.still_open():
            wait_a_little()
            if feed.look():
                spoken()
            if watcher.ended() not in (0, NOT_ALL_LISTED):
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
