"""Filling the tables with a given number of articles within minutes, by SQL in bulk.

The rows are like the rows that the pipeline writes. An article has 10 quotes, 40 fingerprints, and statements with 17
keys each. The speakers are the people of `benchmarks.world`, as frequent as there, so new articles find them in the
tables. Two of the 17 keys come from real sentences ("the ADJECTIVE NOUN"), so look-ups of common words find as many
rows as in a real database. There are no files and no raw bytes, because the pipeline looks these up by unique keys
only.
"""

from sqlalchemy import Connection, text

from benchmarks.generated import ADJECTIVES, NOUNS
from benchmarks.people import people
from benchmarks.world import FREQUENT, PEOPLE, article
from worker.dedupe.wording import keys
from worker.speakers.across.name import read_name
from worker.speakers.within.resolution import EntityKind

QUOTES = 10
FINGERPRINTS = 40
KEYS = 15
"""The number of keys of a statement that no other statement has."""
TEXTS = 200
STRANGERS = 0.3
"""The number of new names per article, besides those of the people of `benchmarks.world`."""
MOST_PEOPLE = 100_000
"""So many people are invented at most."""

POOLS = text(
    """
CREATE TABLE pool_texts (place integer PRIMARY KEY, words text NOT NULL);
CREATE TABLE pool_keys (place integer PRIMARY KEY, hash bigint NOT NULL);
INSERT INTO extractor_versions (name, mode, generation) VALUES ('filled', 'filled', 0);
"""
)
FILL_TEXTS = text(
    """
    INSERT INTO pool_texts
    SELECT place - 1, words FROM unnest(CAST(:words AS text[])) WITH ORDINALITY AS pool (words, place)
    """
)
FILL_KEYS = text(
    """
    INSERT INTO pool_keys
    SELECT place - 1, hash FROM unnest(CAST(:hashes AS bigint[])) WITH ORDINALITY AS pool (hash, place)
    """
)
NEXT_ARTICLE = text("""SELECT coalesce(max(id), 0) + 1 FROM articles""")
FIRST_QUOTE = text("""SELECT 1 + greatest((SELECT max(id) FROM quotes), (SELECT max(id) FROM statements), 0)""")
LAST_SPEAKER = text("""SELECT coalesce(max(id), 0) FROM speakers""")
BULK_LOAD = text(
    """
    SET LOCAL session_replication_role = replica;
    SET LOCAL work_mem = '256MB';
    SET LOCAL maintenance_work_mem = '512MB'
    """
)
ADD_SPEAKERS = text(
    """
    INSERT INTO speakers (id, name, kind) OVERRIDING SYSTEM VALUE
    SELECT :last + place, name, 'person' FROM unnest(CAST(:names AS text[])) WITH ORDINALITY AS people (name, place)
    """
)
ADD_FORMS = text(
    """
    INSERT INTO speaker_names (speaker_id, name, articles, evidence, confidence)
    SELECT :last + place, name, 1, 'first seen', 1
    FROM unnest(CAST(:names AS text[])) WITH ORDINALITY AS people (name, place)
    """
)
ADD_KEYS = text(
    """
    INSERT INTO speaker_keys (speaker_id, key)
    SELECT * FROM unnest(CAST(:speakers AS bigint[]), CAST(:keys AS text[]))
    """
)

