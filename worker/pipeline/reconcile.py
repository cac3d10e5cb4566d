"""Looks at new articles a second time, since two transactions at once may not have seen each other's rows.

Afterwards stories, speakers and statements are as if the articles had come one by one, in order of their ids.
"""

import math
import time
from collections.abc import Sequence

from sqlalchemy import Connection

from worker.dedupe import statements, stories
from worker.dedupe.stories import Neighbour
from worker.speakers.across.repair import repair
from worker.store import articles as article_rows
from worker.store import stories as rows
from worker.store.stories import StoryArticle

SHARE = 0.7
"""Look at stories and speakers for this share of the time; the rest is for the statements."""

TOGETHER = 16
"""Ask for the names in so many articles at once; a pass that ends early has asked for no more than these in vain."""


def reconcile(connection: Connection, limit: int = 500, seconds: float = math.inf) -> int:
    """Look again at up to `limit` articles that no earlier call has looked at, by id; return their number.

    Stop after the first article that ends later than `seconds` after the call. The caller's transaction must share the
    decision lock. Two calls must not run at the same time, so the caller must hold a lock for that, too. Decisions by
    people are kept.
    """
    until = time.monotonic() + SHARE * seconds
    done: list[int] = []
    names: set[str] = set()
    waiting = article_rows.unreconciled(connection, limit)
    names_of: dict[int, set[str]] = {}
    for place, article_id in enumerate(waiting):
        if article_id not in names_of:
            names_of = article_rows.names_in(connection, waiting[place : place + TOGETHER])
        _join_story(connection, article_id)
        _join_speakers(connection, names_of[article_id] - names)
        names |= names_of[article_id]
        done.append(article_id)
        if time.monotonic() > until:
            break
    # The statements of all these articles together, since few are joined: most of the time is that of asking.
    statements.rejoin(connection, article_rows.current_quotes_of(connection, done))
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
    _join_founder(connection, article, near)
    for founder in sorted(later):
        # The story of this one may have been merged just now.
        article = rows.article(connection, founder)
        _join_founder(connection, article, stories.neighbours(connection, article.sketch, but=article.story_id))


def _join_founder(connection: Connection, article: StoryArticle, near: Sequence[Neighbour]) -> None:
    earlier = [neighbour for neighbour in near if neighbour.article_id < article.id]
    if not earlier or rows.founder(connection, article.story_id) != article.id:
        return
    copied = stories.original(connection, rows.body(connection, article.id), earlier)
    if copied is None:
        return
    kept, gone = sorted((article.story_id, copied.story_id))
    moved = rows.absorb(connection, kept, gone)
    statements.refresh(connection, article_rows.quotes_of(connection, moved))


def _join_speakers(connection: Connection, names: set[str]) -> None:
    """Join the speakers with these names with those stored at the same time."""
    if names:
        statements.refresh(connection, repair(connection, names))
