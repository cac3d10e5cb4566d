"""Rows of stories: their fingerprints, their members, moving a member from one to another."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT

from worker.store.db.many_rows import numbers
from worker.store.tables.models import Article, Story

STORIES = bindparam("stories", type_=ARRAY(BIGINT))

# A hash that many stories have costs a few rows, whatever the size of the table.
_SHARING = text(
    """
    SELECT h.hash, f.story_id FROM unnest(CAST(:hashes AS bigint[])) AS h(hash)
    CROSS JOIN LATERAL (
        SELECT story_id FROM fingerprints WHERE fingerprints.hash = h.hash ORDER BY story_id LIMIT :rows) f
    """
)

# A story of 500 copies costs what one of a few does: its first members and its last.
_MEMBERS = text(
    """
    SELECT m.id, m.story_id, m.sketch FROM unnest(:stories) AS s(id)
    CROSS JOIN LATERAL (
        (SELECT id, story_id, sketch FROM articles WHERE story_id = s.id ORDER BY id LIMIT :each)
        UNION
        (SELECT id, story_id, sketch FROM articles WHERE story_id = s.id ORDER BY id DESC LIMIT :each)) m
    ORDER BY m.id
    """
).bindparams(STORIES)

_FINGERPRINT = text(
    "INSERT INTO fingerprints (hash, story_id) SELECT h, :story FROM unnest(CAST(:hashes AS bigint[])) AS h"
    " ON CONFLICT DO NOTHING"
)


def sharing(connection: Connection, hashes: Sequence[int], rows: int) -> dict[int, list[int]]:
    """The stories that have each hash, at most `rows` a hash; hashes that no story has are left out."""
    found: dict[int, list[int]] = {}
    for row in connection.execute(_SHARING, {"hashes": numbers(hashes), "rows": rows}):
        found.setdefault(row.hash, []).append(row.story_id)
    return found


def members(connection: Connection, stories: Sequence[int], each: int) -> Sequence[Row[int, int, list[int]]]:
    """`id, story_id, sketch` of the first `each` and last `each` articles of the stories, in order of their ids."""
    return connection.execute(_MEMBERS, {"stories": list(stories), "each": each}).all()


def body(connection: Connection, article_id: int) -> str:
    """The body of an article."""
    taken = func.substr(Article.text, Article.body_start + 1, Article.body_end - Article.body_start)
    return str(connection.execute(select(taken).where(Article.id == article_id)).scalar_one())


def add(connection: Connection) -> int:
    """A new story's id."""
    return int(connection.execute(insert(Story).returning(Story.id)).scalar_one())


def fingerprint(connection: Connection, story_id: int, hashes: Iterable[int]) -> None:
    """Add hashes to a story; those it has stay."""
    if ordered := sorted(hashes):
        connection.execute(_FINGERPRINT, {"hashes": numbers(ordered), "story": story_id})


def absorb(connection: Connection, kept: int, gone: int) -> list[int]:
    """Make one story of two: articles and fingerprints of `gone` become `kept`'s; the articles moved."""
    moved = update(Article).where(Article.story_id == gone).values(story_id=kept).returning(Article.id, Article.sketch)
    articles = connection.execute(moved).all()
    hashes = {value for row in articles for value in row.sketch}
    fingerprint(connection, kept, hashes)
    _remove(connection, gone, hashes)
    connection.execute(delete(Story).where(Story.id == gone))
    return [row.id for row in articles]


def shrink(connection: Connection, story_id: int, sketch: Iterable[int]) -> None:
    """After an article left a story: take away what of its sketch no member has any more, and the empty story."""
    members = connection.execute(select(Article.sketch).where(Article.story_id == story_id)).scalars().all()
    _remove(connection, story_id, set(sketch) - {value for one in members for value in one})
    if not members:
        connection.execute(delete(Story).where(Story.id == story_id))


def _remove(connection: Connection, story_id: int, hashes: Iterable[int]) -> None:
    """Delete fingerprints of a story; no foreign key does so, since checking it would cost every article."""
    gone = text("DELETE FROM fingerprints WHERE story_id = :story AND hash = ANY(CAST(:hashes AS bigint[]))")
    connection.execute(gone, {"story": story_id, "hashes": numbers(hashes)})


def article(connection: Connection, article_id: int) -> Row[int, list[int]]:
    """`story_id, sketch` of an article."""
    return connection.execute(select(Article.story_id, Article.sketch).where(Article.id == article_id)).one()


def founder(connection: Connection, story_id: int) -> int:
    """The first article of a story."""
    first = select(func.min(Article.id)).where(Article.story_id == story_id)
    return int(connection.execute(first).scalar_one())
