"""Rows of stories, the articles of a story, and its fingerprints: the hashes in the sketches of its articles."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store.db.many_rows import numbers

# If many stories have a hash, only a few rows are read for it, whatever the size of the table.
SHARING = text(
    """
    SELECT h.hash, f.story_id FROM unnest(CAST(:hashes AS bigint[])) AS h(hash)
    CROSS JOIN LATERAL (
        SELECT story_id FROM fingerprints WHERE fingerprints.hash = h.hash ORDER BY story_id LIMIT :rows) f
    """
)
# Only the first and the last articles of a story are read, so a story of 500 copies costs as much as one of a few.
FIRST_AND_LAST = text(
    """
    SELECT m.id, m.story_id, m.sketch FROM unnest(CAST(:stories AS bigint[])) AS s(id)
    CROSS JOIN LATERAL (
        (SELECT id, story_id, sketch FROM articles WHERE story_id = s.id ORDER BY id LIMIT :at_each_end)
        UNION
        (SELECT id, story_id, sketch FROM articles WHERE story_id = s.id ORDER BY id DESC LIMIT :at_each_end)) m
    ORDER BY m.id
    """
)
ARTICLE = text("""SELECT id, story_id, sketch FROM articles WHERE id = :article""")
BODY = text("""SELECT substr(text, body_start + 1, body_end - body_start) FROM articles WHERE id = :article""")
FOUNDER = text("""SELECT min(id) FROM articles WHERE story_id = :story""")
SKETCHES = text("""SELECT sketch FROM articles WHERE story_id = :story""")

ADD = text("""INSERT INTO stories DEFAULT VALUES RETURNING id""")
ADD_FINGERPRINTS = text(
    """
    INSERT INTO fingerprints (hash, story_id)
    SELECT h, :story FROM unnest(CAST(:hashes AS bigint[])) AS h
    ON CONFLICT DO NOTHING
    """
)
MOVE_ARTICLES = text("""UPDATE articles SET story_id = :kept WHERE story_id = :gone RETURNING id, story_id, sketch""")
REMOVE = text("""DELETE FROM stories WHERE id = :story""")
# No foreign key deletes these rows, since checking it would cost time in every article.
REMOVE_FINGERPRINTS = text(
    """DELETE FROM fingerprints WHERE story_id = :story AND hash = ANY(CAST(:hashes AS bigint[]))"""
)


class StoryArticle(NamedTuple):
    """An article of a story, with its sketch (`worker.dedupe.sketch`)."""

    id: int
    story_id: int
    sketch: list[int]


def sharing(connection: Connection, hashes: Sequence[int], rows: int) -> dict[int, list[int]]:
    """Return, for each hash, up to `rows` stories that have it; hashes that no story has are left out."""
    stories: dict[int, list[int]] = {}
    for row in connection.execute(SHARING, {"hashes": numbers(hashes), "rows": rows}):
        stories.setdefault(row.hash, []).append(row.story_id)
    return stories


def first_and_last(connection: Connection, stories: Sequence[int], at_each_end: int) -> list[StoryArticle]:
    """Return the first and the last articles of each story, `at_each_end` from each end, in order of their ids."""
    values = {"stories": numbers(stories), "at_each_end": at_each_end}
    return [StoryArticle(*row) for row in connection.execute(FIRST_AND_LAST, values)]


def article(connection: Connection, article_id: int) -> StoryArticle:
    """Return an article with its story."""
    return StoryArticle(*connection.execute(ARTICLE, {"article": article_id}).one())


def body(connection: Connection, article_id: int) -> str:
    """Return the body of an article."""
    return str(connection.execute(BODY, {"article": article_id}).scalar_one())


def founder(connection: Connection, story_id: int) -> int:
    """Return the id of the first article of a story."""
    return int(connection.execute(FOUNDER, {"story": story_id}).scalar_one())


def add(connection: Connection) -> int:
    """Store a new story; return its id."""
    return int(connection.execute(ADD).scalar_one())


def add_fingerprints(connection: Connection, story_id: int, hashes: Iterable[int]) -> None:
    """Add hashes to a story; hashes that the story has already stay."""
    if ordered := sorted(hashes):
        connection.execute(ADD_FINGERPRINTS, {"hashes": numbers(ordered), "story": story_id})


def absorb(connection: Connection, kept: int, gone: int) -> list[int]:
    """Merge two stories: move articles and fingerprints of `gone` to `kept`, delete `gone`.

    Return the ids of the moved articles.
    """
    moved = [StoryArticle(*row) for row in connection.execute(MOVE_ARTICLES, {"kept": kept, "gone": gone})]
    hashes = {value for row in moved for value in row.sketch}
    add_fingerprints(connection, kept, hashes)
    connection.execute(REMOVE_FINGERPRINTS, {"story": gone, "hashes": numbers(hashes)})
    connection.execute(REMOVE, {"story": gone})
    return [row.id for row in moved]


def follow_sketch(connection: Connection, old: StoryArticle, sketch: Iterable[int]) -> None:
    """After the text of an article changed, give its story the new text's fingerprints, and delete unneeded ones.

    `old` is the article before the change, and `sketch` its new sketch.
    """
    add_fingerprints(connection, old.story_id, set(sketch).difference(old.sketch))
    shrink(connection, old.story_id, old.sketch)


def shrink(connection: Connection, story_id: int, sketch: Iterable[int]) -> None:
    """After an article was removed from a story, delete the hashes that no other article of the story has.

    `sketch` holds the hashes of the removed article. If the story has no article any more, delete the story, too.
    """
    sketches = connection.execute(SKETCHES, {"story": story_id}).scalars().all()
    unused = set(sketch) - {value for kept in sketches for value in kept}
    connection.execute(REMOVE_FINGERPRINTS, {"story": story_id, "hashes": numbers(unused)})
    if not sketches:
        connection.execute(REMOVE, {"story": story_id})
