"""How fast the pipeline was in the last hour, and which rows wait for longest."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from worker.cli.liveness import minutes
from worker.cli.plural import counted
from worker.store.states import ENDED

NEWEST = 100_000
"""Count at most so many articles: what one machine stores in an hour, and more."""

# Quick in large tables: an index has the files by state and end, and the newest articles have the greatest numbers.
FILES_ENDED = text("""
SELECT f.state, count(*) AS files FROM unnest(CAST(:ended AS text[])) AS ends(state)
JOIN files f ON f.state = ends.state AND f.finished_at > now() - interval '1 hour' GROUP BY f.state ORDER BY f.state
""")
ARTICLES_STORED = text("""
SELECT count(*) FILTER (WHERE a.stored_at > now() - interval '1 hour')
FROM (SELECT stored_at FROM articles ORDER BY id DESC LIMIT :most) a
""")
OLDEST = text("""
(SELECT 'intake' AS queue, i.name || '/' || f.shown AS what,
        extract(epoch FROM now() - greatest(f.first_seen, f.claimed_at))::float AS seconds
 FROM files f JOIN inboxes i ON i.id = f.inbox_id WHERE f.state = 'waiting' ORDER BY 3 DESC LIMIT 1)
UNION ALL
(SELECT 'articles', (SELECT i.name || '/' || f.shown || coalesce(':' || fd.member, '')
                     FROM file_documents fd JOIN files f ON f.id = fd.file_id JOIN inboxes i ON i.id = f.inbox_id
                     WHERE fd.document_id = d.id ORDER BY fd.file_id LIMIT 1),
        extract(epoch FROM now() - greatest(d.created_at, d.claimed_at))::float
 FROM documents d WHERE d.state = 'waiting' ORDER BY 3 DESC LIMIT 1)
UNION ALL
(SELECT 'backfill', 'article ' || p.article_id,
        extract(epoch FROM now() - greatest(r.created_at, p.claimed_at))::float
 FROM reprocess_items p JOIN reprocess_runs r ON r.id = p.run_id WHERE p.state = 'waiting' ORDER BY 3 DESC LIMIT 1)
""")


@dataclass(frozen=True, slots=True)
class OldestRow:
    """The row of a queue that waits for longest."""

    queue: str
    what: str
    seconds: float

    @property
    def sentence(self) -> str:
        """What waits, and for how long."""
        return f"{self.what}, for {minutes(self.seconds)} ({self.queue})"


@dataclass(frozen=True, slots=True)
class LastHour:
    """What was done in the last hour: files that ended, by state, and articles that were stored."""

    files: dict[str, int]
    articles: int

    @property
    def sentence(self) -> str:
        """The figures of the hour, and the articles a minute."""
        ended = ", ".join(f"{count:,} {state}" for state, count in self.files.items())
        more = "at least " if self.articles >= NEWEST else ""
        return (
            f"{counted(sum(self.files.values()), 'file')} ended{f' ({ended})' if ended else ''}, "
            f"{more}{counted(self.articles, 'article')} stored"
            f" ({self.articles / 60:.1f} a minute)"
        )


def last_hour(connection: Connection) -> LastHour:
    """Return what was done in the last hour."""
    rows = connection.execute(FILES_ENDED, {"ended": [state.value for state in ENDED]})
    files = {str(state): int(count) for state, count in rows}
    return LastHour(files, int(connection.execute(ARTICLES_STORED, {"most": NEWEST}).scalar_one()))


def oldest_rows(connection: Connection) -> list[OldestRow]:
    """Return the row of each queue that waits for longest."""
    return [OldestRow(str(row.queue), row.what or "?", float(row.seconds)) for row in connection.execute(OLDEST)]
