"""CPU time per article as the tables grow: what worker and database use to store new articles of the same kind."""

import logging
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import structlog
from sqlalchemy import Engine, text

from benchmarks import disk, filling, floor
from benchmarks.figure import Figure
from benchmarks.processes import cpu_seconds
from benchmarks.world import article
from worker.bounded.parser import BoundedParser
from worker.embedded.home import find_home
from worker.embedded.layout import erase
from worker.embedded.servers import embedded_servers
from worker.intake.reading import read_file
from worker.parse.format import Limits
from worker.pipeline.document import process_document
from worker.store import inboxes, processes, sightings, telling
from worker.store.db import schema
from worker.store.db.engine import make_engine
from worker.store.sightings import Sighting, Stat
from worker.tasks.housekeeping import reconcile_all

BATCHES = 4
BATCH = 50
"""The number of articles in each batch. The figure for a size of the tables is the median of the batches."""
WARMING = 30
FIRST = 3_000_000
"""The number of the first article that is stored here."""

WAITING = text("""SELECT id FROM files WHERE state = 'waiting' ORDER BY id""")
BACKEND_PID = text("""SELECT pg_backend_pid()""")


@dataclass
class Hand:
    """Does the work of a watcher and a pool process without the broker: it calls the functions that the tasks call."""

    engine: Engine  # has one connection
    folder: Path
    parser: BoundedParser
    process_id: int
    inbox: int
    backend: psutil.Process
    write: Callable[[int], str] = article
    next: int = FIRST

    @classmethod
    @contextmanager
    def working(cls, engine: Engine, folder: Path, write: Callable[[int], str] = article) -> Iterator["Hand"]:
        """Register an inbox and a process, and work with them until the block ends.

        The backend (the server process of a connection) stays the same, because its CPU time is measured.
        """
        inbox = folder / "inbox"
        inbox.mkdir()
        with engine.begin() as connection:
            number = inboxes.register(connection, "inbox", bytes(inbox))
            backend = psutil.Process(connection.execute(BACKEND_PID).scalar_one())
        process_id = processes.register(engine, "worker")
        with BoundedParser(Limits(), 1_500_000_000, 60.0) as parser:
            yield cls(engine, inbox, parser, process_id, number, backend, write)

    def batch(self, articles: int, *, reconciles: bool = False) -> tuple[float, float]:
        """Store new articles and tell of them; with `reconciles`, look at them again as the job of that name does.

        Return two CPU milliseconds per article: of this process with its parser and its connection, and of the latter.
        """
        files = self._sight(range(self.next, self.next + articles))
        self.next += articles
        began, served = self._cpu(), cpu_seconds(self.backend)
        for file in files:
            read = read_file(self.engine, self.process_id, file, self.parser)
            for document in read.documents if read else ():
                process_document(self.engine, self.process_id, document, self.parser)
        if reconciles:
            reconcile_all(self.engine)
        telling.tell(self.engine)
        both = self._cpu() - began, cpu_seconds(self.backend) - served
        return 1000 * both[0] / articles, 1000 * both[1] / articles

    def floor(self, units: int) -> float:
        """Return the CPU milliseconds per transaction of the floor, which has its own connection."""
        address = floor.address(self.engine.url.render_as_string(hide_password=False))
        with psycopg.connect(address, autocommit=True) as connection:
            backend = psutil.Process(connection.info.backend_pid)
            began = time.process_time() + cpu_seconds(backend)
            for unit in range(units):
                floor.write_rows(connection, unit)
            return 1000 * (time.process_time() + cpu_seconds(backend) - began) / units

    def _sight(self, numbers: Sequence[int]) -> list[int]:
        """Write files and publish them as the watcher does; return the ids of the waiting rows."""
        names = [f"{number}.txt" for number in numbers]
        for name, number in zip(names, numbers, strict=True):
            (self.folder / name).write_text(self.write(number), encoding="utf-8")
        files = [Sighting(name.encode(), Stat.of((self.folder / name).lstat())) for name in names]
        with self.engine.begin() as connection:
            sightings.publish(connection, self.inbox, files, "keep")
            return list(connection.execute(WAITING).scalars())

    def _cpu(self) -> float:
        children = [child for child in psutil.Process().children() if "worker.bounded.child" in child.cmdline()]
        return time.process_time() + sum(cpu_seconds(process) for process in (self.backend, *children))


def measure(sizes: Sequence[int]) -> list[Figure]:
    """Return a figure for each size of the tables, and the last figure as a multiple of the first."""
    with servers_in_a_folder() as (database_url, folder):
        return _measure(database_url, folder, sizes)


@contextmanager
def servers_in_a_folder() -> Iterator[tuple[str, Path]]:
    """Start PostgreSQL in a temporary folder; give its address and the folder, and in the end delete everything."""
    log_only_errors()
    folder = Path(tempfile.mkdtemp(prefix="onrecord-bench-"))
    folder.chmod(0o711)  # if we are root, PostgreSQL runs as another user, who must enter this folder
    home = find_home(folder / ".onrecord", create=True)
    try:
        # Without fsync, filling takes half as long. The figures stay the same, because fsync costs no CPU.
        with embedded_servers(home, valkey=False, durable=False) as servers:
            yield servers.database_url, folder
    finally:
        erase(home)
        shutil.rmtree(folder, ignore_errors=True)


def log_only_errors() -> None:
    """Print no line for each article of this process."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def _measure(database_url: str, folder: Path, sizes: Sequence[int]) -> list[Figure]:
    engine = make_engine(database_url, repeats=True)
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text(floor.TABLE))
        filling.prepare(connection)
    figures, stored = [], 0
    with Hand.working(engine, folder) as hand:
        costs, served = [], []
        for size in sorted(sizes):
            stored = _grow(engine, stored, size)
            hand.batch(WARMING, reconciles=True)
            batches = [hand.batch(BATCH, reconciles=True) for _ in range(BATCHES)]
            costs.append(statistics.median(both for both, _ in batches))
            served.append(statistics.median(of_server for _, of_server in batches))
            stored += WARMING + BATCHES * BATCH
            bare = statistics.median(hand.floor(BATCH) for _ in range(BATCHES))
            figures.append(Figure(f"CPU an article at {size:,} stored", costs[-1], "ms", bare, "20 rows"))
            figures.append(Figure("… of which PostgreSQL", served[-1], "ms"))
        with engine.connect() as connection:
            taken = disk.taken(connection, stored)
    engine.dispose()
    name = f"CPU at {max(sizes):,} as a multiple of {min(sizes):,}"
    floors = [figure.floor for figure in figures if figure.floor is not None]
    figures.append(Figure(name, costs[-1] / costs[0], "×", floors[-1] / floors[0], "the floor's own", "at most 1.2×"))
    figures.append(Figure("… of which PostgreSQL", served[-1] / served[0], "×", aim="at most 1.3×"))
    return figures + taken


def _grow(engine: Engine, stored: int, size: int) -> int:
    """Fill the tables up to `size` articles, and analyse them; return how many articles are stored then."""
    if size > stored:
        began = time.monotonic()
        with engine.begin() as connection:
            filling.fill(connection, stored, size)
        print(f"filled to {size:,} articles in {time.monotonic() - began:.0f} s", file=sys.stderr)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # otherwise autovacuum would do this during the measurement
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))
    return max(stored, size)
