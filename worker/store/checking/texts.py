"""Reads stored articles with the places of their quotations, to compare what was computed from a text with the text."""

from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store.db.many_rows import numbers

TEXT_COLUMNS = """a.id, a.text, a.body_start, a.body_end, a.title, a.url, a.canonical_hash, a.sketch"""
TEXTS = text(f"""SELECT {TEXT_COLUMNS} FROM articles a WHERE a.id > :after ORDER BY a.id LIMIT :most""")
PLACES = text(
    """
    SELECT id, article_id, text, parts, source_text, source_start, source_end, cue, cue_start, cue_end
    FROM quotes WHERE article_id = ANY(CAST(:articles AS bigint[])) AND current
    """
)


class StoredText(NamedTuple):
    """The text of an article, and what was computed from it; offsets count code points."""

    id: int
    text: str
    body_start: int
    body_end: int
    title: str | None
    url: str | None
    canonical_hash: bytes
    sketch: list[int]

    @property
    def body(self) -> str:
        """The text without its dateline and trailer."""
        return self.text[self.body_start : self.body_end]


class QuotePlace(NamedTuple):
    """The words of a current quotation, of its source and of its cue, and where the article has them."""

    id: int
    article_id: int
    text: str
    parts: list[int]
    source_text: str | None
    source_start: int | None
    source_end: int | None
    cue: str | None
    cue_start: int | None
    cue_end: int | None


def texts(connection: Connection, after: int, most: int) -> list[StoredText]:
    """Return up to `most` articles with ids above `after`, in order of their ids."""
    return [StoredText(*row) for row in connection.execute(TEXTS, {"after": after, "most": most})]


def places(connection: Connection, articles: list[int]) -> list[QuotePlace]:
    """Return the current quotations of some articles."""
    return [QuotePlace(*row) for row in connection.execute(PLACES, {"articles": numbers(articles)})]
