"""Examples of the model on a running newsroom. Each example has its own folder inside the watched folder."""

import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Engine

from tests.faults.ground import Ground
from tests.faults.model.commands import Commands
from tests.faults.model.deciding import KIND, DecidingMachine
from tests.faults.model.machine import NUMBER
from tests.faults.model.record import Hint
from tests.faults.newsroom import Newsroom
from worker.store.sightings import Stat

LONG = 120.0  # after a kill on a busy machine, it may take so many seconds until all is at rest


class Running:
    """The environment of an example. It only waits for rest; the processes do all the work."""

    def __init__(self, newsroom: Newsroom, ground: Ground, number: int) -> None:
        self.newsroom = newsroom
        self.ground = ground
        self.hands = Commands(newsroom)
        self.name = "news"
        self.prefix = f"example{number}/"
        self.folder = newsroom.inbox / self.prefix
        self.folder.mkdir()

    @property
    def engine(self) -> Engine:
        """The database."""
        return self.newsroom.engine

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
            " UNION ALL SELECT 1 FROM documents WHERE state IN ('waiting', 'working')"
            " UNION ALL SELECT 1 FROM reprocess_items WHERE state IN ('waiting', 'working') LIMIT 1"
        )
        return not open_rows and {(shown, Stat.of(path.lstat())) for shown, path in lying.items()} <= known


class MachineOfProcesses(DecidingMachine):
    """The machine with more rules: processes are killed, stopped and started, and the broker is emptied."""

    def __init__(self, room: Running, folder: Path, aside: Path, base: int, counts: Counter[str]) -> None:
        super().__init__(room, folder, aside, base, counts)
        self.newsroom = room.newsroom
        self.ground = room.ground
        self.hands = room.hands
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

    @rule()
    def kill_postgres(self) -> None:
        """Kill PostgreSQL and start it again."""
        self.newsroom.fault("kill -9 of PostgreSQL")
        self.ground.kill(self.ground.postgres)
        self.ground.postgres.ensure()

    @rule(kind=KIND, number=NUMBER, other=NUMBER)
    def kill_command(self, kind: str, number: int, other: int) -> None:
        """Kill the command of a person while it works."""
        if operation := self.operation(kind, number, other):
            self.newsroom.fault("kill -9 of a command")
            self.judge(operation, self.hands.kill(operation.make, random.Random(f"{number} {other}")), alone=False)

    @rule(kinds=st.tuples(KIND, KIND), numbers=st.tuples(NUMBER, NUMBER, NUMBER, NUMBER))
    def decide_at_once(self, kinds: tuple[str, str], numbers: tuple[int, int, int, int]) -> None:
        """Let two people give commands at the same time."""
        one, other = self.operation(kinds[0], *numbers[:2]), self.operation(kinds[1], *numbers[2:])
        if one and other:
            self.counts["at once"] += 1
            results = self.hands.together(one.make, other.make)
            self.judge_both((one, results[0]), (other, results[1]))

    @rule(reparse=st.booleans())
    def read_again(self, reparse: bool) -> None:
        """Read the stored articles again with the other extractor."""
        self.hands.read_again(reparse=reparse)
