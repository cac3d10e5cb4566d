"""On whose behalf an unnamed source speaks: stored, shown, filled in by reading again, and out of a person's way."""

import pytest
from sqlalchemy import text

from tests.integration.pipeline.conftest import Pipeline
from tests.integration.pipeline.test_pipeline_reprocess import OUTDATED, again
from worker.decisions import quotes as quote_decisions
from worker.extract import version
from worker.extract.version import Mode

GREYMOOR = (
    "LOWMARK - Greymoor Plc will close its yard at Lowmark in the spring, and four hundred people will go.\n\n"
    "“The yard has lost money for years and will not earn any,” said a spokesman for Greymoor.\n\n"
    "“Nobody asked the people who work here,” said Karin Dahl, who leads the union.\n"
)
SHOWN = "SELECT speaks_for, speaker FROM report.quotes WHERE quote LIKE 'The yard has%'"


def test_reading_an_old_article_again_fills_it_in(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.drop("greymoor.txt", GREYMOOR)
    before = pipeline.rows("SELECT quote_id, quote, speaker, speaks_for FROM report.quotes ORDER BY quote_id")
    assert [row[3] for row in before] == ["Greymoor Plc", None]
    with pipeline.engine.begin() as connection:  # as the release before left it
        connection.execute(text("UPDATE quotes SET speaks_for = NULL"))
        connection.execute(text("UPDATE extractor_versions SET generation = generation - 1"))
    monkeypatch.setitem(version.GENERATIONS, Mode.FULL, version.GENERATIONS[Mode.FULL] + 1)
    assert again(pipeline, OUTDATED) == ["done"]
    after = pipeline.rows("SELECT quote_id, quote, speaker, speaks_for FROM report.quotes ORDER BY quote_id")
    assert after == before
    [(change, old)] = pipeline.rows("SELECT change, old FROM quote_history")
    assert (change, old["speaks_for"], old["source_kind"]) == ("changed", None, "unnamed")


def test_a_person_who_names_the_speaker_has_the_last_word(pipeline: Pipeline) -> None:
    pipeline.drop("greymoor.txt", GREYMOOR)
    [(number,)] = pipeline.rows("SELECT quote_id FROM report.quotes WHERE speaks_for IS NOT NULL")
    with pipeline.engine.begin() as connection:
        quote_decisions.set_speaker(connection, number, "Ida Berg", who="an editor", reason="she told us")
    assert pipeline.rows(SHOWN) == [(None, "Ida Berg")]
    with pipeline.engine.begin() as connection:
        quote_decisions.no_speaker(connection, number, who="an editor", reason="she did not")
    assert pipeline.rows(SHOWN) == [("Greymoor Plc", None)]
