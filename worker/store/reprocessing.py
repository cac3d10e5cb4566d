"""Re-processing jobs in the tables: which articles a job reads again, how far it is, and how each article ended."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from worker.store import ledger
from worker.store.db.locks import Lock, hold
from worker.store.ledger import Claim
from worker.store.queues import BACKFILL

# An article that failed with this generation is not selected for it again (with `outdated`). An article that already
# waits is not selected twice.
SELECTED = """
    FROM articles a
    JOIN extractions e ON e.article_id = a.id AND e.current
    JOIN extractor_versions v ON v.id = e.version_id
    WHERE (NOT :outdated OR v.generation < :generation)
      AND (CAST(:since AS timestamptz) IS NULL OR coalesce(a.published_at, a.stored_at) >= CAST(:since AS timestamptz))
      AND (CAST(:file AS text) IS NULL OR EXISTS (
            SELECT 1 FROM article_sources s JOIN file_documents fd ON fd.document_id = s.document_id
            JOIN files f ON f.id = fd.file_id WHERE s.article_id = a.id AND f.shown LIKE :file))
      AND NOT EXISTS (
            SELECT 1 FROM reprocess_items i JOIN reprocess_runs r ON r.id = i.run_id
            JOIN extractor_versions rv ON rv.id = r.version_id
            WHERE i.article_id = a.id AND (i.state IN ('waiting', 'working')
                  OR (:outdated AND i.state = 'failed' AND rv.generation = :generation)))
"""
COUNT = text(f"""SELECT count(*) {SELECTED}""")
SAMPLE = text(f"""SELECT a.id {SELECTED} ORDER BY hashint8(a.id) LIMIT :size""")
WAITING = text(
    """
    SELECT r.id, r.selection, count(*) AS left
    FROM reprocess_runs r JOIN reprocess_items i ON i.run_id = r.id
    WHERE i.state IN ('waiting', 'working')
    GROUP BY r.id ORDER BY r.id
    """
)
ADD_RUN = text(
    """
    INSERT INTO reprocess_runs (version_id, selection, reparse, scheduled)
    VALUES (:version, :selection, :reparse, :scheduled)
    RETURNING id
    """
)
ADD_ITEMS = text(f"""INSERT INTO reprocess_items (run_id, article_id) SELECT :run, a.id {SELECTED} ORDER BY a.id""")
SET_TOTAL = text(
    """
    UPDATE reprocess_runs r
    SET total = i.number, state = CASE WHEN i.number = 0 THEN 'done' ELSE 'running' END,
        finished_at = CASE WHEN i.number = 0 THEN now() END
    FROM (SELECT count(*) AS number FROM reprocess_items WHERE run_id = :run) i
    WHERE r.id = :run
    RETURNING r.id, r.total
    """
)
REPARSES = text("""SELECT reparse FROM reprocess_runs WHERE id = :run""")
CLOSE = text(
    """
    UPDATE reprocess_runs r SET state = 'done', finished_at = now()
    WHERE state = 'running'
      AND NOT EXISTS (SELECT 1 FROM reprocess_items i WHERE i.run_id = r.id AND i.state IN ('waiting', 'working'))
    """
)
SKIP = text(
    """
    UPDATE reprocess_items SET state = 'skipped', message = 'the job was stopped', finished_at = now()
    WHERE run_id = :run AND state = 'waiting'
    """
)
STOP = text(
    """UPDATE reprocess_runs SET state = 'stopped', finished_at = now() WHERE id = :run AND state = 'running'"""
)
PROGRESS = text("""SELECT state, count(*) AS number FROM reprocess_items WHERE run_id = :run GROUP BY state""")
DUE = text(
    """
    SELECT NOT EXISTS (
        SELECT 1 FROM reprocess_runs
        WHERE state = 'running' OR (scheduled AND created_at > now() - make_interval(secs => :hours * 3600)))
    """
)
ANY_OPEN = text(
    """
    SELECT EXISTS (SELECT FROM reprocess_items WHERE state = 'waiting')
        OR EXISTS (SELECT FROM reprocess_items WHERE state = 'working')
    """
)


class ClaimedItem(NamedTuple):
    """The columns of a claimed item: the article to be read again, and the job that asks for it."""

    article_id: int
    run_id: int


ItemClaim = Claim[ClaimedItem]


class Job(NamedTuple):
    """A new job: its id, and how many articles it reads again."""

    id: int
    total: int


class WaitingJob(NamedTuple):
    """An unfinished job, and how many of its articles are not done."""

    id: int
    selection: str
    left: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles to read again; if no field is set, all of them."""

    outdated: bool = False
    since: str | None = None  # ISO date; articles that were published (if unknown: stored) since then
    file: str | None = None  # a file's path below its inbox, `*` allowed
    label: str = "all"


