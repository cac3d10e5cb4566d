"""`onrecord sql` only reads, and cannot be made to do anything else."""

import csv
import io
import json
import sys

import pytest
from sqlalchemy import Engine, make_url, text

from tests.integration.report.conftest import Command
from worker.settings import settings
from worker.store.db.engine import make_engine

REFUSED = [
    "DELETE FROM public.quotes",
    "SELECT 1; DELETE FROM public.quotes",
    "WITH gone AS (DELETE FROM public.quotes RETURNING 1) SELECT * FROM gone",
    "SELECT * FROM public.quotes",
    "EXPLAIN ANALYZE DELETE FROM public.quotes",
    "EXPLAIN SELECT 1; COMMIT; DELETE FROM public.quotes",
    "SELECT set_config('transaction_read_only', 'off', false)",
    "SET ROLE postgres",
    "RESET ROLE",
    "DO $$ BEGIN RESET ROLE; DELETE FROM public.quotes; END $$",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "CREATE TABLE mine (x int)",
    "SELECT pg_read_file('/etc/passwd')",
    "/* SELECT */ DROP SCHEMA report",
]


def test_what_does_not_only_read_is_refused(reading: Command, shelf: str) -> None:
    for statement in REFUSED:
        ran = reading("sql", statement)
        assert ran.code == 1, statement
        assert 1 <= len(ran.err.splitlines()) <= 2
        assert "Traceback" not in ran.err
    engine = make_engine(shelf)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM quotes")).scalar_one() == 6
    engine.dispose()


@pytest.mark.usefixtures("press")
def test_the_same_as_the_reader_with_a_login_of_its_own(
    onrecord: Command, engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER ROLE onrecord_reader PASSWORD 'read only'"))
    url = make_url(database_url).set(username="onrecord_reader", password="read only")
    monkeypatch.setenv("ONRECORD_REPORT_URL", url.render_as_string(hide_password=False))
    monkeypatch.setenv("ONRECORD_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    settings.cache_clear()
    assert json.loads(onrecord("sql", "SELECT session_user AS who", "-f", "json").out) == [{"who": "onrecord_reader"}]
    assert json.loads(onrecord("sql", "SELECT count(*) AS n FROM quotes", "-f", "json").out) == [{"n": 5}]
    assert onrecord("sql", "SELECT 1 FROM public.quotes").code == 1
    assert onrecord("sql", "DELETE FROM public.quotes").code == 1
    assert onrecord("quotes", "--search", "talks").code == 0


def test_forms(reading: Command) -> None:
    question = "SELECT speaker, quote FROM quotes WHERE speaker = 'Sergey Lavrov' -- 100 % of them"
    assert "We strongly opposed this." in reading("sql", question).out
    assert json.loads(reading("sql", question, "-f", "json").out) == [
        {"speaker": "Sergey Lavrov", "quote": "We strongly opposed this."}
    ]
    read = list(csv.reader(io.StringIO(reading("sql", question, "-f", "csv").out)))
    assert read == [["speaker", "quote"], ["Sergey Lavrov", "We strongly opposed this."]]
    assert json.loads(reading("sql", "SELECT 1 WHERE false", "-f", "json").out) == []
    assert reading("sql", "SHOW role").out.split()[-1] == "onrecord_reader"


def test_a_long_question_is_stopped(reading: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.report.answer.STATEMENT_SECONDS", 1)
    monkeypatch.setattr("worker.report.answer.ask.__wrapped__.__kwdefaults__", {"seconds": 1})
    ran = reading("sql", "SELECT pg_sleep(30)")
    assert ran.code == 1
    assert "took too long" in ran.err


def test_the_views_are_described(reading: Command) -> None:
    listed = reading("sql", "\\d")
    assert "who said what, where and when" in listed.out
    assert listed.out.index("watch_lists") < listed.out.index("article_days"), "what the page asks for comes last"
    assert "Canonical name" in reading("sql", "\\d quotes").out
    assert "Canonical name" in reading("sql", "\\d report.quotes").out
    assert reading("sql", "\\d nix").code == 1
    assert "--expanded" in reading("sql", "\\x").err
    assert "Tab completes" in reading("sql", "help").out
    assert reading("sql", "   ").code == 1


def test_a_statement_on_stdin(reading: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("SELECT count(*) AS n\nFROM quotes;\n"))
    assert json.loads(reading("sql", "-f", "json").out) == [{"n": 5}]


def test_errors_say_where_to_look(reading: Command) -> None:
    assert "lists the views" in reading("sql", "SELECT * FROM nix").err


def test_places_count_in_what_was_typed(reading: Command) -> None:
    assert "(at character 8: nix FROM quotes)" in reading("sql", "SELECT nix FROM quotes").err
    assert "(at character 16: nix)" in reading("sql", "EXPLAIN SELECT nix").err
    assert "(at line 2, character 19: foo(2) > 3)" in reading("sql", "SELECT 'ä'\nFROM quotes WHERE foo(2) > 3").err
    assert "(at the end)" in reading("sql", "SELECT 1 +").err


def test_several_statements_are_refused_in_our_words(reading: Command) -> None:
    for statements in ("SELECT 1; SELECT 2", "EXPLAIN SELECT 1; SELECT 2"):
        assert "several statements" in reading("sql", statements).err
    assert reading("sql", "SELECT 1;").code == 0


def test_one_format(reading: Command) -> None:
    question = "SELECT quote_id, quote FROM quotes LIMIT 1"
    assert reading("sql", question, "--expanded").out.startswith("─[ 1 ]─")
    assert "We strongly opposed this." in reading("sql", question, "--wide").out
    assert reading("sql", question, "--expanded", "--wide").code == 2
    assert reading("sql", question, "--expanded", "-f", "json").code == 2


def test_a_wide_answer_is_shown_as_records(reading: Command) -> None:
    out = reading("sql", "SELECT * FROM quotes LIMIT 1").out
    assert "speaker          Sergey Lavrov\n" in out
    assert "quote            We strongly opposed this.\n" in out
