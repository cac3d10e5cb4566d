"""The page at a size: how long the first byte of each kind of page takes, its bytes, and the memory of its process.

The tables are filled by SQL: ten quotations an article, words by Zipf's law as in real texts, some speakers quoted
often and most hardly ever, five years of days, 200 outlets. The last name of a speaker is a word of the quotations, and
that of one who is quoted often stands in many of them. The page is a process of its own, `onrecord web`, and is
asked over loopback as a browser asks it.
"""

import http.client
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote_plus

import psutil
from sqlalchemy import Engine, text

from benchmarks.figure import Figure
from benchmarks.growth import servers_in_a_folder
from worker.store.db import schema
from worker.store.db.engine import make_engine
from worker.web.address import free_port

QUOTES = 10
"""Quotations of an article."""
WORDS = 20_000
"""Different words; the word of rank r stands about 1/r as often as the first."""
OUTLETS = 200
SEED = 11
ASKED = 40
"""Ask so many pages of each kind."""
WARMING = 5

BULK_LOAD = text(
    """
    SET LOCAL session_replication_role = replica;
    SET LOCAL work_mem = '256MB';
    SET LOCAL maintenance_work_mem = '512MB'
    """
)
# The rank of a word is drawn as n^u: then its chance falls with the rank, as 1/rank.
STEPS = (
    "CREATE TABLE page_words AS SELECT r AS rank, 'w' || md5(r::text) AS word FROM generate_series(1, {words}) AS r",
    "UPDATE page_words SET word = translate(left(word, 4 + rank % 7), '0123456789', 'aeioulnrst')",
    "ALTER TABLE page_words ADD PRIMARY KEY (rank)",
    "INSERT INTO extractor_versions (name, mode, generation) VALUES ('filled', 'filled', 0)",
    "INSERT INTO outlets (id, name, key) OVERRIDING SYSTEM VALUE"
    " SELECT n, 'Outlet ' || n, 'outlet ' || n FROM generate_series(1, {outlets}) AS n",
    "INSERT INTO inboxes (id, name, path) OVERRIDING SYSTEM VALUE VALUES (1, 'filled', '/filled')",
    """
    INSERT INTO speakers (id, name, kind) OVERRIDING SYSTEM VALUE
    SELECT n, 'Speaker ' || translate(n::text, '0123456789', 'ghjkmpqvxy') || ' ' || w.word, 'person'
    FROM generate_series(1, {speakers}) AS n JOIN page_words w ON w.rank = 100 + n % ({words} - 100)
    """,
    """
    INSERT INTO speaker_names (speaker_id, name, articles, evidence, confidence)
    SELECT id, name, 1, 'full name', 1 FROM speakers
    """,
    "INSERT INTO stories (id) OVERRIDING SYSTEM VALUE SELECT generate_series(1, {articles})",
    """
    INSERT INTO articles (id, title, text, body_start, body_end, outlet_id, published_at, date_source, language,
        canonical_hash, story_id, reconciled) OVERRIDING SYSTEM VALUE
    SELECT n, 'Article ' || n, repeat('filled ', 700), 0, 4900, 1 + n % {outlets},
           timestamptz '2020-01-01' + interval '1 day' * (n::bigint * 1826 / {articles}), 'meta', 'en',
           sha256(n::text::bytea), n, true
    FROM generate_series(1, {articles}) AS n
    """,
    """
    INSERT INTO files (id, inbox_id, path, shown, sha256, state, finished_at, members, members_stored)
    OVERRIDING SYSTEM VALUE
    SELECT n, 1, ('f' || n)::bytea, 'f' || n, sha256(n::text::bytea), 'stored', now(), 1, 1
    FROM generate_series(1, {articles}) AS n
    """,
    """
    INSERT INTO documents (id, sha256, media_type, raw, state, article_id, finished_at) OVERRIDING SYSTEM VALUE
    SELECT n, sha256(n::text::bytea), 'text/plain', 'x', 'stored', n, now() FROM generate_series(1, {articles}) AS n
    """,
    """
    INSERT INTO file_documents (file_id, position, document_id)
    SELECT n, 0, n FROM generate_series(1, {articles}) AS n
    """,
    """
    INSERT INTO article_sources (article_id, document_id, outlet_id)
    SELECT n, n, 1 + n % {outlets} FROM generate_series(1, {articles}) AS n
    """,
    """
    INSERT INTO extractions (id, article_id, version_id, quotes, milliseconds) OVERRIDING SYSTEM VALUE
    SELECT n, n, (SELECT min(id) FROM extractor_versions), {quotes}, 10 FROM generate_series(1, {articles}) AS n
    """,
    """
    CREATE TABLE page_said AS
    SELECT n AS id, 1 + (n - 1) / {quotes} AS article_id, (n - 1) % {quotes} AS place,
           floor(power({speakers}, random()))::bigint AS speaker_id
    FROM generate_series(1, {articles} * {quotes}) AS n
    """,
    """
    CREATE TABLE page_texts AS
    SELECT d.n AS id, string_agg(w.word, ' ') AS words
    FROM (SELECT n, floor(power({words}, random()))::int AS rank
          FROM generate_series(1, {articles} * {quotes}) AS n, generate_series(1, 18)) AS d
    JOIN page_words w ON w.rank = d.rank
    GROUP BY d.n
    """,
    """
    INSERT INTO statements (id, owner, text) OVERRIDING SYSTEM VALUE
    SELECT s.id, s.speaker_id, t.words FROM page_said s JOIN page_texts t ON t.id = s.id
    """,
    """
    INSERT INTO quotes (id, article_id, article_length, extraction_id, kind, text, parts, start_char, end_char,
        source_kind, confidence, statement_id) OVERRIDING SYSTEM VALUE
    SELECT s.id, s.article_id, 4900, s.article_id, CASE WHEN s.id % 3 = 0 THEN 'indirect' ELSE 'direct' END, t.words,
           ARRAY[400 * s.place, 400 * s.place + 150], 400 * s.place, 400 * s.place + 150, 'person',
           0.6 + 0.4 * random(), s.id
    FROM page_said s JOIN page_texts t ON t.id = s.id ORDER BY s.id
    """,
    """
    INSERT INTO quote_speakers (quote_id, speaker_id, name, evidence, confidence)
    SELECT id, speaker_id, 'as filled', 'full name', 0.9 FROM page_said ORDER BY id
    """,
    "DROP TABLE page_said, page_texts",
)
SOME_SPEAKERS = text(
    """
    SELECT DISTINCT quoted.id FROM unnest(CAST(:ranks AS bigint[])) AS rank,
        LATERAL (SELECT min(speaker_id) AS id FROM quote_speakers WHERE speaker_id >= rank) quoted
    WHERE quoted.id IS NOT NULL ORDER BY 1
    """
)
SOME_WORDS = text("""SELECT word FROM page_words WHERE rank = ANY(CAST(:ranks AS int[])) ORDER BY rank""")


