"""The health of the whole pipeline: numbers from the tables, and what is wrong."""

import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, Engine, TextClause, text

from worker.cli import liveness, pace
from worker.cli.errors import MIGRATE
from worker.cli.liveness import QueueLoad, RunningProcess, Trouble, minutes
from worker.cli.plural import counted
from worker.deliveries import standing
from worker.reasons import NEEDS_A_PERSON
from worker.store.db import schema
from worker.store.queues import ARTICLES, BACKFILL, INTAKE
from worker.store.states import ENDED

if TYPE_CHECKING:
    from worker.settings import Settings

WAITED_TOO_LONG = 300.0
"""Ignore rows that have waited for up to this many seconds; `is_stuck` judges rows that have waited longer."""
WAITED_ALONE = 3600.0
"""Ignore waiting rows of a short queue for up to this many seconds, while other rows of the queue are finished."""
COMING = 60.0
"""Ignore for so many seconds after a job was made that no backfill worker runs: a running `up` starts one for it."""
REMAKE = "Remove it and make it again, or let it go on where it stopped: `onrecord watch-list resume NAME`."
NEEDED = ("watch", "worker", "beat")  # if a kind of process named here is not running, some work stops

FILES_BY_STATE = text("""SELECT state, count(*) FROM files GROUP BY state ORDER BY state""")
DOCUMENTS_BY_STATE = text("""SELECT state, count(*) FROM documents GROUP BY state ORDER BY state""")
DATABASE_BYTES = text("""SELECT pg_database_size(current_database())""")
TAKES_NO_WRITES = text("""
SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'
""")
NOT_DISPOSED = text("""
SELECT count(*) AS files, min(after_message) AS why FROM files
WHERE after <> 'keep' AND after_done_at IS NULL AND current AND after_reason = ANY (:reasons)
""")

# True if a file of this queue was split or finished in the last :seconds. This is quick, since it reads only the last
# entries of two indexes: the primary key, and the index on state and finished_at.
INTAKE_MOVES = text("""
SELECT coalesce(greatest(
    (SELECT max(created_at) FROM documents WHERE id = (SELECT max(id) FROM documents)),
    (SELECT max(newest) FROM unnest(CAST(:ended AS text[])) AS ends(state),
     LATERAL (SELECT max(f.finished_at) AS newest FROM files f WHERE f.state = ends.state) AS of_state)
) > now() - make_interval(secs => :seconds), false)
""")
WORKERS_MOVE = text("""
SELECT coalesce(max(last_finished) > now() - make_interval(secs => :seconds), false)
FROM processes WHERE kind = :kind
""")


class Movement(NamedTuple):
    """The statement that says whether a queue makes progress, and the values that this statement needs."""

    statement: TextClause
    values: Mapping[str, object]


MOVEMENTS = {
    INTAKE.name: Movement(INTAKE_MOVES, {"ended": [state.value for state in ENDED]}),
    ARTICLES.name: Movement(WORKERS_MOVE, {"kind": ARTICLES.kind}),
    BACKFILL.name: Movement(WORKERS_MOVE, {"kind": BACKFILL.kind}),
}


@dataclass
class Health:
    """The state of the whole pipeline, for `status` and `doctor`."""

    revision: str | None
    newest_revision: str
    files: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    queues: dict[str, QueueLoad] = field(default_factory=dict)
    processes: list[RunningProcess] = field(default_factory=list)
    database_bytes: int = 0
    disk_free_bytes: int | None = None
    last_hour: pace.LastHour | None = None
    oldest: list[pace.OldestRow] = field(default_factory=list)
    psql: str | None = None
    page: str | None = None
    """The page's address, if it is served."""
    data_elsewhere: str | None = None
    """Where the data are if they are not in HOME, as a sentence."""
    receivers: list[Trouble] = field(default_factory=list)
    """The receivers of watch-lists that do not take what they are told. That is no trouble of the pipeline."""
    problems: list[Trouble] = field(default_factory=list)

    @property
    def healthy(self) -> bool:
        """True if nothing is wrong."""
        return not self.problems

    def to_json(self) -> dict[str, object]:
        """Return the numbers and the problems as plain values."""
        problems = [problem.to_json() for problem in self.problems]
        receivers = [trouble.to_json() for trouble in self.receivers]
        return {"healthy": self.healthy, **asdict(self), "receivers": receivers, "problems": problems}


def examine(engine: Engine, settings: "Settings") -> Health:
    """Return the numbers and the problems. A problem raises no error; a database that does not answer raises one."""
    health = of_schema(engine)
    health.disk_free_bytes = free_bytes(settings)
    if health.healthy:
        with engine.connect() as connection:
            count(connection, health, settings.seen_seconds)
            judge(connection, health, settings)
    return health


def problems_of(engine: Engine, settings: "Settings") -> list[Trouble]:
    """Return only the problems: this is quick in large tables too, so it may be asked often."""
    health = of_schema(engine)
    if health.healthy:
        with engine.connect() as connection:
            look(connection, health, settings.seen_seconds)
            judge(connection, health, settings)
    return health.problems


def of_schema(engine: Engine) -> Health:
    """Return the health of the schema, without any number."""
    health = Health(schema.current_revision(engine), schema.newest_revision())
    if health.revision != health.newest_revision:
        health.problems.append(trouble_of_schema(health.revision, health.newest_revision))
    return health


