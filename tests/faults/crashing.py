"""A program that does one task for each line of its input, in a child process that dies before its k-th step.

A line is `TASK ROW K`. The child kills itself by SIGKILL; with K = 0 it stays alive. The answer is `died` or `done`. A
step is a statement, a commit, or (when a file is moved) an operation on the file system. The child works like a pool
process, but without a heartbeat.
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
from worker.tasks import ledger_tasks, process
from worker.tasks.app import app

TASKS: dict[str, Callable[[int], None]] = {
    "intake": ledger_tasks.read_file,
    "article": ledger_tasks.process_document,
    "move": ledger_tasks.dispose,
}
FILE_SYSTEM = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.utime", "open"}


def die_before(k: int, engine: Engine, *, files: bool) -> None:
    """Let this process die before the k-th step that follows."""
    steps = itertools.count(1)

    def step(*_: Any) -> None:
        if next(steps) == k:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "commit", step)
    if files:
        sys.addaudithook(lambda what, _: step() if what in FILE_SYSTEM else None)


def child(task: str, row: int, k: int) -> None:
    """Do one task as a pool process does it."""
    config = settings()
    engine = make_engine(config.database_url, application="onrecord crashing")
    parser = BoundedParser(config.limits, config.parse_memory_bytes, config.parse_seconds)
    pool_process = process.Process(engine, engine, parser, processes.register(engine, "worker"), "worker")
    process._current = pool_process
    if k:
        die_before(k, engine, files=task == "move")
    TASKS[task](row)
    pool_process.close()


def main() -> None:
    """Read lines, and answer each line."""
    configure_logs(settings())
    app.finalize()  # as in a pool process, all tasks are loaded before the first one: imports are no steps
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
