"""Near: which story an article belongs to, by how much of its words a member has (design page, §6)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from worker.dedupe.sketch import SHARED, containment, only_figures_differ, overlap
from worker.store import stories as rows

NEAR = 0.6
"""Containment from which two texts are near-duplicates (measured: precision .990, recall .998)."""
COMMON = 8
"""A hash that more stories have says nothing: boilerplate."""
HASHES = 512
"""Hashes looked up of a very long text, the smallest first; a sample of the sample is still one."""
STORIES = 8
"""Stories looked into."""
DOUBT = 0.1
"""Difference of two sampled containments that says nothing."""
MEMBERS = 8
"""Members compared from each end of a story."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A stored article that is near: its story, and how much of the smaller text the larger one has."""

    article_id: int
    story_id: int
    containment: float


def place(connection: Connection, article_sketch: Sequence[int], body: str) -> int:
    """The story of an article about to be stored: that of the nearest stored article, or a new one.

    An article that differs from the nearest only in figures is another report, so it founds a story. No story is ever
    merged here, however many the article is near to.
    """
    looked_up = _sample(article_sketch)
    sharing = rows.sharing(connection, looked_up, COMMON + 1)
    copied = original(connection, body, _near(connection, article_sketch, sharing, but=None))
    story = copied.story_id if copied else rows.add(connection)
    has = (value for value, stories in sharing.items() if story in stories or len(stories) > COMMON)
    rows.fingerprint(connection, story, set(article_sketch).difference(has))
    return story


def neighbours(connection: Connection, article_sketch: Sequence[int], *, but: int) -> list[Neighbour]:
    """The nearest articles of stories other than `but`, the nearest first, then the one stored first."""
    sharing = rows.sharing(connection, _sample(article_sketch), COMMON + 1)
    return _near(connection, article_sketch, sharing, but=but)


def original(connection: Connection, body: str, near: Sequence[Neighbour]) -> Neighbour | None:
    """Of articles near to a text, the one it is a copy of; None where the nearest is the same report of another day."""
    if not near:
        return None
    best = {neighbour.story_id: neighbour for neighbour in reversed(near)}
    close = [one for one in near if best[one.story_id] is one and one.containment >= near[0].containment - DOUBT]
    bodies = {one: rows.body(connection, one.article_id) for one in close[:STORIES]}
    nearest = close[0]
    if len(close) > 1:
        # Samples cannot tell the reports of two days apart: look at all the words.
        nearest = max(bodies, key=lambda one: (overlap(body, bodies[one]), -one.article_id))
    return None if only_figures_differ(body, bodies[nearest]) else nearest


def _sample(article_sketch: Sequence[int]) -> list[int]:
    return sorted(article_sketch, key=lambda value: value & (1 << 64) - 1)[:HASHES]


def _near(
    connection: Connection, article_sketch: Sequence[int], sharing: dict[int, list[int]], *, but: int | None
) -> list[Neighbour]:
    common = {value for value, stories in sharing.items() if len(stories) > COMMON}
    shared = Counter(story for value, stories in sharing.items() if value not in common for story in stories)
    if but is not None:
        del shared[but]
    likely = sorted(
        (story for story, count in shared.items() if count >= SHARED), key=lambda story: (-shared[story], story)
    )
    if not likely:
        return []
    compared = [
        Neighbour(row.id, row.story_id, containment(article_sketch, row.sketch, common))
        for row in rows.members(connection, likely[:STORIES], MEMBERS)
    ]
    near = [neighbour for neighbour in compared if neighbour.containment >= NEAR]
    return sorted(near, key=lambda neighbour: (-neighbour.containment, neighbour.article_id))
