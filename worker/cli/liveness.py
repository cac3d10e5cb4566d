"""Health checks of the running processes: do they finish work, or do they only send heartbeats?

A heartbeat every two seconds shows that a process lives (`processes.last_seen`). Its finished tasks show that the
process works (`processes.last_finished`). A process without work may be idle for hours and is healthy. But beat rings
every minute for its own tasks. These show that messages reach the workers, even while nobody drops a file.

Health is judged by columns and codes; a sentence that a process has written is only shown. No model is imported,
since a health check runs every minute and must be cheap.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from worker.reasons import Hindrance
from worker.store.queues import ARTICLES, BACKFILL, INTAKE, QUEUES, queues_for

if TYPE_CHECKING:
    from worker.settings import Settings

WAITED = 120.0
"""Ignore that rows wait, or that workers finish nothing, for up to this many seconds."""
UNRUNG = 200.0
"""Ignore that beat does not ring, or that no worker answers its rings, for up to this many seconds: three rings."""
SILENT = 25.0
"""Ignore that no process of a kind has had a heartbeat for up to this many seconds: the machine may be busy.

With `seen_seconds` and a new start, a worker that hangs is replaced within a minute.
"""
STARTING = 300.0
"""Wait so many seconds for the first heartbeat after the start of a worker, a machine or a container."""
SCANLESS = 300.0
"""Ignore that no scan has ended for up to this many seconds; a scan of a very large folder takes minutes."""
SCANS_MISSED = 10
"""Ignore up to this many missed scans. The longer of this limit and `SCANLESS` counts."""

# For each queue: how many rows wait, and how long the oldest row has waited. Two partial indexes contain exactly the
# waiting rows, so these statements are cheap in large tables.
WAITING = {
    queue.name: text(f"""
SELECT coalesce(sum(rows), 0)::bigint AS waiting, coalesce(sum(rows) FILTER (WHERE rung), 0)::bigint AS rung,
       coalesce(max(seconds), 0)::float AS oldest,
       (SELECT count(*) FROM {queue.table_name} WHERE state = '{queue.claimed}') AS claimed
FROM (
    SELECT count(*) AS rows, false AS rung,
           extract(epoch FROM now() - min(greatest({queue.since}, claimed_at))) AS seconds
    FROM {queue.table_name} WHERE state = 'waiting' AND rung_at IS NULL
    UNION ALL
    SELECT count(*), true, extract(epoch FROM now() - min(greatest({queue.since}, claimed_at)))
    FROM {queue.table_name} WHERE state = 'waiting' AND rung_at IS NOT NULL
) AS both_kinds
""")  # noqa: S608
    for queue in QUEUES.values()
}

# The claims on rows of all three tables of the ledger.
CLAIMS = f"""
SELECT claimed_by, lease_until FROM {INTAKE.table_name} WHERE state = '{INTAKE.claimed}'
UNION ALL
SELECT claimed_by, lease_until FROM {ARTICLES.table_name} WHERE state = '{ARTICLES.claimed}'
UNION ALL
SELECT claimed_by, lease_until FROM {BACKFILL.table_name} WHERE state = '{BACKFILL.claimed}'
"""  # noqa: S608

RUNNING = text(f"""
WITH held AS (SELECT claimed_by FROM ({CLAIMS}) AS claims WHERE lease_until > clock_timestamp())
SELECT kind, host, pid, version, started_at, last_seen, last_finished, queues, trouble, folders_away,
       folders_unreadable, events_lost,
       nullif(concat_ws(', ', nullif(array_to_string(queues, ', '), ''), detail), '') AS detail, detail AS sentence,
       clock_ahead, last_seen > clock_timestamp() - make_interval(secs => :seen) AS alive,
       EXISTS (SELECT FROM held WHERE claimed_by = processes.id) AS at_work,
       extract(epoch FROM clock_timestamp() - started_at)::float AS lived_seconds,
       extract(epoch FROM clock_timestamp() - greatest(started_at, last_finished))::float AS idle_seconds
