"""The migrations: they run up and down, agree with the models, have comments, and protect against wrong rows."""

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from worker.store.db import schema


def test_the_models_are_the_migrated_schema(engine: Engine) -> None:
    schema.check(engine)


def test_the_newest_revision_is_the_one_that_alembic_finds() -> None:
    script = ScriptDirectory.from_config(schema.configuration())
    assert schema.newest_revision() == script.get_current_head()
    assert schema.revisions() == {revision.revision for revision in script.walk_revisions()}


def test_down_leaves_nothing_and_up_again_works(engine: Engine) -> None:
    schema.downgrade(engine, "base")
    with engine.connect() as connection:
        left = connection.execute(
            text(
                "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname IN ('public', 'report') AND c.relname <> 'alembic_version'"
                " AND c.relname <> 'alembic_version_pkc'"
            )
        ).scalar_one()
    assert left == 0
    schema.upgrade(engine)
    assert schema.current_revision(engine) == schema.newest_revision()


def test_every_table_column_and_view_says_what_it_is(engine: Engine) -> None:
    with engine.connect() as connection:
        bare = connection.execute(
            text(
                "SELECT c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum >= 0 AND NOT a.attisdropped"
                " WHERE n.nspname IN ('public', 'report') AND c.relkind IN ('r', 'v', 'p')"
                " AND c.relname <> 'alembic_version'"
                " AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid, 'pg_class') IS NULL)"
            )
        ).all()
    assert bare == []


BEFORE_CODES = """
INSERT INTO inboxes (name, path) VALUES ('in', '/in');
INSERT INTO files (inbox_id, path, shown, state, finished_at, after, after_done_at, after_message)
SELECT i.id, shown::bytea, shown, 'stored', now(), 'archive', done_at::timestamptz, message FROM inboxes i, (VALUES
    ('full', NULL, 'Archiving failed: No space left on device. The file stays where it is.'),
    ('rights', NULL, 'Deleting failed: Permission denied. The file stays where it is.'),
    ('unset', NULL, 'No archive folder is set; set ONRECORD_ARCHIVE.'),
    ('changed', NULL, 'The file has changed since it was stored; it was left alone.'),
    ('away', NULL, 'The file was left alone: its folder is away.'),
    ('moved', 'now', NULL), ('new', NULL, NULL)) AS old(shown, done_at, message);
INSERT INTO processes (kind, host, pid, version, detail) VALUES
    ('worker', 'a', 1, '0', 'intake, articles'),
    ('worker', 'a', 2, '0', 'articles, waits for the database: DiskFull: could not extend file, of articles'),
    ('backfill', 'a', 3, '0', 'backfill, Messages wait at the broker, and none reaches this worker; it ends.'),
    ('watch', 'a', 4, '0', 'in, articles (away) (polling); events were lost 3 ×, scans made up for them'),
    ('beat', 'a', 5, '0', NULL)
"""
CODES = {
    ("full", "failed"), ("rights", "failed"), ("unset", "no_archive"), ("changed", "changed"), ("away", "left_alone"),
    ("moved", None), ("new", None),
}  # fmt: skip
PROCESSES = [
    (1, ["intake", "articles"], None, [], 0, None),
    (2, ["articles"], "database", [], 0, "waits for the database: DiskFull: could not extend file, of articles"),
    (3, ["backfill"], "deaf", [], 0, "Messages wait at the broker, and none reaches this worker; it ends."),
    (4, [], None, ["articles"], 3, "in, articles (away) (polling); events were lost 3 ×, scans made up for them"),
    (5, [], None, [], 0, None),
]


def test_sentences_of_older_rows_become_codes_and_survive_the_way_back(engine: Engine) -> None:
    schema.downgrade(engine, "0005")
    with engine.begin() as connection:
        for statement in BEFORE_CODES.split(";\n"):
            connection.exec_driver_sql(statement)
        before = connection.execute(text("SELECT pid, detail FROM processes ORDER BY pid")).all()
    schema.upgrade(engine)
    with engine.begin() as connection:
        codes = connection.execute(text("SELECT shown, after_reason FROM files"))
        assert {tuple(row) for row in codes} == CODES
        columns = "pid, queues, trouble, folders_away, events_lost, detail"
        rows = connection.execute(text(f"SELECT {columns} FROM processes ORDER BY pid"))
        assert [tuple(row) for row in rows] == PROCESSES
    schema.downgrade(engine, "0005")
    with engine.begin() as connection:
        assert connection.execute(text("SELECT pid, detail FROM processes ORDER BY pid")).all() == before
    schema.upgrade(engine)


