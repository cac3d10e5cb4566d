"""Whether the running processes do their work, and not only pulse: what waits, what has run, and what that amounts to.

A thread says every two seconds that a process lives (`processes.last_seen`); that its tasks run is said by what they finish
(`processes.last_finished`). With nothing to do a process may be idle for hours and is healthy, but beat rings every minute
for tasks of its own, which shows that messages get from the broker to the workers while nothing is dropped.

No model is imported here: a health check asks every minute, and shall cost little.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    from worker.settings import Settings

WAITED = 120.0  # seconds after which a waiting row, and nothing finished meanwhile, is no chance
UNRUNG = 200.0  # seconds: three rings of beat
SCANLESS = 300.0  # seconds; a scan of a very large folder takes minutes
SCANS_MISSED = 10
WAITS_FOR_DATABASE = "waits for the database: "  # as workers say it in `processes.detail`

# Rows that wait, and for how long the oldest has; two partial indexes cover them, so this is cheap in large tables.
WAITING = """
SELECT coalesce(sum(rows), 0)::bigint AS waiting, coalesce(sum(rows) FILTER (WHERE rung), 0)::bigint AS rung,
       coalesce(max(seconds), 0)::float AS oldest, (SELECT count(*) FROM {table} WHERE state = '{claimed}') AS claimed
FROM (
    SELECT count(*) AS rows, false AS rung, extract(epoch FROM now() - min(greatest({since}, claimed_at))) AS seconds
    FROM {table} WHERE state = 'waiting' AND rung_at IS NULL
    UNION ALL
    SELECT count(*), true, extract(epoch FROM now() - min(greatest({since}, claimed_at)))
    FROM {table} WHERE state = 'waiting' AND rung_at IS NOT NULL
) AS both_kinds
"""
RUN_SINCE = "(SELECT r.created_at FROM reprocess_runs r WHERE r.id = run_id)"
QUEUES = {
    "intake": {"table": "files", "claimed": "reading", "since": "first_seen"},
    "articles": {"table": "documents", "claimed": "working", "since": "created_at"},
    "backfill": {"table": "reprocess_items", "claimed": "working", "since": RUN_SINCE},
}
PARTS = """
WITH held AS (
    SELECT claimed_by FROM files WHERE state = 'reading' AND lease_until > clock_timestamp()
    UNION SELECT claimed_by FROM documents WHERE state = 'working' AND lease_until > clock_timestamp()
    UNION SELECT claimed_by FROM reprocess_items WHERE state = 'working' AND lease_until > clock_timestamp())
SELECT kind, host, pid, version, started_at, last_seen, last_finished, detail, clock_ahead,
       last_seen > clock_timestamp() - make_interval(secs => :seen) AS alive,
       EXISTS (SELECT FROM held WHERE claimed_by = processes.id) AS at_work,
       extract(epoch FROM clock_timestamp() - started_at)::float AS lived_seconds,
       extract(epoch FROM clock_timestamp() - greatest(started_at, last_finished))::float AS idle_seconds
FROM processes WHERE stopped_at IS NULL ORDER BY kind, id
"""

Part = Mapping[str, Any]
Waits = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is not as it should be, and what to do."""

    said: str
    todo: str


def running_parts(connection: Connection, seen_seconds: float) -> list[dict[str, Any]]:
    """Every process that has not said goodbye: whether it is alive, and how long since it finished anything."""
    return [dict(part) for part in connection.execute(text(PARTS), {"seen": seen_seconds}).mappings()]


def waiting_rows(connection: Connection) -> dict[str, dict[str, float]]:
    """For every queue: rows that wait, how many of them are rung, how many are worked on, seconds of the oldest."""
    found = {}
    for name, queue in QUEUES.items():
        row = connection.execute(text(WAITING.format(**queue))).mappings().one()
        found[name] = {key: round(float(row[key]), 1) for key in row}
    return found


def idle(parts: Sequence[Part]) -> float:
    """Seconds since any of these finished something or started; 0 while one is in the middle of a task."""
    return min((0.0 if part["at_work"] else float(part["idle_seconds"]) for part in parts), default=0.0)


