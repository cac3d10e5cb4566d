"""Looks at new articles a second time, since two transactions at once may not have seen each other's rows.

Afterwards stories, speakers and statements are as if the articles had come one by one, in order of their ids.
"""

import math
import time

from sqlalchemy import Connection

from worker.dedupe import statements, stories
from worker.speakers.across.repair import repair
from worker.store import articles as article_rows
from worker.store import stories as rows


def reconcile(connection: Connection, limit: int = 500, seconds: float = math.inf) -> int:
    """Look again at up to `limit` articles that no earlier call has looked at, by id; return their number.

    Stop after the first article that ends later than `seconds` after the call. The caller's transaction must share the
    decision lock. Two calls must not run at the same time, so the caller must hold a lock for that, too. Decisions by
    people are kept.
    """
    until = time.monotonic() + seconds
    done: list[int] = []
    for article_id in article_rows.unreconciled(connection, limit):
        _join_story(connection, article_id)
        _join_statements(connection, article_id)
        done.append(article_id)
        if time.monotonic() > until:
            break
    article_rows.mark_reconciled(connection, done)
    return len(done)


def _join_story(connection: Connection, article_id: int) -> None:
    """Merge the story of an article with another story if the later of the two should not have been started.

    The founder of a story is its first article. A story should not have been started if its founder is near to an
    article that was stored before it. A text that was stored after both founders and is near to both (two reports
    printed as one) does not merge their stories.
    """
    article = rows.article(connection, article_id)
    near = stories.neighbours(connection, article.sketch, but=article.story_id)
    later = {neighbour.article_id for neighbour in near if neighbour.article_id > article_id}
    for founder in sorted({article_id} | later):
        _join_founder(connection, founder)


def _join_founder(connection: Connection, article_id: int) -> None:
    article = rows.article(connection, article_id)
    if rows.founder(connection, article.story_id) != article_id:
        return
    near = stories.neighbours(connection, article.sketch, but=article.story_id)
    earlier = [neighbour for neighbour in near if neighbour.article_id < article_id]
    copied = stories.original(connection, rows.body(connection, article_id), earlier)
    if copied is None:
        return
    kept, gone = sorted((article.story_id, copied.story_id))
    moved = rows.absorb(connection, kept, gone)
    statements.refresh(connection, article_rows.quotes_of(connection, moved))


def _join_statements(connection: Connection, article_id: int) -> None:
    """Join the speakers and statements of an article with those that were stored at the same time."""
    moved = repair(connection, article_rows.names_in(connection, article_id))
    statements.refresh(connection, moved)
    statements.rejoin(connection, article_rows.current_quotes_of(connection, article_id))
