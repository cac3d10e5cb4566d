"""`onrecord` with faults built in: `FAULTS="POINT=ACTION[*TIMES][@WORDS]; …" python -m tests.faults.broken worker`.

The product contains no code for this. A point is a function of the product, or the end of a transaction in one of its
steps. When a process reaches the point, it does one of the `ACTIONS`. A fault happens TIMES times in all processes
together. With WORDS, it happens only if the arguments of the function contain these words (a file's name, for example).
Each time, a file `POINT.WORDS.N` in `FAULTS_FOLDER` is written, which contains the process's id. Tests wait for this
file.
"""

import importlib
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.faults import clock

# name of the point: module, name of the function in that module, whether the fault is before or after the call
POINTS = {
    "watch: before the row": ("worker.store.sightings", "publish", "before"),
    "watch: before the doorbell": ("worker.watch.publisher", "doorbell.send", "before"),
    "watch: after the doorbell": ("worker.watch.publisher", "doorbell.send", "after"),
    "intake: after the claim": ("worker.intake.reading", "content.read", "before"),
    "intake: once opened": ("worker.intake.content", "pour", "before"),
    "intake: once copied": ("worker.intake.content", "pour", "after"),
    "intake: after reading": ("worker.intake.reading", "take_in", "before"),
    "intake: before the commit": ("worker.intake.reading", "file_rows.finish_split", "after"),
    "intake: after the commit": ("worker.intake.reading", "split", "after"),
    "intake: before the article": ("worker.tasks.ledger_tasks", "go_on", "before"),
    "article: after the claim": ("worker.pipeline.document", "work", "before"),
    "article: after parsing": ("worker.pipeline.document", "read_article", "before"),
    "article: after reading": ("worker.pipeline.document", "read_article", "after"),
    "article: behind the fence": ("worker.pipeline.document", "add_read_article", "before"),
    "article: before the commit": ("worker.pipeline.document", "settle_single", "after"),
    "article: after the commit": ("worker.pipeline.document", "settle_containers", "before"),
    "article: before asking for the move": ("worker.tasks.ledger_tasks", "doorbell.send_disposals", "before"),
    "backfill: after the claim": ("worker.pipeline.reprocess", "prepare", "before"),
    "backfill: before reading": ("worker.pipeline.reprocess", "read_article", "before"),
    "backfill: after reading": ("worker.pipeline.reprocess", "read_article", "after"),
    "backfill: behind the fence": ("worker.pipeline.reprocess", "quote_rows.swap", "before"),
    "backfill: before the commit": ("worker.pipeline.reprocess", "end", "after"),
    "worker: a message comes": ("worker.tasks.redis_channel", "Channel._brpop_read", "before"),
    "worker: a message is read": ("worker.tasks.redis_channel", "unpacked", "before"),
    "move: before it": ("worker.intake.disposal", "take_aside", "before"),
    "move: under the private name": ("worker.intake.disposal", "digest", "before"),
    "move: before the copy": ("worker.intake.disposal", "keep", "before"),
    "move: after the copy": ("worker.intake.disposal", "keep", "after"),
    "move: before it is noted": ("worker.tasks.ledger_tasks", "disposal.dispose", "after"),
}


class Broken(Exception):
    """The error of the fault `raise`, which no code of the product expects."""


def hang() -> None:
    """Do nothing until the test calls `newsroom.let_go()`. Other threads go on, so heartbeats are still written."""
    while not (Path(os.environ["FAULTS_FOLDER"]) / "let-go").exists():
        time.sleep(0.05)


def fail() -> None:
    """Raise."""
    raise Broken("a fault that the test built in")


ACTIONS: dict[str, Callable[[], None]] = {
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "stop": lambda: os.kill(os.getpid(), signal.SIGSTOP),  # until somebody sends SIGCONT or SIGKILL
    "hang": hang,
    "raise": fail,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its point, its action, how often it happens at most, and the words that the arguments must contain."""

    point: str
    action: str
    times: int
    words: str

    @classmethod
    def read(cls, given: str) -> Self:
        """Return the fault that is written as `POINT=ACTION*TIMES@WORDS`."""
        point, _, action = given.strip().partition("=")
        action, _, words = action.partition("@")
        action, _, times = action.partition("*")
        return cls(point, action, int(times or 1), words)

    def happen(self, told: str) -> None:
        """Let the fault happen in this process, if it has not yet happened `times` times."""
        if self.words not in told:
            return
        folder = Path(os.environ["FAULTS_FOLDER"])
        name = ".".join(word.replace(" ", "_").replace("/", "_") for word in (self.point, self.words) if word)
        for number in range(1, self.times + 1):
            try:
                with (folder / f"{name}.{number}").open("x") as mark:
                    mark.write(str(os.getpid()))
            except FileExistsError:
                continue
            ACTIONS[self.action]()
            return


def build_in(fault: Fault) -> None:
    """Replace the function of the fault's point by one that also lets the fault happen."""
    module_name, path, when = POINTS[fault.point]
    *outer, name = path.split(".")
    owner: Any = importlib.import_module(module_name)
    for step in outer:
        owner = getattr(owner, step)
    function: Callable[..., Any] = getattr(owner, name)

    def wrapped(*arguments: Any, **named: Any) -> Any:
        told = f"{arguments} {named}" if fault.words else ""
        if when == "before":
            fault.happen(told)
        result = function(*arguments, **named)
        if when == "after":
            fault.happen(told)
        return result

    setattr(owner, name, wrapped)


def another_release(folder: str) -> None:
    """Let the running release have the migrations in this folder, which is below `FAULTS_FOLDER`."""
    from worker.store.db import schema

    schema.migrations_folder = lambda: Path(os.environ["FAULTS_FOLDER"]) / folder


def ring_every(seconds: str) -> None:
    """Let beat ring every so many seconds, instead of every minute."""
    from worker.tasks import jobs

    jobs.PERIOD = float(seconds)


def another_child(module: str) -> None:
    """Let the parsing child run this module."""
    from worker.bounded import process

    process.MODULE = module


# Changes that are made at the start of the process; in FAULTS they are written as `NAME=VALUE`.
DIFFERENCES: dict[str, Callable[[str], None]] = {
    "clock": clock.build_in,  # must be the first, because libraries must get the moved clock
    "release": another_release,
    "beat": ring_every,
    "child": another_child,
}


def main() -> None:
    """Build the faults in, then run the command."""
    faults = [given.strip() for given in os.environ["FAULTS"].split(";")]
    for name, differ in DIFFERENCES.items():
        for given in [given for given in faults if given.partition("=")[0] == name]:
            differ(given.partition("=")[2])
            faults.remove(given)
    for given in faults:
        build_in(Fault.read(given))
    from worker.cli import main as onrecord

    onrecord(sys.argv[1:])


if __name__ == "__main__":
    main()
