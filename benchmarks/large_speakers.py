"""Decisions about a speaker with very many quotations, while articles that quote the same speaker are stored."""

import random
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Queue, get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from queue import Empty
from typing import Self

from sqlalchemy import Connection, Engine, text

from benchmarks.figure import Figure
from benchmarks.generated import Writer, article
from benchmarks.growth import Hand, log_only_errors, servers_in_a_folder
from worker.decisions import deciding
from worker.decisions import speakers as decisions
from worker.dedupe import statements
from worker.speakers.across import moving
from worker.store.db import schema
from worker.store.db.engine import make_engine
from worker.store.db.many_rows import numbers

LARGE, OTHER = "Ottilie Lindqvist", "Bertrand Achterberg"
SECOND_FORM = "O. Lindqvist"
"""One in five quotations of the large speaker stands under this form, which is split off."""
SHARE_OF_OTHER = 5
"""The other speaker has one quotation for so many of the large speaker."""
PRINTED_AGAIN = 0.15
"""The share of the quotations whose words were printed before, half of them with a light edit."""
SAID_BY_BOTH = 500
"""The number of sentences that both speakers may have said."""
QUOTES = 20
"""The number of quotations of a filled article."""
WARMING, BARE = 10, 20
"""Store so many articles before the first decision: the first ones to load everything; the median of the others is the
floor."""
SEED = 11

ADD_SPEAKERS = text(
    """
    INSERT INTO extractor_versions (name, mode, generation) VALUES ('filled', 'filled', 0);
    INSERT INTO speakers (name, kind) VALUES ('Ottilie Lindqvist', 'person'), ('Bertrand Achterberg', 'person')
    """
)
SPEAKER_IDS = text("""SELECT name, id FROM speakers""")
ADD_FORM = text(
    """
    INSERT INTO speaker_names (speaker_id, name, articles, evidence, confidence)
    VALUES (:speaker, :name, :articles, 'full name', 1)
    """
)
# Each group of `per_article` quotations becomes one article, which is its own story.
ADD_ARTICLES = text(
    """
    WITH told AS (INSERT INTO stories SELECT FROM generate_series(1, :articles) RETURNING id),
    stored AS (
        INSERT INTO articles (title, text, body_start, body_end, language, canonical_hash, sketch, story_id, reconciled)
        SELECT 'Filled', repeat('filled ', 1000), 0, 7000, 'en', sha256(('filled ' || id)::bytea), '{}', id, true
        FROM told ORDER BY id RETURNING id)
    INSERT INTO extractions (article_id, version_id, quotes, milliseconds)
    SELECT id, (SELECT min(id) FROM extractor_versions), :per_article, 10 FROM stored ORDER BY id
    RETURNING id
    """
)
ADD_QUOTES = text(
    """
    INSERT INTO quotes (article_id, article_length, extraction_id, kind, text, parts, start_char, end_char,
        source_kind, confidence)
    SELECT a.id, a.length, e.id, 'direct', q.words, ARRAY[0, 100], 0, 100, 'person', 0.9
    FROM unnest(CAST(:words AS text[])) WITH ORDINALITY AS q(words, place)
    JOIN extractions e ON e.id = (CAST(:extractions AS bigint[]))[1 + (q.place - 1) / :per_article]
    JOIN articles a ON a.id = e.article_id
    ORDER BY q.place RETURNING id
    """
)
ATTRIBUTE = text(
    """
    INSERT INTO quote_speakers (quote_id, speaker_id, name, evidence, confidence)
    SELECT id, :speaker, CASE WHEN id % 5 = 0 THEN :second ELSE :name END, 'full name', 0.9
    FROM unnest(CAST(:quotes AS bigint[])) AS id
    """
)
DECISION_OF = text("""SELECT max(id) FROM decisions WHERE kind <> 'undo'""")


