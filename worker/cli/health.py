"""How the pipeline is: numbers from the tables, and whether they are healthy."""

import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, text

from worker.cli import liveness
from worker.cli.errors import MIGRATE
from worker.cli.liveness import Trouble, minutes
from worker.reasons import NEEDS_A_PERSON
from worker.store.db import schema
from worker.store.queues import ARTICLES, BACKFILL, INTAKE
from worker.store.states import ENDED, listed

if TYPE_CHECKING:
    from worker.settings import Settings

WAITED_TOO_LONG = 300.0  # seconds
WAITED_ALONE = 3600.0  # seconds, while others are served
NEEDED = ("watch", "worker", "beat")  # without one of these something stands still

# When a row of each queue last got on. The indexes on state and end, and the keys, give it at once.
BY_WORKERS = "SELECT max(last_finished) FROM processes WHERE kind = '{}'"
MOVED = {
    INTAKE.name: (
        "SELECT greatest("  # noqa: S608 - our own words
        "(SELECT max(created_at) FROM documents WHERE id = (SELECT max(id) FROM documents)),"
        f" (SELECT max(newest) FROM unnest(ARRAY[{listed(ENDED)[1:-1]}]) AS ends(state),"
        " LATERAL (SELECT max(f.finished_at) AS newest FROM files f WHERE f.state = ends.state) AS of_state))"
    ),
    ARTICLES.name: BY_WORKERS.format(ARTICLES.kind),
    BACKFILL.name: BY_WORKERS.format(BACKFILL.kind),
}

CLOSED = "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'"
KEPT = """
SELECT count(*) AS files, min(after_message) AS why FROM files
WHERE after <> 'keep' AND after_done_at IS NULL AND current AND after_reason = ANY (:reasons)
"""


@dataclass
class Health:
    """The state of the whole, for `status` and `doctor`."""

    revision: str | None
    newest_revision: str
    files: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    queues: dict[str, dict[str, float]] = field(default_factory=dict)
    processes: list[dict[str, Any]] = field(default_factory=list)
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
        health.problems.append(of_schema(health.revision, health.newest_revision))
        return health
    with engine.connect() as connection:
        count(connection, health, given.seen_seconds)
        judge(connection, health, given)
    return health


def of_schema(revision: str | None, newest: str) -> Trouble:
    """What is wrong with tables that are none, older, or newer than this release."""
    if revision is None:
        return Trouble(f"The database has no tables yet; this release needs {newest}.", MIGRATE)
    if schema.knows(revision):
        return Trouble(f"The schema is at {revision}, and this release needs {newest}.", MIGRATE)
    return Trouble(
        f"The schema is at {revision}, which this release ({newest}) does not know: a newer Onrecord has migrated it.",
        "Run the newer release on this machine too; a schema never goes back by itself.",
    )


def count(connection: Connection, health: Health, seen_seconds: float) -> None:
    """Fill in the numbers."""
    for table, counts in (("files", health.files), ("documents", health.documents)):
        statement = f"SELECT state, count(*) FROM {table} GROUP BY state ORDER BY state"  # noqa: S608 - from just above
        counts.update({str(state): int(rows) for state, rows in connection.execute(text(statement))})
    health.queues = liveness.waiting_rows(connection)
    health.processes = liveness.running_processes(connection, seen_seconds)
    health.database_bytes = int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def judge(connection: Connection, health: Health, given: "Settings") -> None:
    """Say what is wrong."""
    if connection.execute(text(CLOSED)).scalar():
        said = "The database takes no writes: it is read-only, or a standby. Everything waits, and nothing is lost."
        health.problems.append(Trouble(said, "See `default_transaction_read_only`, and the server's log."))
        return  # no process can say that it lives
    alive: dict[str, list[dict[str, Any]]] = {}
    for process in health.processes:
        if process["alive"]:
            alive.setdefault(process["kind"], []).append(process)
    health.problems += missing(set(alive), health.queues[BACKFILL.name]["waiting"])
    for kind, processes in alive.items():
        health.problems += liveness.troubles(kind, processes, health.queues, health.processes, given)
    health.problems += kept(connection)
    if health.problems:
        return  # whatever waits, this is why
    for name, queue in health.queues.items():
        if queue["oldest"] > WAITED_TOO_LONG and stuck(connection, name, queue, given.doorbells):
            said = f"{queue['waiting']:.0f} rows wait for the queue {name}, one for {minutes(queue['oldest'])}."
            health.problems.append(Trouble(said, "See the log of the workers, and `onrecord doctor`."))


def kept(connection: Connection) -> list[Trouble]:
    """Stored files that should have left their folder, and could not."""
    row = connection.execute(text(KEPT), {"reasons": [reason.value for reason in NEEDS_A_PERSON]}).one()
    return [Trouble(f"{row.files:,} stored files were not archived or deleted.", row.why)] if row.files else []


def missing(alive: set[str], to_read_again: float) -> list[Trouble]:
    """The processes that are needed and do not live."""
    lacking = [kind for kind in NEEDED if kind not in alive]
    if len(lacking) == len(NEEDED):
        return [Trouble("Nothing is running.", "Start it with `onrecord up`.")]
    told = [Trouble(f"No {kind} is running.", f"Start one: `onrecord {kind}`.") for kind in lacking]
    if to_read_again and BACKFILL.kind not in alive:
        said = f"{to_read_again:,.0f} articles wait to be read again, and no backfill worker is running."
        told.append(Trouble(said, "Start one: `onrecord worker --queue backfill`."))
    return told


def stuck(connection: Connection, name: str, queue: dict[str, float], doorbells: int) -> bool:
    """Whether a long wait is more than a backlog: nothing of the queue gets on, or these rows do not, for an hour."""
    moved = f"SELECT coalesce(({MOVED[name]}) > now() - make_interval(secs => :seconds), false)"
    moving = connection.execute(text(moved), {"seconds": WAITED_TOO_LONG}).scalar_one()
    return not moving or (queue["waiting"] <= doorbells and queue["oldest"] > WAITED_ALONE)


def free_bytes(given: "Settings") -> int | None:
    """Free disk where the embedded data lie, else where we are."""
    try:
        return shutil.disk_usage(given.home or Path.cwd()).free
    except OSError:
        return None