# The articles have the numbers from {low} to {high}. Every row below is computed from the number of its article.
STEPS = (
    "INSERT INTO stories (id) OVERRIDING SYSTEM VALUE SELECT generate_series({low}, {high})",
    """
    INSERT INTO articles (id, title, text, body_start, body_end, language, canonical_hash, sketch, story_id, reconciled)
    OVERRIDING SYSTEM VALUE
    SELECT n, 'Article ' || n, p.words, 0, char_length(p.words), 'en', sha256(('article ' || n)::bytea),
           (SELECT array_agg(hashint8extended(n, s)) FROM generate_series(1, {fingerprints}) AS s), n, true
    FROM generate_series({low}, {high}) AS n JOIN pool_texts p ON p.place = n % {texts}
    """,
    """
    INSERT INTO fingerprints (hash, story_id)
    SELECT hashint8extended(n, s), n FROM generate_series({low}, {high}) AS n, generate_series(1, {fingerprints}) AS s
    ORDER BY 1, 2
    """,
    """
    INSERT INTO extractions (id, article_id, version_id, quotes, milliseconds) OVERRIDING SYSTEM VALUE
    SELECT n, n, (SELECT min(id) FROM extractor_versions), {quotes}, 10 FROM generate_series({low}, {high}) AS n
    """,
    # Speaker ids are the ranks of the people, from 1: the speaker of rank r said a share of 1 / (r + {frequent}).
    """
    CREATE TABLE said AS
    SELECT {first} + (n - {low}) * {quotes} + q AS id, n AS article_id, q,
           1 + floor({frequent} * (power(({speakers} + {frequent})::float / {frequent}, random()) - 1))::bigint
           AS speaker_id
    FROM generate_series({low}, {high}) AS n, generate_series(0, {quotes} - 1) AS q
    """,
    """
    INSERT INTO statements (id, owner, text) OVERRIDING SYSTEM VALUE
    SELECT id, speaker_id, 'The district will review the ' || id || ' steady contracts before the holidays.' FROM said
    ORDER BY id
    """,
    # The primary key is dropped here and built again afterwards, by sorting: to insert 32 million rows into its index
    # one by one would take minutes. The two common keys are drawn from two halves of the pool, so that no statement has
    # the same key twice.
    "ALTER TABLE statement_keys DROP CONSTRAINT pk_statement_keys",
    """
    INSERT INTO statement_keys (owner, hash, statement_id)
    SELECT speaker_id, hashint8extended(id, k), id FROM said, generate_series(1, {keys}) AS k
    UNION ALL
    SELECT speaker_id, p.hash, id FROM said, generate_series(0, 1) AS k, (SELECT count(*) / 2 AS half FROM pool_keys),
         pool_keys p
    WHERE p.place = 2 * abs(hashint8extended(id, 100 + k) % half) + k
    """,
    "ALTER TABLE statement_keys ADD CONSTRAINT pk_statement_keys PRIMARY KEY (owner, hash, statement_id)",
    """
    INSERT INTO quotes (id, article_id, article_length, extraction_id, kind, text, parts, start_char, end_char,
        source_kind, confidence, statement_id) OVERRIDING SYSTEM VALUE
    SELECT s.id, s.article_id, a.length, s.article_id, 'direct', st.text,
        ARRAY[35 * s.q, 35 * s.q + 30], 35 * s.q, 35 * s.q + 30, 'person', 0.9, s.id
    FROM said s JOIN articles a ON a.id = s.article_id JOIN statements st ON st.id = s.id ORDER BY s.id
    """,
    """
    INSERT INTO quote_speakers (quote_id, speaker_id, name, evidence, confidence)
    SELECT id, speaker_id, 'as filled', 'full name', 0.9 FROM said ORDER BY id
    """,
    """
    INSERT INTO told_quotes (quote_id, article_id, speaker_ids, statement_id, digests)
    SELECT id, article_id, ARRAY[speaker_id], id, sha256(('told ' || id)::bytea) || substr(sha256('more'), 1, 16)
    FROM said ORDER BY id
    """,
    """
    INSERT INTO changes (change_id, kind, quote_id, article_id, speaker_ids, statement_id)
    SELECT id, 'added', id, article_id, ARRAY[speaker_id], id FROM said ORDER BY id
    """,
    "DROP TABLE said",
)
NUMBERED = ("stories", "articles", "extractions", "statements", "quotes", "speakers")


def prepare(connection: Connection) -> None:
    """Fill the pool tables from which `fill` draws texts and keys."""
    connection.execute(POOLS)
    connection.execute(FILL_TEXTS, {"words": [article(-1 - number) for number in range(TEXTS)]})
    triples = [keys(f"the {adjective} {noun} out")[1:] for adjective in ADJECTIVES for noun in NOUNS]
    connection.execute(FILL_KEYS, {"hashes": [hashes[0] for hashes in triples]})


def fill(connection: Connection, stored: int, size: int) -> None:
    """Add articles to the tables, which hold `stored` articles, until they hold `size`. One transaction does it.

    Foreign keys are not checked.
    """
    low = int(connection.execute(NEXT_ARTICLE).scalar_one())
    connection.execute(BULK_LOAD)
    values = {
        "low": low,
        "first": int(connection.execute(FIRST_QUOTE).scalar_one()),
        "high": low + size - stored - 1,
        "quotes": QUOTES,
        "fingerprints": FINGERPRINTS,
        "keys": KEYS,
        "texts": TEXTS,
        "frequent": FREQUENT,
        "speakers": _add_speakers(connection, PEOPLE + int(STRANGERS * size)),
    }
    for step in STEPS:
        connection.execute(text(step.format(**values)))
    for table in NUMBERED:
        connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"))


def _add_speakers(connection: Connection, count: int) -> int:
    """Add speakers with their forms and keys until there are those of `count` people; return their number.

    People with the same whole name are one speaker.
    """
    last = int(connection.execute(LAST_SPEAKER).scalar_one())
    everybody = list(dict.fromkeys(person.name for person in people(MOST_PEOPLE)[:count]))
    names = everybody[last:]
    if not names:
        return len(everybody)
    speaker_keys = [(number, key) for number, name in enumerate(names, last + 1) for key in _keys(name)]
    connection.execute(ADD_SPEAKERS, {"last": last, "names": names})
    connection.execute(ADD_FORMS, {"last": last, "names": names})
    connection.execute(
        ADD_KEYS, {"speakers": [number for number, _ in speaker_keys], "keys": [key for _, key in speaker_keys]}
    )
    return len(everybody)


def _keys(name: str) -> list[str]:
    return sorted(read_name(name, EntityKind.PERSON).keys)
