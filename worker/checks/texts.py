"""The questions that need the text of every article: is what was computed from a text still what the text gives?"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection

from worker.dedupe.canonical import canonical_hash, canonical_text, is_short
from worker.dedupe.sketch import sketch
from worker.dedupe.words import without_omissions
from worker.store.checking.question import Question
from worker.store.checking.texts import QuotePlace, StoredText, places, texts

BATCH = 50
"""Read at most this many articles at once."""

PLACES = Question(
    "quote-place",
    "The words of a quotation, of its source or of its cue are not what the article has at that place.",
    "quotes",
)
HASH = Question(
    "article-hash",
    "The hash of an article is not the hash of its text, so copies of this text will not be recognised.",
    "articles",
)
SKETCH = Question(
    "article-sketch",
    "The sketch of an article is not the sketch of its text, so near copies of this text will not be recognised.",
    "articles",
)
QUESTIONS = (PLACES, HASH, SKETCH)


@dataclass
class Reading:
    """The result of reading articles: the rows that are wrong, by question, and how far the reading got.

    `last` is the id of the last article that was read. `ended` is true if no article comes after it.
    """

    wrong: dict[str, list[int]] = field(default_factory=lambda: {question.name: [] for question in QUESTIONS})
    last: int = 0
    ended: bool = False


def read(connection: Connection, after: int, seconds: float) -> Reading:
    """Read the articles with ids above `after`, for `seconds` at most."""
    until = time.monotonic() + seconds
    reading = Reading(last=after)
    while time.monotonic() < until:
        articles = texts(connection, reading.last, BATCH)
        if not articles:
            reading.ended = True
            break
        _compare(connection, articles, reading)
        reading.last = articles[-1].id
    return reading


def _compare(connection: Connection, articles: list[StoredText], reading: Reading) -> None:
    for article in articles:
        if hash_of(article) not in (None, article.canonical_hash):
            reading.wrong[HASH.name].append(article.id)
        if sketch(article.body) != article.sketch:
            reading.wrong[SKETCH.name].append(article.id)
    by_id = {article.id: article.text for article in articles}
    for place in places(connection, list(by_id)):
        if any(there != stored for there, stored in _spans(place, by_id[place.article_id])):
            reading.wrong[PLACES.name].append(place.id)


def hash_of(article: StoredText) -> bytes | None:
    """Return the hash that an article must have; None if the stored columns do not tell.

    The hash of a short text without an address covers the outlet's name as its first document spelled it, which is not
    stored.
    """
    if not article.url and is_short(canonical_text(article.body)):
        return None
    return canonical_hash(article.body, title=article.title, outlet=None, url=article.url)


def _spans(place: QuotePlace, text: str) -> Iterator[tuple[str, str]]:
    """Yield, for a quotation, its source and its cue, what the text has at the place, and what is stored."""
    starts, ends = place.parts[::2], place.parts[1::2]
    words = " ".join(text[start:end] for start, end in zip(starts, ends, strict=True))
    yield without_omissions(words), without_omissions(place.text)
    for words_, start, end in (
        (place.source_text, place.source_start, place.source_end),
        (place.cue, place.cue_start, place.cue_end),
    ):
        if words_ is not None and start is not None and end is not None:
            yield text[start:end], words_
