"""Does one task a line of its input, each in a child process that dies by SIGKILL before its k-th step.

A line is `TASK ROW K`; K is 0 for a child that shall live. The answer is `died` or `done`. A step is a statement, a
commit, or (moving a file) an operation on the file system. The child does what a pool process does, without a pulse.
"""

import contextlib
import itertools
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

from worker.bounded.parser import BoundedParser
from worker.logs import configure_logs
from worker.settings import settings
from worker.store import processes
from worker.store.db.engine import make_engine
from worker.tasks import article, intake, process

TASKS: dict[str, Callable[[int], None]] = {"intake": intake.read, "article": article.process, "move": intake.dispose}
FILE_SYSTEM = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.utime", "open"}


def die_before(k: int, engine: Engine, *, files: bool) -> None:
    """Let this process die before its k-th step from now on."""
    steps = itertools.count(1)

    def step(*_: Any) -> None:
        if next(steps) == k:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "commit", step)
    if files:
        sys.addaudithook(lambda what, _: step() if what in FILE_SYSTEM else None)


def child(task: str, row: int, k: int) -> None:
    """One task, as a pool process does it."""
    given = settings()
    engine = make_engine(given.database_url, application="onrecord crashing")
    parser = BoundedParser(given.limits, given.parse_memory_bytes, given.parse_seconds)
    made = process.Process(engine, parser, processes.register(engine, "worker"), "worker")
    process._current = made
    if k:
        die_before(k, engine, files=task == "move")
    TASKS[task](row)
    made.close()


def main() -> None:
    """Answer line by line."""
    configure_logs(settings())
    for line in sys.stdin:
        task, row, k = line.split()
        pid = os.fork()
        if not pid:
            with contextlib.suppress(BrokenPipeError):
                child(task, int(row), int(k))
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        print("died" if os.WIFSIGNALED(status) else "done", flush=True)


if __name__ == "__main__":
    main()
