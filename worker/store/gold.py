"""What is read to write people's decisions as gold: the articles with decisions, their quotes, and forms of names."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store.db.many_rows import numbers
from worker.store.decisions import LIVE

ARTICLES = text(
    f"""
    SELECT a.id, a.title, a.text, a.body_start, a.body_end, a.language, min(m.name) AS file
    FROM articles a LEFT JOIN documents m ON m.article_id = a.id
    WHERE a.id IN (
        SELECT d.article_id FROM decisions d
        WHERE d.kind IN ('set_speaker', 'no_speaker', 'accept', 'reject', 'restore', 'recut', 'add') AND {LIVE})
    GROUP BY a.id ORDER BY a.id
    """
)
QUOTES = text(
    """
    SELECT q.id, q.kind, q.parts, q.source_start, q.source_end, q.cue_start, q.cue_end, q.source_kind, q.rejected,
        q.added, ARRAY(SELECT s.name FROM quote_speakers s WHERE s.quote_id = q.id ORDER BY s.position) AS speakers
    FROM quotes q WHERE q.article_id = :article AND q.current ORDER BY q.start_char, q.id
    """
)
FORMS = text(
    """
    SELECT DISTINCT n.name FROM speakers given
    JOIN speakers one ON coalesce(one.merged_into, one.id) = coalesce(given.merged_into, given.id)
    JOIN speaker_names n ON n.speaker_id = one.id AND n.status = 'joined'
    WHERE given.id = ANY(CAST(:speakers AS bigint[]))
    """
)


class JudgedArticle(NamedTuple):
    """An article about whose quotes people decided; `file` is what it came as."""

    id: int
    title: str | None
    text: str
    body_start: int
    body_end: int
    language: str | None
    file: str | None


class GoldQuote(NamedTuple):
    """A current quote as it stands now, with the names of its speakers."""

    id: int
    kind: str
    parts: list[int]
    source_start: int | None
    source_end: int | None
    cue_start: int | None
    cue_end: int | None
    source_kind: str
    rejected: bool
    added: bool
    speakers: list[str]


def articles(connection: Connection) -> list[JudgedArticle]:
    """Return the articles with decisions about quotes that are in force, by id."""
    return [JudgedArticle(*row) for row in connection.execute(ARTICLES)]


def quotes(connection: Connection, article_id: int) -> list[GoldQuote]:
    """Return the current quotes of an article, in the order of the text; rejected ones and candidates, too."""
    return [GoldQuote(*row) for row in connection.execute(QUOTES, {"article": article_id})]


def forms(connection: Connection, speakers: Collection[int]) -> set[str]:
    """Return all forms of the names of these speakers, and of those that are merged with them."""
    return set(connection.execute(FORMS, {"speakers": numbers(speakers)}).scalars())