FROM processes WHERE stopped_at IS NULL ORDER BY kind, id
""")  # noqa: S608


# Also of processes that were declared dead: it is asked how long ago the last one was seen.
LAST_OF_KIND = text("""
SELECT extract(epoch FROM clock_timestamp() - max(last_seen))::float AS silent_seconds,
       extract(epoch FROM clock_timestamp() - max(started_at))::float AS lived_seconds,
       (SELECT extract(epoch FROM clock_timestamp() - max(last_seen))::float FROM processes) AS all_silent_seconds
FROM processes WHERE kind = :kind AND host = :host
""")


@dataclass(frozen=True, slots=True)
class RunningProcess:
    """A process that has not reported its end: a row of `processes`, as `status --json` prints it."""

    kind: str
    host: str
    pid: int
    version: str
    started_at: datetime
    last_seen: datetime
    last_finished: datetime | None
    queues: list[str]
    trouble: str | None  # a code of `Hindrance`
    folders_away: list[str]
    folders_unreadable: list[str]  # each with the error
    events_lost: int
    detail: str | None  # the queues, and the sentence that the process wrote about itself
    sentence: str | None
    clock_ahead: float | None  # seconds
    alive: bool
    at_work: bool
    lived_seconds: float
    idle_seconds: float  # since it last finished something, or since its start


@dataclass(frozen=True, slots=True)
class QueueLoad:
    """The rows of a queue: how many wait, how many of these are rung, and how many are claimed."""

    waiting: float
    rung: float
    oldest: float  # seconds that the oldest waiting row has waited
    claimed: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong, and what to do about it."""

    message: str
    todo: str

    def to_json(self) -> dict[str, str]:
        """Return the trouble as `status --json` prints it."""
        return {"said": self.message, "todo": self.todo}


def running_processes(connection: Connection, seen_seconds: float) -> list[RunningProcess]:
    """Return every process that has not reported its end.

    A process is alive if its last heartbeat came in the last `seen_seconds`.
    """
    return [RunningProcess(*row) for row in connection.execute(RUNNING, {"seen": seen_seconds})]


def waiting_rows(connection: Connection) -> dict[str, QueueLoad]:
    """Return the load of every queue, by the queue's name."""
    loads = {}
    for name in QUEUES:
        row = connection.execute(WAITING[name]).one()
        loads[name] = QueueLoad(*(round(float(number), 1) for number in row))
    return loads


def idle(processes: Sequence[RunningProcess]) -> float:
    """Return the seconds since any of these processes finished something or started; 0 while any works on a task."""
    return min((0.0 if process.at_work else process.idle_seconds for process in processes), default=0.0)


def must_start_again(connection: Connection, kind: str, host: str) -> bool:
    """True if no process of this kind on this machine or in this container lives any more, or will ever begin to.

    If no process at all has a heartbeat, most likely the database takes no writes, and a new start would not help.
    """
    last = connection.execute(LAST_OF_KIND, {"kind": kind, "host": host}).one()
    if last.all_silent_seconds is None or last.all_silent_seconds > SILENT:
        return False
    running = running_seconds()
    if last.lived_seconds is not None and last.lived_seconds < running:
        return bool(last.silent_seconds > SILENT)
    return running > STARTING


def running_seconds() -> float:
    """Return the seconds since the first process of this machine or container started; 0 where /proc is not there."""
    try:
        uptime = float(Path("/proc/uptime").read_text().split()[0])
        # The fields after the name, which is in brackets and may contain anything; the twentieth is the start.
        ticks = int(Path("/proc/1/stat").read_text().rpartition(")")[2].split()[19])
        return uptime - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0.0


def troubles(
    kind: str,
    processes: Sequence[RunningProcess],
    loads: Mapping[str, QueueLoad],
    everywhere: Sequence[RunningProcess],
    settings: "Settings",
) -> list[Trouble]:
    """Return what is wrong with the living processes of one kind.

    `loads` are the loads of all queues. `everywhere` are the processes of all kinds on all machines.
    """
    if kind == "watch":
        return list(of_watch(processes, settings))
    if kind == "beat":
        return list(of_beat(processes))
    return list(of_workers(kind, processes, loads, everywhere))


