"""`onrecord` with faults built in: `FAULTS="POINT=ACTION[*TIMES]; …" python -m tests.faults.broken worker`.

The product knows nothing of this. A point is a function of it (or the end of a transaction in one of its steps); when a
process comes by, it kills itself (`kill`) or stops (`stop`, until somebody sends SIGCONT or SIGKILL). A fault happens
TIMES times in all, whichever processes come by first; who did it is noted as a file `POINT.N` with the process's id in
`FAULTS_FOLDER`, which is how a test waits for it.
"""

import importlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# name of the point: module, function as it is called there, before or after the call
POINTS = {
    "watch: before the row": ("worker.store.sightings", "publish", "before"),
    "watch: before the doorbell": ("worker.watch.publisher", "doorbell.send", "before"),
    "watch: after the doorbell": ("worker.watch.publisher", "doorbell.send", "after"),
    "intake: after the claim": ("worker.intake.reading", "content.read", "before"),
    "intake: after reading": ("worker.intake.reading", "take_in", "before"),
    "intake: before the commit": ("worker.intake.reading", "rows.finish_split", "after"),
    "intake: after the commit": ("worker.intake.reading", "split", "after"),
    "intake: after the doorbell": ("worker.tasks.intake", "doorbell.send", "after"),
    "article: after the claim": ("worker.pipeline.document", "work", "before"),
    "article: after parsing": ("worker.pipeline.document", "read_article", "before"),
    "article: after reading": ("worker.pipeline.document", "read_article", "after"),
    "article: behind the fence": ("worker.pipeline.document", "add_read_article", "before"),
    "article: before the commit": ("worker.pipeline.document", "settle_single", "after"),
    "article: after the commit": ("worker.pipeline.document", "settle_containers", "before"),
    "article: before asking for the move": ("worker.tasks.article", "doorbell.send_disposals", "before"),
    "move: before it": ("worker.intake.disposal", "take_aside", "before"),
    "move: under the private name": ("worker.intake.disposal", "digest", "before"),
    "move: before the copy": ("worker.intake.disposal", "keep", "before"),
    "move: after the copy": ("worker.intake.disposal", "keep", "after"),
    "move: before it is noted": ("worker.tasks.intake", "disposal.dispose", "after"),
}

ACTIONS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


def happen(point: str, action: str, times: int) -> None:
    """Let the fault happen in this process, if it has not happened often enough."""
    folder = Path(os.environ["FAULTS_FOLDER"])
    for number in range(1, times + 1):
        try:
            with (folder / f"{point.replace(' ', '_')}.{number}").open("x") as mark:
                mark.write(str(os.getpid()))
        except FileExistsError:
            continue
        os.kill(os.getpid(), ACTIONS[action])
        return


def build_in(point: str, action: str, times: int) -> None:
    """Wrap the function of a point."""
    module_name, path, when = POINTS[point]
    *outer, name = path.split(".")
    owner: Any = importlib.import_module(module_name)
    for step in outer:
        owner = getattr(owner, step)
    function: Callable[..., Any] = getattr(owner, name)

    def wrapped(*arguments: Any, **named: Any) -> Any:
        if when == "before":
            happen(point, action, times)
        result = function(*arguments, **named)
        if when == "after":
            happen(point, action, times)
        return result

    setattr(owner, name, wrapped)


def read_faults(given: str) -> list[tuple[str, str, int]]:
    """`POINT=ACTION*TIMES; …` as point, action and times."""
    faults = []
    for one in given.split(";"):
        point, _, action = one.strip().partition("=")
        action, _, times = action.partition("*")
        faults.append((point, action, int(times or 1)))
    return faults


def main() -> None:
    """Build the faults in, then run the command."""
    for fault in read_faults(os.environ["FAULTS"]):
        build_in(*fault)
    from worker.cli.app import main as onrecord

    onrecord(sys.argv[1:])


if __name__ == "__main__":
    main()
