"""Health checks of the running processes: whether they do their work, and not only send heartbeats.

A heartbeat every two seconds shows that a process lives (`processes.last_seen`). That its tasks run is shown by what
they finish (`processes.last_finished`). With nothing to do a process may be idle for hours and is healthy, but beat
rings every minute for tasks of its own: this shows that messages reach the workers while nothing is dropped.

Everything here is decided by columns and codes; sentences that a process wrote are only shown. No model is imported: a
health check asks every minute, and shall cost little.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from worker.reasons import Hindrance
from worker.store.queues import QUEUES, queues_for

if TYPE_CHECKING:
    from worker.settings import Settings

WAITED = 120.0  # seconds after which a waiting row, and nothing finished meanwhile, is no chance
UNRUNG = 200.0  # seconds: three rings of beat
SCANLESS = 300.0  # seconds; a scan of a very large folder takes minutes
SCANS_MISSED = 10

# Rows that wait, and for how long the oldest has; two partial indexes cover them, so this is cheap in large tables.
WAITING = """
SELECT coalesce(sum(rows), 0)::bigint AS waiting, coalesce(sum(rows) FILTER (WHERE rung), 0)::bigint AS rung,
       coalesce(max(seconds), 0)::float AS oldest,
       (SELECT count(*) FROM {table_name} WHERE state = '{claimed}') AS claimed
FROM (
    SELECT count(*) AS rows, false AS rung, extract(epoch FROM now() - min(greatest({since}, claimed_at))) AS seconds
    FROM {table_name} WHERE state = 'waiting' AND rung_at IS NULL
    UNION ALL
    SELECT count(*), true, extract(epoch FROM now() - min(greatest({since}, claimed_at)))
    FROM {table_name} WHERE state = 'waiting' AND rung_at IS NOT NULL
) AS both_kinds
"""
HELD = " UNION ".join(
    f"SELECT claimed_by FROM {queue.table_name} WHERE state = '{queue.claimed}' AND lease_until > clock_timestamp()"  # noqa: S608
    for queue in QUEUES.values()
)
RUNNING = f"""
WITH held AS ({HELD})
SELECT kind, host, pid, version, started_at, last_seen, last_finished, queues, trouble, folders_away, events_lost,
       nullif(concat_ws(', ', nullif(array_to_string(queues, ', '), ''), detail), '') AS detail, detail AS sentence,
       clock_ahead, last_seen > clock_timestamp() - make_interval(secs => :seen) AS alive,
       EXISTS (SELECT FROM held WHERE claimed_by = processes.id) AS at_work,
       extract(epoch FROM clock_timestamp() - started_at)::float AS lived_seconds,
       extract(epoch FROM clock_timestamp() - greatest(started_at, last_finished))::float AS idle_seconds
FROM processes WHERE stopped_at IS NULL ORDER BY kind, id
"""  # noqa: S608 - our own names

Process = Mapping[str, Any]
Waits = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is not as it should be, and what to do."""

    said: str
    todo: str


def running_processes(connection: Connection, seen_seconds: float) -> list[dict[str, Any]]:
    """Every process that has not said goodbye: whether it is alive, and how long since it finished anything."""
    return [dict(process) for process in connection.execute(text(RUNNING), {"seen": seen_seconds}).mappings()]


def waiting_rows(connection: Connection) -> dict[str, dict[str, float]]:
    """For every queue: rows that wait, how many of them are rung, how many are worked on, seconds of the oldest."""
    waits = {}
    for name, queue in QUEUES.items():
        waiting = WAITING.format(table_name=queue.table_name, claimed=queue.claimed, since=queue.since)
        row = connection.execute(text(waiting)).mappings().one()
        waits[name] = {key: round(float(row[key]), 1) for key in row}
    return waits


def idle(processes: Sequence[Process]) -> float:
    """Seconds since any of these finished something or started; 0 while one is in the middle of a task."""
    return min((0.0 if process["at_work"] else float(process["idle_seconds"]) for process in processes), default=0.0)