@pytest.mark.parametrize(
    "wrong",
    [
        "INSERT INTO processes (kind, host, pid, version, trouble) VALUES ('worker', 'a', 1, '0', 'tired')",
        "INSERT INTO processes (kind, host, pid, version, queues) VALUES ('worker', 'a', 1, '0', '{nix}')",
        "UPDATE files SET after_reason = 'failed'",
        "UPDATE files SET after_message = 'Archiving failed.'",
        "UPDATE files SET after_reason = 'nix', after_message = 'Archiving failed.'",
    ],
)
def test_a_code_is_one_of_the_register_and_has_its_sentence(engine: Engine, wrong: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "WITH i AS (INSERT INTO inboxes (name, path) VALUES ('in', '/in') RETURNING id)"
            " INSERT INTO files (inbox_id, path, shown) SELECT id, 'a', 'a' FROM i"
        )
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.exec_driver_sql(wrong)


REFUSE = """
WITH two AS (INSERT INTO speakers (name, kind) VALUES ('A', 'person'), ('B', 'person') RETURNING id)
INSERT INTO speaker_names (speaker_id, other_id, name, status, evidence, confidence)
SELECT min(id), max(id), '#' || max(id), 'refused', 'two persons', 0 FROM two
"""
REFUSED = text("SELECT other_id, name, evidence FROM speaker_names")


def test_a_refused_join_keeps_its_row_and_loses_its_made_up_name(engine: Engine) -> None:
    schema.downgrade(engine, "0005")
    with engine.begin() as connection:
        connection.execute(text(REFUSE))
        before = connection.execute(REFUSED).one()
    schema.upgrade(engine)
    with engine.begin() as connection:
        assert connection.execute(REFUSED).one() == (before.other_id, None, before.evidence)
    schema.downgrade(engine, "0005")
    with engine.begin() as connection:
        assert connection.execute(REFUSED).one() == before


ARTICLE = """
WITH story AS (INSERT INTO stories DEFAULT VALUES RETURNING id),
article AS (
    INSERT INTO articles (text, body_start, body_end, canonical_hash, story_id)
    SELECT 'Hello there, she said.', 0, 22, '\\x01', id FROM story RETURNING id, length),
version AS (INSERT INTO extractor_versions (name, mode, generation) VALUES ('rules', 'rules', 1) RETURNING id)
INSERT INTO extractions (article_id, version_id, quotes, milliseconds)
SELECT article.id, version.id, 1, 0 FROM article, version RETURNING id, article_id
"""

QUOTE = """
INSERT INTO quotes (article_id, article_length, extraction_id, kind, text, parts, start_char, end_char,
                    source_kind, confidence)
VALUES (:article, :length, :extraction, 'direct', 'x', :parts, :start, :end, 'none', :confidence)
"""


@pytest.mark.parametrize(
    "wrong",
    [
        {"end": 23, "parts": [0, 23]},
        {"length": 400, "end": 300, "parts": [0, 300]},
        {"start": 5, "end": 5, "parts": [5, 5]},
        {"start": -1, "parts": [-1, 11]},
        {"parts": [0, 10]},
        {"parts": [0, 5, 6]},
        {"confidence": 1.5},
    ],
)
def test_no_quote_can_reach_outside_its_article(engine: Engine, wrong: dict[str, object]) -> None:
    with engine.begin() as connection:
        extraction, article = connection.execute(text(ARTICLE)).one()
        right = {
            "article": article,
            "extraction": extraction,
            "length": 22,
            "start": 0,
            "end": 11,
            "parts": [0, 11],
            "confidence": 0.5,
        }
        connection.execute(text(QUOTE), right)
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(text(QUOTE), right | wrong)


def test_an_article_has_one_current_extraction(engine: Engine) -> None:
    with engine.begin() as connection:
        _, article = connection.execute(text(ARTICLE)).one()
        with pytest.raises(IntegrityError):
            connection.execute(
                text(
                    "INSERT INTO extractions (article_id, version_id, quotes, milliseconds)"
                    " SELECT :article, version_id, 0, 0 FROM extractions"
                ),
                {"article": article},
            )


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM public.files",
        "SELECT raw FROM public.documents",
        "INSERT INTO report.quotes (quote) VALUES ('x')",
        "CREATE TABLE mine (a int)",
        "SET default_transaction_read_only = off; CREATE TABLE report.mine (a int)",
    ],
)
def test_the_reader_sees_the_reports_and_nothing_else(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        connection.execute(text("SET ROLE onrecord_reader"))
        connection.execute(text("SELECT count(*) FROM report.quotes"))
        with pytest.raises(DBAPIError):
            connection.execute(text(statement))
        connection.rollback()
        connection.execute(text("RESET ROLE"))