def troubles(
    kind: str, parts: Sequence[Part], waits: Waits, others: Sequence[Part], given: "Settings"
) -> list[Trouble]:
    """What is wrong with the living processes of one kind, given what waits and all that lives elsewhere."""
    if kind == "watch":
        return list(of_watch(parts, given))
    if kind == "beat":
        return list(of_beat(parts))
    return list(of_workers(kind, parts, waits, others))


def of_workers(kind: str, parts: Sequence[Part], waits: Waits, others: Sequence[Part]) -> Iterator[Trouble]:
    """Rows wait that these processes serve, and none of them does anything; or beat rings, and no worker answers."""
    told = {(part["detail"] or "").partition(WAITS_FOR_DATABASE)[2] for part in parts} - {""}
    if told:
        todo = "Nothing is lost, and it goes on by itself. See the server's log, and `onrecord doctor` for the disks."
        yield Trouble(f"A worker {WAITS_FOR_DATABASE}{min(told)}.", todo)
    quiet = idle(parts)
    served = queues_of(kind, parts)
    stuck = {name: waits[name] for name in served if waits[name]["oldest"] > WAITED}
    if stuck and quiet > WAITED:
        rows = " and ".join(f"{queue['waiting']:,.0f} of {name}" for name, queue in stuck.items())
        longest = max(queue["oldest"] for queue in stuck.values())
        yield Trouble(
            f"{len(parts)} {kind} process{'' if len(parts) == 1 else 'es'} pulse, but nothing has run for"
            f" {minutes(quiet)} while rows wait ({rows}, the oldest for {minutes(longest)}).",
            "Is the broker up (`onrecord doctor`)? If it is, restart the worker: its processes may have lost it.",
        )
        return
    beats = [part for part in others if part["kind"] == "beat" and part["alive"] and ringing(part)]
    workers = [part for part in others if part["kind"] == "worker" and part["alive"]]
    if kind == "worker" and beats and workers and (silent := idle(workers)) > UNRUNG:
        yield Trouble(
            f"Beat rings every minute, and no worker has answered for {minutes(silent)}.",
            "Restart the workers; `onrecord doctor` says whether the broker passes messages.",
        )


def of_beat(parts: Sequence[Part]) -> Iterator[Trouble]:
    """It lives but does not ring."""
    if parts and all(quiet_beat(part) for part in parts):
        yield Trouble(
            f"Beat lives, but has not rung for {minutes(idle(parts))}.",
            "The broker does not take messages, most likely: see `onrecord doctor`; else restart beat.",
        )


def of_watch(parts: Sequence[Part], given: "Settings") -> Iterator[Trouble]:
    """It lives but does not scan, or its folders are away."""
    away = [part["detail"] for part in parts if "(away)" in (part["detail"] or "")]
    if away:
        yield Trouble(
            f"A watched folder is not there: {'; '.join(away)}.", "Make or mount it again; the watcher then goes on."
        )
    elif (quiet := idle(parts)) > max(SCANLESS, SCANS_MISSED * given.scan_seconds):
        yield Trouble(
            f"The watcher lives, but has not ended a scan for {minutes(quiet)}.",
            "Its disk may hang, or the folder is very large; see its log, then restart it.",
        )


def ringing(part: Part) -> bool:
    """Whether a beat has been ringing for so long that a worker must have answered."""
    return float(part["lived_seconds"]) > UNRUNG and part["last_finished"] is not None and not quiet_beat(part)


def quiet_beat(part: Part) -> bool:
    """Whether a beat has not rung for three minutes."""
    return float(part["idle_seconds"]) > UNRUNG


def queues_of(kind: str, parts: Sequence[Part]) -> list[str]:
    """The queues that these workers serve, as they say; those of the kind where they do not."""
    told = {name for part in parts for name in (part["detail"] or "").split(", ")}
    usual = ["backfill"] if kind == "backfill" else ["intake", "articles"]
    return [name for name in QUEUES if name in told] or usual


def minutes(seconds: float) -> str:
    """A span as people say it."""
    if seconds < 100:
        return f"{seconds:.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
