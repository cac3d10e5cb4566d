"""The floor: the cost of two no-op Celery tasks and one transaction of 20 rows, on the same broker and database.

The first task only sends the second task. The second task writes 20 rows, like the rows of quotes, in one statement,
and commits. To measure the time from a drop to a row, an observer of watchdog sends the first task. A product that does
this work with the same software cannot cost less.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from celery import Celery
from kombu import Queue
from sqlalchemy import make_url

from benchmarks.processes import POSTGRES, VALKEY, cpu_by_component, cpu_seconds, difference
from benchmarks.stack import PATIENCE, ROOT, Stack, Stuck

ROWS = 20
QUEUE = "floor"
WORDS = "“The cautious tower must cross the flooded clinic before the holidays, because nobody else will,” she added."

TABLE = """
CREATE TABLE floor_rows (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, unit bigint NOT NULL, kind text NOT NULL, words text NOT NULL,
    start_char integer NOT NULL, end_char integer NOT NULL);
CREATE INDEX ix_floor_rows_unit ON floor_rows (unit)
"""
INSERT = (
    "INSERT INTO floor_rows (unit, kind, words, start_char, end_char)"
    " SELECT %s, 'direct', * FROM unnest(%s::text[], %s::int[], %s::int[])"
)


def write_rows(connection: psycopg.Connection[Any], unit: int) -> None:
    """Write the 20 rows of one unit in one transaction."""
    with connection.transaction():
        connection.execute(INSERT, (unit, [WORDS] * ROWS, list(range(ROWS)), list(range(1, ROWS + 1))))


def address(database_url: str) -> str:
    """Return the address of a database in psycopg's form."""
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def floor_app(broker_url: str, database_url: str = "") -> Celery:
    """Return the floor's Celery application. It has the product's settings, but its own queue and its own two tasks."""
    from worker.tasks.app import make_app

    app = make_app(broker_url)
    app.conf.update(include=(), task_queues=[Queue(QUEUE)], task_default_queue=QUEUE, task_routes={})
    connections: list[psycopg.Connection[Any]] = []  # at most one in each process

    @app.task(name="floor.first")  # type: ignore[untyped-decorator]
    def first(unit: int) -> None:
        app.send_task("floor.second", args=(unit,), queue=QUEUE)

    @app.task(name="floor.second")  # type: ignore[untyped-decorator]
    def second(unit: int) -> None:
        if not connections:
            connections.append(psycopg.connect(address(database_url), autocommit=True))
        write_rows(connections[0], unit)

    return app


def work(broker_url: str, database_url: str) -> None:
    """Run the floor's worker with the options of the product's worker."""
    worker = floor_app(broker_url, database_url).Worker(
        queues=[QUEUE],
        concurrency=os.cpu_count(),
        pool_cls="prefork",
        optimization="fair",
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()


def observe(broker_url: str, folder: str) -> None:
    """Send the first task for every file that is closed in a folder or moved into it. The file's stem is the unit."""
    from watchdog.events import FileClosedEvent, FileMovedEvent, FileSystemEvent, FileSystemEventHandler
    from watchdog.observers.inotify import InotifyObserver

    app = floor_app(broker_url)

    class Handler(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            if isinstance(event, FileClosedEvent | FileMovedEvent):
                path = event.dest_path or event.src_path
                app.send_task("floor.first", args=(int(Path(os.fsdecode(path)).stem),), queue=QUEUE)

    observer = InotifyObserver(generate_full_events=True)  # reports a file from another folder as moved
    observer.schedule(Handler(), folder, event_filter=[FileClosedEvent, FileMovedEvent])
    observer.start()
    observer.join()


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one unit (two tasks, one transaction) when many units are sent at once."""

    cpu_milliseconds: float
    units_a_second: float


@dataclass(frozen=True, slots=True)
class Floor:
    """A running floor on the servers of a stack."""

    stack: Stack
    folder: Path
    worker: psutil.Process
    app: Celery

    def written(self) -> int:
        """Return the number of units whose rows are written."""
        return self.stack.number("SELECT count(*) FROM floor_rows") // ROWS

    def send(self, units: range) -> None:
        """Send the first task for each unit, then wait until all rows are written."""
        expected = self.written() + len(units)
        with self.app.producer_or_acquire() as producer:
            for unit in units:
                self.app.send_task("floor.first", args=(unit,), queue=QUEUE, producer=producer)
        deadline = time.monotonic() + PATIENCE
        while self.written() < expected:
            if time.monotonic() > deadline:
                raise Stuck("The floor's tasks do not run.")
            time.sleep(0.05)

    def cost(self, idle: dict[str, float], units: int = 1_000, repeats: int = 3) -> Cost:
        """Return the median cost of a unit. `idle`: CPU seconds per second that each component uses without work."""
        costs = [self._cost_once(idle, units, 10_000_000 + repeat * units) for repeat in range(repeats)]
        return Cost(
            statistics.median(cost.cpu_milliseconds for cost in costs),
            statistics.median(cost.units_a_second for cost in costs),
        )

    def _cost_once(self, idle: dict[str, float], units: int, first: int) -> Cost:
        before, own, workers = cpu_by_component(self.stack.up), time.process_time(), cpu_seconds(self.worker)
        began = time.monotonic()
        self.send(range(first, first + units))
        wall = time.monotonic() - began
        used = difference(cpu_by_component(self.stack.up), before)
        servers = sum(used[component] - idle[component] * wall for component in (POSTGRES, VALKEY))
        cpu = servers + cpu_seconds(self.worker) - workers + time.process_time() - own
        return Cost(1000 * cpu / units, units / wall)


@contextmanager
def running_floor(stack: Stack) -> Iterator[Floor]:
    """Start the floor's observer and worker beside a stack; yield after 100 units have run."""
    folder = stack.folder / "floor"
    folder.mkdir()
    stack.connection.exec_driver_sql(TABLE)
    broker, database = stack.servers.broker_url, stack.servers.database_url
    processes = [_start("work", broker, database), _start("observe", broker, str(folder))]
    try:
        floor = Floor(stack, folder, psutil.Process(processes[0].pid), floor_app(broker))
        floor.send(range(20_000_000, 20_000_100))
        yield floor
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.floor", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join({str(ROOT), str(Path(__file__).parents[1])})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    {"work": work, "observe": observe}[sys.argv[1]](*sys.argv[2:])