def of_workers(
    kind: str,
    processes: Sequence[RunningProcess],
    loads: Mapping[str, QueueLoad],
    everywhere: Sequence[RunningProcess],
) -> Iterator[Trouble]:
    """Yield a trouble if rows wait and no worker works, or if beat rings and no worker answers."""
    stalled = [process.sentence or "" for process in processes if process.trouble == Hindrance.DATABASE]
    if stalled:
        todo = "Nothing is lost, and it goes on by itself. See the server's log, and `onrecord doctor` for the disks."
        yield Trouble(f"A worker {min(stalled) or 'waits for the database'}.", todo)
    incomplete = [process.sentence or "" for process in processes if process.trouble == Hindrance.INSTALLATION]
    if incomplete:
        sentence = f"A worker {min(incomplete) or 'cannot load a library that Onrecord needs'}."
        yield Trouble(sentence, "Install Onrecord again, and start it again; the files wait meanwhile.")
    idle_seconds = idle(processes)
    served = queues_of(kind, processes)
    stuck = {name: loads[name] for name in served if loads[name].oldest > WAITED}
    if stuck and idle_seconds > WAITED:
        rows = " and ".join(f"{load.waiting:,.0f} of {name}" for name, load in stuck.items())
        longest = max(load.oldest for load in stuck.values())
        subject = f"{kind} process sends heartbeats" if len(processes) == 1 else f"{kind} processes send heartbeats"
        yield Trouble(
            f"{len(processes)} {subject}, but nothing has run for"
            f" {minutes(idle_seconds)} while rows wait ({rows}, the oldest for {minutes(longest)}).",
            "Is the broker up (`onrecord doctor`)? If it is, restart the worker: its processes may have lost it.",
        )
        return
    beats = [process for process in everywhere if process.kind == "beat" and process.alive and is_ringing(process)]
    workers = [process for process in everywhere if process.kind == "worker" and process.alive]
    if kind == "worker" and beats and workers and (silent_seconds := idle(workers)) > UNRUNG:
        yield Trouble(
            f"Beat rings every minute, and no worker has answered for {minutes(silent_seconds)}.",
            "Restart the workers; `onrecord doctor` says whether the broker passes messages.",
        )


def of_beat(processes: Sequence[RunningProcess]) -> Iterator[Trouble]:
    """Yield a trouble if beat lives but does not ring."""
    if processes and all(is_quiet(process) for process in processes):
        yield Trouble(
            f"Beat lives, but has not rung for {minutes(idle(processes))}.",
            "Most likely the broker does not take messages: see `onrecord doctor`; else restart beat.",
        )


def of_watch(processes: Sequence[RunningProcess], settings: "Settings") -> Iterator[Trouble]:
    """Yield a trouble if a watcher lives but ends no scan, or if a folder is not there or not listed."""
    away = [process.sentence or ", ".join(process.folders_away) for process in processes if process.folders_away]
    if away:
        yield Trouble(
            f"A watched folder is not there: {'; '.join(away)}.", "Make or mount it again; the watcher then goes on."
        )
    elif (idle_seconds := idle(processes)) > max(SCANLESS, SCANS_MISSED * settings.scan_seconds):
        yield Trouble(
            f"The watcher lives, but has not ended a scan for {minutes(idle_seconds)}.",
            "Its disk may hang, or the folder is very large; see its log, then restart it.",
        )
    unreadable = [line for process in processes for line in process.folders_unreadable]
    if unreadable:
        yield Trouble(
            f"A folder may not be listed, so its files wait: {'; '.join(unreadable)}.",
            "Give the user that runs Onrecord the right to list and enter it (see `namei -l`); the next scan goes on.",
        )


def is_ringing(process: RunningProcess) -> bool:
    """True if a beat rings and has lived for so long that a worker must have answered."""
    return process.lived_seconds > UNRUNG and process.last_finished is not None and not is_quiet(process)


def is_quiet(process: RunningProcess) -> bool:
    """True if a beat has not rung for more than three minutes (`UNRUNG`)."""
    return process.idle_seconds > UNRUNG


def queues_of(kind: str, processes: Sequence[RunningProcess]) -> list[str]:
    """Return the queues that these workers' rows name; if the rows name no queue, the queues of this kind of worker."""
    served = {name for process in processes for name in process.queues}
    return [name for name in QUEUES if name in served] or queues_for(kind)


def minutes(seconds: float) -> str:
    """Return a length of time as people say it: `50 seconds`, `3 minutes`, `2.0 hours`."""
    if seconds < 100:
        return f"{seconds:.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