def measure(quotes: int) -> list[Figure]:
    """Return the figures of each decision: its seconds, and the longest time that an article took meanwhile."""
    with servers_in_a_folder() as (database_url, folder):
        schema.upgrade(make_engine(database_url))
        engine = make_engine(database_url)
        began = time.monotonic()
        with engine.begin() as connection:
            connection.execute(ADD_SPEAKERS)
            ids: dict[str, int] = {row.name: row.id for row in connection.execute(SPEAKER_IDS)}
        _fill(engine, ids[LARGE], LARGE, SECOND_FORM, quotes)
        _fill(engine, ids[OTHER], OTHER, OTHER, quotes // SHARE_OF_OTHER)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))
        print(f"filled {quotes:,} quotations in {time.monotonic() - began:.0f} s", file=sys.stderr)
        return _decide_all(engine, database_url, folder, ids, quotes)


def _fill(engine: Engine, speaker: int, name: str, second: str, quotes: int) -> None:
    """Store quotations of a speaker, with their statements, as articles in bulk."""
    writer, drawn = Writer(SEED, speaker), random.Random(SEED)
    by_both = Writer(SEED, 0)
    printed = [by_both.sentence() for _ in range(SAID_BY_BOTH)]
    with engine.begin() as connection:
        for form in {name, second}:
            connection.execute(ADD_FORM, {"speaker": speaker, "name": form, "articles": 1})
        for first in range(0, quotes, statements.BATCH):
            count = min(statements.BATCH, quotes - first)
            words = [_words(writer, drawn, printed) for _ in range(count)]
            articles = {"articles": -(-count // QUOTES), "per_article": QUOTES}
            extractions = list(connection.execute(ADD_ARTICLES, articles).scalars())
            values = {"words": words, "extractions": numbers(extractions), "per_article": QUOTES}
            added = list(connection.execute(ADD_QUOTES, values).scalars())
            connection.execute(
                ATTRIBUTE, {"speaker": speaker, "name": name, "second": second, "quotes": numbers(added)}
            )
            statements.refresh(connection, added)


def _words(writer: Writer, drawn: random.Random, printed: list[str]) -> str:
    """Return a new sentence, or one that was printed before: the same, or without its last words."""
    if printed and drawn.random() < PRINTED_AGAIN:
        words = drawn.choice(printed)
        return words if drawn.random() < 0.5 else " ".join(words.split()[:-1])
    words = writer.sentence()
    printed.append(words)
    return words


def _decide_all(engine: Engine, database_url: str, folder: Path, ids: dict[str, int], quotes: int) -> list[Figure]:
    large, other = ids[LARGE], ids[OTHER]
    mine = {"who": "bench", "reason": "measured"}

    def undo(connection: Connection) -> None:
        decisions.undo(connection, int(connection.execute(DECISION_OF).scalar_one()), **mine)

    steps: list[tuple[str, Callable[[Connection], object]]] = [
        ("merge", lambda connection: decisions.merge(connection, [large], other, **mine)),
        ("undo of the merge", undo),
        ("split", lambda connection: decisions.split(connection, large, SECOND_FORM, **mine)),
        ("undo of the split", undo),
        ("rename", lambda connection: decisions.rename(connection, large, "Ottilie A. Lindqvist", **mine)),
    ]
    figures = []
    with Newsroom(database_url, folder) as newsroom:
        newsroom.next_articles(WARMING)
        bare = 1000 * statistics.median(newsroom.next_articles(BARE))
        for name, work in steps:
            newsroom.seconds_since_last()
            began = time.monotonic()
            decide(engine, work)
            seconds = time.monotonic() - began
            # two more articles: the first of them may have begun during the decision
            longest = 1000 * max([*newsroom.seconds_since_last(), *newsroom.next_articles(2)])
            figures.append(Figure(f"{name}, speaker of {quotes:,} quotations", seconds, "s", aim="under 20 s"))
            title = f"longest article during the {name}"
            figures.append(Figure(title, longest, "ms", bare, "median without a decision", "under 1 s more"))
    return figures


def decide(engine: Engine, work: Callable[[Connection], object]) -> None:
    """Carry out one decision, to its end."""
    deciding.decide(engine, work)
    moving.finish(engine)


class Newsroom:
    """A process that stores one article after the other, and tells how many seconds each took."""

    def __init__(self, database_url: str, folder: Path) -> None:
        context = get_context("spawn")
        self._told = context.Queue()
        self._stop = context.Event()
        self._process = context.Process(target=store_articles, args=(database_url, folder, self._told, self._stop))

    def __enter__(self) -> Self:
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        while self._process.is_alive():  # it ends only when all that it told has been taken
            self.seconds_since_last()
            self._process.join(0.1)

    def next_articles(self, count: int) -> list[float]:
        """Wait until `count` more articles have ended; return the seconds of each."""
        seconds: list[float] = []
        while len(seconds) < count:
            if not self._process.is_alive():
                raise RuntimeError("The process that stores articles has ended.")
            with suppress(Empty):
                seconds.append(self._told.get(timeout=1.0))
        return seconds

    def seconds_since_last(self) -> list[float]:
        """Return the seconds of the articles that have ended since the last call."""
        seconds: list[float] = []
        with suppress(Empty):
            while True:
                seconds.append(self._told.get_nowait())
        return seconds


def store_articles(database_url: str, folder: Path, told: "Queue[float]", stop: Event) -> None:
    """Store articles until `stop` is set. Each also quotes the large speaker."""
    log_only_errors()
    engine = make_engine(database_url, repeats=True)
    with Hand.working(engine, folder, article_of_large_speaker) as hand:
        while not stop.is_set():
            began = time.monotonic()
            hand.batch(1)
            told.put(time.monotonic() - began)
    engine.dispose()


def article_of_large_speaker(number: int) -> str:
    """Return a generated article with one more quotation, by the large speaker."""
    return f"{article(number)}\n“{Writer(SEED, number).sentence()}” {LARGE} said.\n"
