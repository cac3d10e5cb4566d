"""How the pipeline is: numbers from the tables, and whether they are healthy."""

import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, text

from worker.cli.errors import MIGRATE
from worker.store import schema

if TYPE_CHECKING:
    from worker.settings import Settings

WAITED_TOO_LONG = 300  # seconds
NEEDED = ("watch", "worker", "beat")  # without one of these something stands still

# Two partial indexes cover the waiting rows of each table, so counting them costs nothing in a large one.
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
QUEUES = {
    "intake": {"table": "files", "claimed": "reading", "since": "first_seen"},
    "articles": {"table": "documents", "claimed": "working", "since": "created_at"},
    "backfill": {"table": "reprocess_items", "claimed": "working", "since": "NULL::timestamptz"},
}
PARTS = """
SELECT kind, host, pid, version, started_at, last_seen, last_finished, detail,
       last_seen > clock_timestamp() - make_interval(secs => :seen) AS alive
FROM parts WHERE stopped_at IS NULL ORDER BY kind, id
"""
LATELY = (
    "SELECT count(*) FROM parts WHERE last_finished > now() - make_interval(secs => :seconds) AND kind = ANY (:kinds)"
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is not as it should be, and what to do."""

    said: str
    todo: str


@dataclass
class Health:
    """The state of the whole, for `status` and `doctor`."""

    revision: str | None
    newest_revision: str
    files: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    queues: dict[str, dict[str, float]] = field(default_factory=dict)
    parts: list[dict[str, Any]] = field(default_factory=list)
    database_bytes: int = 0
    disk_free_bytes: int | None = None
    psql: str | None = None
    problems: list[Trouble] = field(default_factory=list)

    @property
    def healthy(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """All of it as plain values."""
        return {"healthy": self.healthy, **asdict(self)}


def examine(engine: Engine, given: "Settings") -> Health:
    """Look at everything; never raises for what is merely unhealthy."""
    health = Health(schema.current_revision(engine), schema.newest_revision())
    health.disk_free_bytes = free_bytes(given)
    if health.revision != health.newest_revision:
        said = f"The schema is at {health.revision or 'nothing'}, and this release needs {health.newest_revision}."
        health.problems.append(Trouble(said, MIGRATE))
        return health
    with engine.connect() as connection:
        count(connection, health, given.seen_seconds)
        judge(connection, health, given.doorbells)
    return health


def count(connection: Connection, health: Health, seen_seconds: float) -> None:
    """Fill in the numbers."""
    for table, counts in (("files", health.files), ("documents", health.documents)):
        statement = f"SELECT state, count(*) FROM {table} GROUP BY state ORDER BY state"  # noqa: S608 - from just above
        counts.update({str(state): int(rows) for state, rows in connection.execute(text(statement))})
    for name, queue in QUEUES.items():
        row = connection.execute(text(WAITING.format(**queue))).mappings().one()
        health.queues[name] = {key: round(float(row[key]), 1) for key in row}
    parts = connection.execute(text(PARTS), {"seen": seen_seconds}).mappings()
    health.parts = [dict(part) for part in parts]
    health.database_bytes = int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def judge(connection: Connection, health: Health, doorbells: int) -> None:
    """Say what is wrong."""
    alive = {part["kind"] for part in health.parts if part["alive"]}
    missing = [kind for kind in NEEDED if kind not in alive]
    if len(missing) == len(NEEDED):
        health.problems.append(Trouble("Nothing is running.", "Start it with `onrecord up`."))
    else:
        health.problems += [Trouble(f"No {kind} is running.", f"Start one: `onrecord {kind}`.") for kind in missing]
    for name, queue in health.queues.items():
        kinds = ["backfill"] if name == "backfill" else ["worker"]
        moving = connection.execute(text(LATELY), {"seconds": WAITED_TOO_LONG, "kinds": kinds}).scalar_one()
        if queue["oldest"] > WAITED_TOO_LONG and stuck(queue["waiting"], bool(moving), doorbells):
            said = f"{queue['waiting']:.0f} rows wait for the queue {name}, one for {queue['oldest'] / 60:.0f} minutes."
            health.problems.append(Trouble(said, "See the log of the workers, and `onrecord doctor`."))


def stuck(waiting: float, moving: bool, doorbells: int) -> bool:
    """Whether a long wait is more than a backlog: every waiting row was rung long ago, or nothing is finished."""
    return waiting <= doorbells or not moving


def free_bytes(given: "Settings") -> int | None:
    """Free disk where the embedded data lie, else where we are."""
    try:
        return shutil.disk_usage(given.home or Path.cwd()).free
    except OSError:
        return None
