"""Re-processing jobs in the tables: which articles, how far, and how each ended."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from worker.store.ledger import Claim
from worker.store.tables.models import ReprocessRun

MAKING_LOCK = 0x0011_5E1F
FREE = "claimed_by = NULL, claimed_at = NULL, lease_until = NULL"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles to read again; no field set: all of them."""

    outdated: bool = False
    since: str | None = None  # ISO date; published, else stored, from then on
    file: str | None = None  # path below an inbox, `*` allowed
    label: str = "all"


# An article that failed at this generation is not tried at it again, and one that already waits is not queued twice.
WANTED = """
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


def _values(selection: Selection, generation: int) -> dict[str, Any]:
    pattern = selection.file.replace("%", r"\%").replace("_", r"\_").replace("*", "%") if selection.file else None
    return {
        "outdated": selection.outdated,
        "since": selection.since,
        "file": pattern,
        "generation": generation,
    }


def count(connection: Connection, selection: Selection, generation: int) -> int:
    """How many articles a job would read again."""
    found = connection.execute(text("SELECT count(*)" + WANTED), _values(selection, generation))
    return int(found.scalar_one())


def waiting(connection: Connection) -> list[Row[Any]]:
    """The jobs that articles still wait for: `id`, `selection`, and how many are `left`."""
    query = (
        "SELECT r.id, r.selection, count(*) AS left FROM reprocess_runs r JOIN reprocess_items i ON i.run_id = r.id"
        " WHERE i.state IN ('waiting', 'working') GROUP BY r.id ORDER BY r.id"
    )
    return list(connection.execute(text(query)))


def sample(connection: Connection, selection: Selection, generation: int, size: int) -> list[int]:
    """The ids of some of them, the same ones each time."""
    query = text("SELECT a.id" + WANTED + " ORDER BY hashint8(a.id) LIMIT :size")
    return list(connection.execute(query, _values(selection, generation) | {"size": size}).scalars())


def start(
    connection: Connection, selection: Selection, version_id: int, generation: int, *, reparse: bool, scheduled: bool
) -> Row[Any]:
    """Make a job and its items; its `id` and `total`.

    One job is made at a time: of two commands at once, the second finds the articles waiting for the first.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MAKING_LOCK})
    run = connection.execute(
        ReprocessRun.__table__.insert()  # type: ignore[attr-defined]
        .values(version_id=version_id, selection=selection.label, reparse=reparse, scheduled=scheduled)
        .returning(ReprocessRun.id)
    ).scalar_one()
    connection.execute(
        text("INSERT INTO reprocess_items (run_id, article_id) SELECT :run, a.id" + WANTED + " ORDER BY a.id"),
        _values(selection, generation) | {"run": run},
    )
    row = connection.execute(
        text(
            "UPDATE reprocess_runs r SET total = i.n, state = CASE WHEN i.n = 0 THEN 'done' ELSE 'running' END,"
            " finished_at = CASE WHEN i.n = 0 THEN now() END"
            " FROM (SELECT count(*) AS n FROM reprocess_items WHERE run_id = :run) i"
            " WHERE r.id = :run RETURNING r.id, r.total"
        ),
        {"run": run},
    )
    return row.one()


def finish(connection: Connection, claim: Claim, state: str, message: str | None = None) -> None:
    """End one item, behind the caller's fence."""
    connection.execute(
        text(
            f"UPDATE reprocess_items SET state = :state, message = :message, finished_at = now(), {FREE} WHERE id = :id"
        ),
        {"state": state, "message": message, "id": claim.id},
    )


def close(connection: Connection) -> int:
    """End the jobs all of whose items have ended; give their number."""
    return connection.execute(
        text(
            "UPDATE reprocess_runs r SET state = 'done', finished_at = now() WHERE state = 'running'"
            " AND NOT EXISTS (SELECT 1 FROM reprocess_items i WHERE i.run_id = r.id"
            " AND i.state IN ('waiting', 'working'))"
        )
    ).rowcount


def stop(connection: Connection, run_id: int) -> int:
    """Stop a job: what waits is skipped, what is worked on ends; give how many were skipped."""
    skipped = connection.execute(
        text(
            "UPDATE reprocess_items SET state = 'skipped', message = 'the job was stopped', finished_at = now()"
            " WHERE run_id = :run AND state = 'waiting'"
        ),
        {"run": run_id},
    ).rowcount
    connection.execute(
        text("UPDATE reprocess_runs SET state = 'stopped', finished_at = now() WHERE id = :run AND state = 'running'"),
        {"run": run_id},
    )
    return skipped


def progress(connection: Connection, run_id: int) -> dict[str, int]:
    """How many items of a job are in each state."""
    rows = connection.execute(
        text("SELECT state, count(*) AS n FROM reprocess_items WHERE run_id = :run GROUP BY state"), {"run": run_id}
    )
    return {row.state: row.n for row in rows}


def due(connection: Connection, hours: float) -> bool:
    """Whether the schedule's next job is due: none runs, and the last one began `hours` ago or more."""
    found = connection.execute(
        text(
            "SELECT NOT EXISTS (SELECT 1 FROM reprocess_runs WHERE state = 'running' OR (scheduled"
            " AND created_at > now() - make_interval(secs => :hours * 3600)))"
        ),
        {"hours": hours},
    )
    return bool(found.scalar_one())