def trouble_of_schema(revision: str | None, newest: str) -> Trouble:
    """Return the trouble with a schema that is not the one of this release: it is missing, older or newer."""
    if revision is None:
        return Trouble(f"The database has no tables yet; this release needs {newest}.", MIGRATE)
    if schema.knows(revision):
        return Trouble(f"The schema is at {revision}, and this release needs {newest}.", MIGRATE)
    return Trouble(
        f"The schema is at {revision}, which this release ({newest}) does not know: a newer Onrecord has migrated it.",
        "Run the newer release on this machine too; a schema never goes back by itself.",
    )


def count(connection: Connection, health: Health, seen_seconds: float) -> None:
    """Set the numbers of `health`."""
    for statement, counts in ((FILES_BY_STATE, health.files), (DOCUMENTS_BY_STATE, health.documents)):
        counts.update({str(state): int(rows) for state, rows in connection.execute(statement)})
    look(connection, health, seen_seconds)
    health.last_hour = pace.last_hour(connection)
    health.oldest = pace.oldest_rows(connection)
    health.receivers = troubled_receivers(connection)
    health.database_bytes = int(connection.execute(DATABASE_BYTES).scalar_one())


def look(connection: Connection, health: Health, seen_seconds: float) -> None:
    """Set the numbers of `health` by which it is judged."""
    health.queues = liveness.waiting_rows(connection)
    health.processes = liveness.running_processes(connection, seen_seconds)


def troubled_receivers(connection: Connection) -> list[Trouble]:
    """Return a trouble for each receiver that fails or is paused, and for each watch-list that Onrecord paused."""
    troubles = [
        Trouble(
            f"The watch-list “{one.watch_list}” does not reach {one.place}: {one.state}",
            "`onrecord watch-list resume NAME` lets it go on." if one.paused_at else "`watch-list test NAME` tries it.",
        )
        for one in standing.all_standings(connection)
        if one.is_troubled
    ]
    paused = connection.execute(standing.PAUSED_BY_US).all()
    return troubles + [Trouble(f"The watch-list “{row.watch_list}” is paused. {row.failure}", REMAKE) for row in paused]


def judge(connection: Connection, health: Health, settings: "Settings") -> None:
    """Set the problems of `health`."""
    if connection.execute(TAKES_NO_WRITES).scalar():
        message = "The database takes no writes: it is read-only, or a standby. Everything waits, and nothing is lost."
        health.problems.append(Trouble(message, "See `default_transaction_read_only`, and the server's log."))
        return  # no process can write a heartbeat, so all processes would seem dead
    alive: dict[str, list[RunningProcess]] = {}
    for process in health.processes:
        if process.alive:
            alive.setdefault(process.kind, []).append(process)
    health.problems += missing(set(alive), health.queues[BACKFILL.name])
    for kind, processes in alive.items():
        health.problems += liveness.troubles(kind, processes, health.queues, health.processes, settings)
    health.problems += not_disposed(connection)
    if health.problems:
        return  # these problems explain why rows wait
    for name, load in health.queues.items():
        if load.oldest > WAITED_TOO_LONG and is_stuck(connection, name, load, settings.doorbells):
            message = f"{counted(load.waiting, 'row', 'wait')} for the queue {name}, one for {minutes(load.oldest)}."
            health.problems.append(Trouble(message, "See the log of the workers, and `onrecord doctor`."))


def not_disposed(connection: Connection) -> list[Trouble]:
    """Return a trouble if stored files could not be archived or deleted."""
    row = connection.execute(NOT_DISPOSED, {"reasons": [reason.value for reason in NEEDS_A_PERSON]}).one()
    return (
        [Trouble(f"{counted(row.files, 'stored file', 'were')} not archived or deleted.", row.why)] if row.files else []
    )


def missing(alive: set[str], to_read_again: QueueLoad) -> list[Trouble]:
    """Return a trouble for each kind of process that is needed and not alive.

    A backfill worker is needed only while articles wait to be read again, and has `COMING` seconds to come.
    """
    absent = [kind for kind in NEEDED if kind not in alive]
    if len(absent) == len(NEEDED):
        return [Trouble("Nothing is running.", "Start it with `onrecord up`.")]
    troubles = [Trouble(f"No {kind} is running.", f"Start one: `onrecord {kind}`.") for kind in absent]
    if to_read_again.waiting and to_read_again.oldest > COMING and BACKFILL.kind not in alive:
        articles = counted(to_read_again.waiting, "article", "wait")
        message = f"{articles} to be read again, and no backfill worker is running."
        troubles.append(Trouble(message, "Start one: `onrecord worker --queue backfill`."))
    return troubles


def is_stuck(connection: Connection, name: str, load: QueueLoad, doorbells: int) -> bool:
    """True if rows wait for long, and not only because many rows are before them.

    That is so if no row of the queue was finished lately. It is also so if at most `doorbells` rows wait, and the
    oldest row has waited for an hour although other rows were finished.
    """
    movement = MOVEMENTS[name]
    is_moving = connection.execute(movement.statement, {**movement.values, "seconds": WAITED_TOO_LONG}).scalar_one()
    return not is_moving or (load.waiting <= doorbells and load.oldest > WAITED_ALONE)


def free_bytes(settings: "Settings") -> int | None:
    """Return the free bytes on the disk of HOME, or without a HOME on the disk of the current folder."""
    try:
        return shutil.disk_usage(settings.home or Path.cwd()).free
    except OSError:
        return None