def _values(selection: Selection, generation: int) -> dict[str, Any]:
    pattern = selection.file.replace("%", r"\%").replace("_", r"\_").replace("*", "%") if selection.file else None
    return {
        "outdated": selection.outdated,
        "since": selection.since,
        "file": pattern,
        "generation": generation,
    }


def any_open(connection: Connection) -> bool:
    """True if an article waits to be read again, or is being read again."""
    return bool(connection.execute(ANY_OPEN).scalar_one())


def count(connection: Connection, selection: Selection, generation: int) -> int:
    """Return how many articles a job would read again."""
    return int(connection.execute(COUNT, _values(selection, generation)).scalar_one())


def waiting(connection: Connection) -> list[WaitingJob]:
    """Return the jobs in which an article waits or is being read."""
    return [WaitingJob(*row) for row in connection.execute(WAITING)]


def sample(connection: Connection, selection: Selection, generation: int, size: int) -> list[int]:
    """Return the ids of `size` articles that a job would read again; each call returns the same ids."""
    return list(connection.execute(SAMPLE, _values(selection, generation) | {"size": size}).scalars())


def start(
    connection: Connection, selection: Selection, version_id: int, generation: int, *, reparse: bool, scheduled: bool
) -> Job:
    """Make a job and its items.

    Only one job is made at a time. If two commands run at once, the second finds that the articles already wait for the
    first job.
    """
    hold(connection, Lock.MAKE_JOB)
    values = {"version": version_id, "selection": selection.label, "reparse": reparse, "scheduled": scheduled}
    run = connection.execute(ADD_RUN, values).scalar_one()
    connection.execute(ADD_ITEMS, _values(selection, generation) | {"run": run})
    return Job(*connection.execute(SET_TOTAL, {"run": run}).one())


def reparses(connection: Connection, run_id: int) -> bool:
    """True if a job parses the raw bytes of its articles again."""
    return bool(connection.execute(REPARSES, {"run": run_id}).scalar_one())


def finish(connection: Connection, claim: ItemClaim, state: str, message: str | None = None) -> None:
    """End one item; the caller must have called `fence` before."""
    ledger.end(connection, BACKFILL, [claim.id], state, message=message)


def close(connection: Connection) -> int:
    """End each running job whose items have all ended; return how many jobs have ended."""
    return connection.execute(CLOSE).rowcount


def stop(connection: Connection, run_id: int) -> int:
    """Stop a job: skip the items that wait, and let the claimed ones end; return how many items were skipped."""
    skipped = connection.execute(SKIP, {"run": run_id}).rowcount
    connection.execute(STOP, {"run": run_id})
    return skipped


def progress(connection: Connection, run_id: int) -> dict[str, int]:
    """Return how many items of a job are in each state."""
    return {row.state: row.number for row in connection.execute(PROGRESS, {"run": run_id})}


def due(connection: Connection, hours: float) -> bool:
    """True if the next scheduled job is due: no job runs, and the last scheduled one was made at least `hours` ago."""
    return bool(connection.execute(DUE, {"hours": hours}).scalar_one())
