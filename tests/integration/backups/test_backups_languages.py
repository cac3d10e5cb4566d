"""A server may lack the extension `unaccent`: the search tells é from e until it comes, and `doctor` says so."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.integration.backups.conftest import Server
from tests.integration.report.conftest import Command, Press
from worker.backups import extensions
from worker.store import languages

WORDS = "García habló de la paz."
SEARCH = "SELECT count(*) AS found FROM search('garcia')"


def test_a_backup_is_restored_where_unaccent_is_missing(
    onrecord: Command, engine: Engine, dump: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.begin() as connection:
        put = Press(connection, "es", "/es")
        article = put.article(WORDS, "Paz", language="es")
        put.carry(article, put.file("paz.txt"), None)
        put.quote(article, WORDS, WORDS)
    assert onrecord("sql", SEARCH, "-f", "csv").out.split() == ["found", "1"]
    assert onrecord("backup", str(dump)).code == 0

    with monkeypatch.context() as poor:  # a server that does not have the extension
        poor.setattr(languages, "MAKE_UNACCENT", "CREATE EXTENSION there_is_none")
        others = text("SELECT name FROM pg_available_extensions WHERE name <> 'unaccent'")
        poor.setattr(extensions, "MAY_MAKE", others)
        ran = onrecord("restore", str(dump), "--replace", "--unchecked")
        assert ran.code == 0, ran.err
        assert "this server lacks: unaccent." in ran.out
        assert onrecord("sql", SEARCH, "-f", "csv").out.split() == ["found", "0"]
        assert "García" in onrecord("quotes", "--search", "García").out
        assert "CREATE EXTENSION unaccent" in onrecord("doctor").out
        assert "accents" not in onrecord("migrate").out

    ran = onrecord("migrate")
    assert "The search takes accents away from now on; 7 quotes indexed anew." in ran.out
    assert onrecord("sql", SEARCH, "-f", "csv").out.split() == ["found", "1"]
    assert "accents" not in onrecord("migrate").out
    engine.dispose()