def measure(articles: int) -> list[Figure]:
    """Return the figures of the page, with so many stored articles and ten times as many quotations."""
    with servers_in_a_folder() as (database_url, _):
        engine = make_engine(database_url)
        schema.upgrade(engine)
        began = time.monotonic()
        fill(engine, articles)
        words, speakers = words_of_ranks(engine), speakers_of_ranks(engine, articles // 2)
        engine.dispose()
        print(f"filled {articles * QUOTES:,} quotations in {time.monotonic() - began:.0f} s", file=sys.stderr)
        with served(database_url) as (port, process):
            return [*times(port, addresses(words, speakers, articles)), memory(process)]


def fill(engine: Engine, articles: int) -> None:
    """Fill the tables, without checking foreign keys."""
    values = {"articles": articles, "quotes": QUOTES, "words": WORDS, "outlets": OUTLETS, "speakers": articles // 2}
    with engine.begin() as connection:
        connection.execute(BULK_LOAD)
        for step in STEPS:
            connection.execute(text(step.format(**values)))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))


def words_of_ranks(engine: Engine) -> Sequence[str]:
    """Return words from the most common (a third of all quotations has it) to rare ones."""
    ranks = sorted({max(2, round(WORDS ** (place / ASKED))) for place in range(ASKED)})
    with engine.connect() as connection:
        return list(connection.execute(SOME_WORDS, {"ranks": ranks}).scalars())