def troubles(
    kind: str, processes: Sequence[Process], waits: Waits, others: Sequence[Process], given: "Settings"
) -> list[Trouble]:
    """What is wrong with the living processes of one kind, given what waits and all that lives elsewhere."""
    if kind == "watch":
        return list(of_watch(processes, given))
    if kind == "beat":
        return list(of_beat(processes))
    return list(of_workers(kind, processes, waits, others))


def of_workers(kind: str, processes: Sequence[Process], waits: Waits, others: Sequence[Process]) -> Iterator[Trouble]:
    """Rows wait that these processes serve, and none of them does anything; or beat rings, and no worker answers."""
    stalled = [process["sentence"] or "" for process in processes if process["trouble"] == Hindrance.DATABASE]
    if stalled:
        todo = "Nothing is lost, and it goes on by itself. See the server's log, and `onrecord doctor` for the disks."
        yield Trouble(f"A worker {min(stalled) or 'waits for the database'}.", todo)
    quiet = idle(processes)
    served = queues_of(kind, processes)
    stuck = {name: waits[name] for name in served if waits[name]["oldest"] > WAITED}
    if stuck and quiet > WAITED:
        rows = " and ".join(f"{queue['waiting']:,.0f} of {name}" for name, queue in stuck.items())
        longest = max(queue["oldest"] for queue in stuck.values())
        yield Trouble(
            f"{len(processes)} {kind} process{'' if len(processes) == 1 else 'es'} pulse, but nothing has run for"
            f" {minutes(quiet)} while rows wait ({rows}, the oldest for {minutes(longest)}).",
            "Is the broker up (`onrecord doctor`)? If it is, restart the worker: its processes may have lost it.",
        )
        return
    beats = [process for process in others if process["kind"] == "beat" and process["alive"] and ringing(process)]
    workers = [process for process in others if process["kind"] == "worker" and process["alive"]]
    if kind == "worker" and beats and workers and (silent := idle(workers)) > UNRUNG:
        yield Trouble(
            f"Beat rings every minute, and no worker has answered for {minutes(silent)}.",
            "Restart the workers; `onrecord doctor` says whether the broker passes messages.",
        )


def of_beat(processes: Sequence[Process]) -> Iterator[Trouble]:
    """It lives but does not ring."""
    if processes and all(quiet_beat(process) for process in processes):
        yield Trouble(
            f"Beat lives, but has not rung for {minutes(idle(processes))}.",
            "The broker does not take messages, most likely: see `onrecord doctor`; else restart beat.",
        )


def of_watch(processes: Sequence[Process], given: "Settings") -> Iterator[Trouble]:
    """It lives but does not scan, or its folders are away."""
    away = [
        process["sentence"] or ", ".join(process["folders_away"]) for process in processes if process["folders_away"]
    ]
    if away:
        yield Trouble(
            f"A watched folder is not there: {'; '.join(away)}.", "Make or mount it again; the watcher then goes on."
        )
    elif (quiet := idle(processes)) > max(SCANLESS, SCANS_MISSED * given.scan_seconds):
        yield Trouble(
            f"The watcher lives, but has not ended a scan for {minutes(quiet)}.",
            "Its disk may hang, or the folder is very large; see its log, then restart it.",
        )


def ringing(process: Process) -> bool:
    """Whether a beat has been ringing for so long that a worker must have answered."""
    return float(process["lived_seconds"]) > UNRUNG and process["last_finished"] is not None and not quiet_beat(process)


def quiet_beat(process: Process) -> bool:
    """Whether a beat has not rung for three minutes."""
    return float(process["idle_seconds"]) > UNRUNG


def queues_of(kind: str, processes: Sequence[Process]) -> list[str]:
    """Return the queues that these workers serve, as they say; those of the kind where they do not."""
    served = {name for process in processes for name in process["queues"]}
    return [name for name in QUEUES if name in served] or queues_for(kind)


def minutes(seconds: float) -> str:
    """A span as people say it."""
    if seconds < 100:
        return f"{seconds:.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
