"""Stories: an article joins the story of a stored article if the two texts share enough of their words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from worker.dedupe.comparer import Comparer
from worker.dedupe.sketch import SHARED, containment, names_differ, only_figures_differ, overlap
from worker.store import stories as rows

NEAR = 0.6
"""At least this containment makes two texts near-duplicates (measured: precision .990, recall .998).

Containment is the share of the smaller text's words that the larger text has too.
"""
COMMON = 8
"""Ignore a hash that more than this many stories have: it is boilerplate."""
HASHES = 512
"""At most this many hashes of a text's sketch (its sampled hashes) are looked up, the smallest ones."""
STORIES = 8
"""At most this many stories are compared with a text: the stories that share the most hashes with it."""
DOUBT = 0.1
"""Ignore a difference between two containments up to this value: they are estimated from samples."""
COMPARED = 100_000
"""At most this many code points of two texts are compared word by word, the first ones; articles have fewer."""
LETTERS = 6
"""About so many code points make a word, with the space after it."""
AT_EACH_END = 8
"""At most this many of a story's first articles, and this many of its last, are compared with a text."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A stored article that is near to a given text, with its story and the containment of the two texts."""

    article_id: int
    story_id: int
    containment: float


def place(connection: Connection, article_sketch: Sequence[int], body: str, compare: Comparer | None = None) -> int:
    """Return the story for a new article: the story of the nearest stored article, or else a new story.

    If an article differs from the nearest one only in its numbers or dates, or in most of its names, it is a new report
    (of another day or match, for example) and gets a new story. This function never merges stories, even if the article
    is near to several of them.
    Raise `Uncompared` if comparisons are missing, before anything is stored.
    """
    sharing = rows.sharing(connection, _sample(article_sketch), COMMON + 1)
    copied = original(connection, body, _near(connection, article_sketch, sharing, but=None), compare or Comparer())
    useful = set(article_sketch).difference(value for value, stories in sharing.items() if len(stories) > COMMON)
    if copied is None:
        return rows.add(connection, useful)
    story = copied.story_id
    rows.add_fingerprints(connection, story, {value for value in useful if story not in sharing.get(value, ())})
    return story


def neighbours(connection: Connection, article_sketch: Sequence[int], *, but: int) -> list[Neighbour]:
    """Return the near articles of all stories except the story `but`, the nearest first.

    Of equally near articles, the article that was stored first comes first.
    """
    sharing = rows.sharing(connection, _sample(article_sketch), COMMON + 1)
    return _near(connection, article_sketch, sharing, but=but)


def original(
    connection: Connection, body: str, near: Sequence[Neighbour], compare: Comparer | None = None
) -> Neighbour | None:
    """Return the near article that a text copies, or None.

    The result is None if `near` is empty, or if the nearest article differs from the text only in numbers or dates, or
    in most of its names.
    """
    if not near:
        return None
    best = {neighbour.story_id: neighbour for neighbour in reversed(near)}
    close = [
        neighbour
        for neighbour in near
        if best[neighbour.story_id] is neighbour and neighbour.containment >= near[0].containment - DOUBT
    ][:STORIES]
    bodies = [(neighbour, rows.body(connection, neighbour.article_id)) for neighbour in close]
    compare = compare or Comparer()
    words = sum(len(text) for text in (body, *(text for _, text in bodies))) // LETTERS
    copied = compare.once((body, *bodies), words, lambda: _copied(body, bodies), None)
    compare.require()
    return copied


def _copied(body: str, bodies: Sequence[tuple[Neighbour, str]]) -> Neighbour | None:
    """Return the nearest of some articles; None if the text is one of the same template about another event."""
    nearest, text = bodies[0]
    if len(bodies) > 1:
        # Samples cannot distinguish one day's report from another day's, so compare all the words.
        beginning = body[:COMPARED]
        nearest, text = max(bodies, key=lambda pair: (overlap(beginning, pair[1][:COMPARED]), -pair[0].article_id))
    is_other_report = only_figures_differ(body, text) or names_differ(body[:COMPARED], text[:COMPARED])
    return None if is_other_report else nearest


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
        for row in rows.first_and_last(connection, likely[:STORIES], AT_EACH_END)
    ]
    near = [neighbour for neighbour in compared if neighbour.containment >= NEAR]
    return sorted(near, key=lambda neighbour: (-neighbour.containment, neighbour.article_id))
