"""Examples of the model on a running newsroom. Each example has its own folder inside the watched folder."""

import signal
import time
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.faults.model.machine import NUMBER, FolderMachine
from tests.faults.model.record import Hint
from tests.faults.newsroom import Newsroom
from worker.store.sightings import Stat

LONG = 120.0  # after a kill on a busy machine, it may take so many seconds until all is at rest


class Running:
    """The environment of an example. It only waits for rest; the processes do all the work."""

    def __init__(self, newsroom: Newsroom, number: int) -> None:
        self.newsroom = newsroom
        self.name = "news"
        self.prefix = f"example{number}/"
        self.folder = newsroom.inbox / self.prefix
        self.folder.mkdir()

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.newsroom.rows(query, **values)

    def hear(self, hints: list[Hint]) -> None:
        """Do nothing: a real watcher gets its hints from the operating system."""

    def rest(self) -> None:
        """Wait until the ledger knows the present state of each file, a scan has ended, and no process is at work."""
        for what in ("one scan has ended", "another scan has ended, which began after all changes"):
            before = self.rows("SELECT clock_timestamp()")[0][0]
            self.newsroom.wait(
                lambda since=before: self.rows("SELECT 1 FROM inboxes WHERE last_scan > :since", since=since),  # type: ignore[misc]
                what,
                LONG,
            )
        self.newsroom.wait(self._known_and_done, f"all of {self.prefix} is known and done", LONG)

    def _known_and_done(self) -> bool:
        lying = {str(path.relative_to(self.newsroom.inbox)): path for path in self.folder.rglob("*") if path.is_file()}
        known = {
            (path, Stat(*stat))
            for path, *stat in self.rows(
                "SELECT shown, size, mtime_ns, ctime_ns, inode FROM files WHERE (current OR sha256 IS NULL)"
                " AND missing_since IS NULL AND starts_with(shown, :prefix)",
                prefix=self.prefix,
            )
        }
        open_rows = self.rows(
            "SELECT 1 FROM files WHERE state IN ('waiting', 'reading', 'split')"
            " UNION ALL SELECT 1 FROM documents WHERE state IN ('waiting', 'working') LIMIT 1"
        )
        return not open_rows and {(shown, Stat.of(path.lstat())) for shown, path in lying.items()} <= known


class MachineOfProcesses(FolderMachine):
    """The machine with more rules: processes are killed, stopped and started, and the broker is emptied."""

    def __init__(self, room: Running, folder: Path, aside: Path, base: int) -> None:
        super().__init__(room, folder, aside, base)
        self.newsroom = room.newsroom
        self.killed = 0
        self.slowest = 0.0  # seconds until rest

    def come_to_rest(self) -> None:
        """Resume stopped processes, then wait until all is at rest, and compare."""
        self.newsroom.processes["worker"].send(signal.SIGCONT)
        began = time.monotonic()
        super().come_to_rest()
        self.slowest = max(self.slowest, time.monotonic() - began)

    @precondition(lambda self: self.killed < 2)
    @rule(number=NUMBER, whole=st.booleans())
    def kill_worker(self, number: int, whole: bool) -> None:
        """Kill a pool process, or kill the whole worker and start it again."""
        worker = self.newsroom.processes["worker"]
        self.killed += 1
        if whole:
            self.newsroom.fault("kill -9 of the worker")
            worker.kill()
            worker.start()
        elif pool := worker.pool():
            self.newsroom.fault("kill -9 of a pool process")
            worker.send(signal.SIGKILL, [pool[number % len(pool)]])

    @rule()
    def kill_watcher(self) -> None:
        """Kill the watcher and start it again."""
        self.newsroom.fault("kill -9 of the watcher")
        self.newsroom.processes["watch"].kill()
        self.newsroom.processes["watch"].start()

    @rule()
    def stop_worker(self) -> None:
        """Stop the worker by SIGSTOP. It goes on when the example waits for rest."""
        self.newsroom.fault("worker stopped")
        self.newsroom.processes["worker"].send(signal.SIGSTOP)

    @rule()
    def flush_broker(self) -> None:
        """Empty the broker."""
        self.newsroom.fault("broker emptied")
        self.newsroom.flush_broker()