def speakers_of_ranks(engine: Engine, speakers: int) -> Sequence[int]:
    """Return the numbers of speakers from the most quoted one to those quoted once."""
    ranks = [max(1, int(speakers ** (place / ASKED))) for place in range(ASKED)]
    with engine.connect() as connection:
        return list(connection.execute(SOME_SPEAKERS, {"ranks": ranks}).scalars())


def addresses(words: Sequence[str], speakers: Sequence[int], articles: int) -> dict[str, tuple[list[str], str]]:
    """Return the addresses to ask of each kind of page, and what the first byte of each may take."""
    drawn = random.Random(SEED)
    rows = [drawn.randrange(1, articles) for _ in range(ASKED)]
    return {
        "search": (
            ["/", *(f"/?q={quote_plus(word)}&sort={sort}" for word in words for sort in ("best", "new"))]
            + [f"/?q={quote_plus(word)}+speaker%3Agg" for word in words[:5]],
            "200 ms",
        ),
        "article": ([f"/articles/{row}" for row in rows], "50 ms"),
        "speaker": ([f"/speakers/{row}" for row in speakers], "100 ms"),
        "files": ([f"/files?page={page}" for page in (1, 100, articles // 50)], "200 ms"),
    }


def times(port: int, asked: dict[str, tuple[list[str], str]]) -> list[Figure]:
    """Return the 95th percentiles of the times to the first and the last byte of each kind, and the largest page."""
    figures: list[Figure] = []
    largest = 0
    for kind, (paths, aim) in asked.items():
        for path in paths[:WARMING]:
            answered(port, path)
        measured = sorted((*answered(port, path), path) for path in paths)
        high = min(len(measured) - 1, int(len(measured) * 0.95))
        print(f"{kind}: slowest {measured[-1][3]} {1000 * measured[-1][0]:.0f} ms", file=sys.stderr)
        first, last = measured[high][0], sorted(last for _, last, _, _ in measured)[high]
        figures.append(Figure(f"page: {kind}, first byte, 95th percentile", 1000 * first, "ms", aim=f"at most {aim}"))
        figures.append(Figure(f"page: {kind}, last byte, 95th percentile", 1000 * last, "ms"))
        largest = max(largest, *(size for _, _, size, _ in measured))
    return [*figures, Figure("page: the largest of them", largest / 1000, "kB", aim="at most 100 kB")]


def answered(port: int, path: str) -> tuple[float, float, int]:
    """Return the seconds until the first and the last byte of a page, and its size.

    That is so also of a page that was stopped for its time.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    began = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    first = time.perf_counter() - began
    size = len(response.read())
    last = time.perf_counter() - began
    connection.close()
    if response.status not in (200, 503):
        raise RuntimeError(f"{path} was answered with {response.status}.")
    return first, last, size


def memory(process: psutil.Process) -> Figure:
    """Return the memory of the page's process."""
    return Figure("page: memory of its process", process.memory_info().rss / 1e6, "MB", aim="at most 120 MB")


@contextmanager
def served(database_url: str) -> Iterator[tuple[int, psutil.Process]]:
    """Run `onrecord web` on a database; yield its port and its process."""
    port = free_port("127.0.0.1", 0)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    environment["ONRECORD_DATABASE_URL"] = database_url
    command = [sys.executable, "-m", "worker", "web", "--port", str(port)]
    with subprocess.Popen(command, env=environment, cwd=Path.cwd(), stdout=subprocess.DEVNULL) as server:
        try:
            for _ in range(600):
                try:
                    answered(port, "/static/icon.svg")
                    break
                except OSError:
                    time.sleep(0.1)
            yield port, psutil.Process(server.pid)
        finally:
            server.terminate()
