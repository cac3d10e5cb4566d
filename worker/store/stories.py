"""Rows of stories, the articles of a story, and its fingerprints: the hashes in the sketches of its articles."""

from collections.abc import Collection, Iterable, Sequence
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
# Of a story with many articles, only as many are read as are needed to see that it is large.
SKETCHES = text(
    """
    SELECT s.id AS story_id, a.sketch FROM unnest(CAST(:stories AS bigint[])) AS s(id)
    CROSS JOIN LATERAL (SELECT sketch FROM articles WHERE story_id = s.id LIMIT :most) a
    """
)

ADD = text(
    """
    WITH new AS (INSERT INTO stories DEFAULT VALUES RETURNING id),
    its AS (INSERT INTO fingerprints (hash, story_id) SELECT h, new.id FROM new, unnest(CAST(:hashes AS bigint[])) AS h)
    SELECT id FROM new
    """
)
ADD_FINGERPRINTS = text(
    """
    INSERT INTO fingerprints (hash, story_id)
    SELECT h, :story FROM unnest(CAST(:hashes AS bigint[])) AS h
    ON CONFLICT DO NOTHING
    """
)
MOVE_ARTICLES = text("""UPDATE articles SET story_id = :kept WHERE story_id = :gone RETURNING id, story_id, sketch""")
REMOVE = text("""DELETE FROM stories WHERE id = ANY(CAST(:stories AS bigint[]))""")
# No foreign key deletes these rows, since checking it would cost time in every article.
REMOVE_FINGERPRINTS = text(
    """
    DELETE FROM fingerprints f USING unnest(CAST(:stories AS bigint[]), CAST(:hashes AS bigint[])) AS p (story_id, hash)
    WHERE f.story_id = p.story_id AND f.hash = p.hash
    """
)
REMOVE_UNUSED_OF_STORY = text(
    """
    DELETE FROM fingerprints f
    WHERE f.story_id = :story AND f.hash = ANY(CAST(:hashes AS bigint[])) AND NOT EXISTS (
        SELECT FROM (SELECT unnest(sketch) AS hash FROM articles WHERE story_id = :story) used
        WHERE used.hash = f.hash)
    """
)
USED = """
    SELECT FROM (SELECT story_id, unnest(sketch) AS hash FROM articles
                 WHERE story_id = ANY(CAST(:stories AS bigint[]))) used
    WHERE used.story_id = f.story_id AND used.hash = f.hash
"""
# These two read the whole table, since it has no index on the story.
UNUSED_FINGERPRINTS = text(
    f"""
    SELECT f.story_id, f.hash FROM fingerprints f
    WHERE f.story_id = ANY(CAST(:stories AS bigint[])) AND NOT EXISTS ({USED})
    """
)
ORPHANED_FINGERPRINTS = text(
    """
    SELECT f.story_id, f.hash FROM fingerprints f WHERE NOT EXISTS (SELECT FROM stories s WHERE s.id = f.story_id)
    """
)
REMOVE_UNUSED_FINGERPRINTS = text(
    f"""
    DELETE FROM fingerprints f
    USING unnest(CAST(:of AS bigint[]), CAST(:hashes AS bigint[])) AS p (story_id, hash)
    WHERE f.story_id = p.story_id AND f.hash = p.hash AND NOT EXISTS ({USED})
    """
)

LARGE = 64
"""Leave the hashes of a story with more articles than this to `remove_unused_fingerprints`."""


class StoryHash(NamedTuple):
    """One fingerprint of a story."""

    story_id: int
    hash: int


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


def add(connection: Connection, hashes: Iterable[int] = ()) -> int:
    """Store a new story with its hashes; return its id."""
    return int(connection.execute(ADD, {"hashes": numbers(sorted(set(hashes)))}).scalar_one())


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
    _remove_fingerprints(connection, {(gone, value) for value in hashes})
    connection.execute(REMOVE, {"stories": numbers([gone])})
    return [row.id for row in moved]


def _remove_fingerprints(connection: Connection, pairs: set[tuple[int, int]]) -> None:
    if pairs:
        stories, hashes = zip(*sorted(pairs), strict=True)
        connection.execute(REMOVE_FINGERPRINTS, {"stories": numbers(stories), "hashes": numbers(hashes)})


def follow_sketch(connection: Connection, old: StoryArticle, sketch: Collection[int]) -> None:
    """After the text of an article changed, give its story the new text's fingerprints, and delete unneeded ones.

    `old` is the article before the change, and `sketch` its new sketch.
    """
    add_fingerprints(connection, old.story_id, set(sketch).difference(old.sketch))
    values = {"story": old.story_id, "hashes": numbers(set(old.sketch).difference(sketch))}
    connection.execute(REMOVE_UNUSED_OF_STORY, values)


def shrink(connection: Connection, removed: Collection[tuple[int, Sequence[int]]]) -> set[int]:
    """After articles were removed, delete the stories without articles, and the hashes that no other article has.

    `removed` holds, for each removed article, its story and its sketch. Return the stories that are too large to look
    through their articles each time; pass them to `remove_unused_fingerprints` when all articles are removed.
    """
    pairs = {(story, value) for story, sketch in removed for value in sketch}
    stories = {story for story, _ in removed}
    kept: dict[int, list[Sequence[int]]] = {}
    for row in connection.execute(SKETCHES, {"stories": numbers(sorted(stories)), "most": LARGE + 1}):
        kept.setdefault(row.story_id, []).append(row.sketch)
    large = {story for story, sketches in kept.items() if len(sketches) > LARGE}
    used = {(story, value) for story, sketches in kept.items() for sketch in sketches for value in sketch}
    _remove_fingerprints(connection, {pair for pair in pairs - used if pair[0] not in large})
    connection.execute(REMOVE, {"stories": numbers(sorted(stories - kept.keys()))})
    return large


def unused_fingerprints(connection: Connection, stories: Collection[int]) -> list[StoryHash]:
    """Return the hashes that no article of these large stories has any more."""
    rows = connection.execute(UNUSED_FINGERPRINTS, {"stories": numbers(sorted(stories))})
    return [StoryHash(*row) for row in rows]


def orphaned_fingerprints(connection: Connection) -> list[StoryHash]:
    """Return the hashes of stories that do not exist, after a removal was interrupted."""
    return [StoryHash(*row) for row in connection.execute(ORPHANED_FINGERPRINTS)]


def remove_unused_fingerprints(connection: Connection, found: Sequence[StoryHash]) -> None:
    """Delete those of the hashes that still no article of their story has.

    The caller's transaction must hold the decision lock: an article that arrives may be about to use one of them.
    """
    stories, hashes = zip(*found, strict=True)
    values = {"of": numbers(stories), "hashes": numbers(hashes), "stories": numbers(sorted(set(stories)))}
    connection.execute(REMOVE_UNUSED_FINGERPRINTS, values)
