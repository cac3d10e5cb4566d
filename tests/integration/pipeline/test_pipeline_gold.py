"""What people decided about quotations is exported as gold, measured, and may fit the confidence."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.integration.pipeline.articles import HARBOUR
from tests.integration.pipeline.conftest import Pipeline
from worker.cli import main
from worker.cli.checks.extractor import check_extractor
from worker.cli.checks.finding import Level
from worker.cli.errors import complaint_about
from worker.cli.work import demand_fit
from worker.decisions import quotes as quote_decisions
from worker.decisions import speakers as speaker_decisions
from worker.evaluation.calibration import LEAST
from worker.extract.model.certainty import fitted
from worker.extract.model.own_fit import BadFit, fit_as_text
from worker.settings import settings

WHO: dict[str, Any] = {"who": "ada", "reason": "I was there"}
MAYOR, CHECKED, OPEN, NOBODY, LATE, KNEW = range(6)
"""The quotations of HARBOUR, in the order of the text."""
MISSED = "The port handles a third of the country's grain."


@pytest.fixture(autouse=True)
def _settings_of_the_test() -> Iterator[None]:
    yield
    settings.cache_clear()


@pytest.fixture
def decided(pipeline: Pipeline, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """The article, about which people decided in each way; commands find the database."""
    pipeline.drop("harbour.txt", HARBOUR)
    quotes = [number for (number,) in pipeline.rows("SELECT id FROM quotes ORDER BY start_char")]
    with pipeline.engine.begin() as connection:
        decide(connection, quotes)
    monkeypatch.setenv("ONRECORD_DATABASE_URL", database_url)
    settings.cache_clear()
    return pipeline


def decide(connection: Connection, quotes: list[int]) -> None:
    """Decide about all quotations but the last, whose decision is undone."""
    quote_decisions.set_speaker(connection, quotes[MAYOR], "Maria Fontes", **WHO)
    quote_decisions.recut(connection, quotes[CHECKED], "the cranes had to be checked", **WHO)
    quote_decisions.accept(connection, quotes[OPEN], **WHO)
    quote_decisions.set_speaker(connection, quotes[NOBODY], "Paulo Reis", **WHO)
    quote_decisions.reject(connection, quotes[LATE], **WHO)
    undone = quote_decisions.no_speaker(connection, quotes[KNEW], **WHO)
    speaker_decisions.undo(connection, undone, **WHO)
    quote_decisions.add(connection, 1, MISSED, **WHO)


def run(*arguments: object) -> int:
    try:
        main([str(argument) for argument in arguments])
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def words(spans: list[list[int]]) -> str:
    return " … ".join(HARBOUR[start:end] for start, end in spans)


def test_gold_says_what_people_said_and_no_more(
    decided: Pipeline, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = tmp_path / "gold.jsonl"
    assert run("export", "gold", "-o", gold) == 0
    assert "1 article in" in (said := capsys.readouterr().err)
    assert "5 quotations that people looked at, and 1 that they rejected." in said
    (line,) = [json.loads(line) for line in gold.read_text().splitlines()]
    assert (line["doc"], line["text"], line["partial"]) == ("1:harbour.txt", HARBOUR, True)
    assert [(words(quote["content"]), words(quote["source"]), quote["speaker"]) for quote in line["quotes"]] == [
        # The machine knew nobody, so "the mayor" is right.
        ("The harbour will be closed for a week", "the mayor", "Maria Fontes"),
        ("the cranes had to be checked", "Maria Fontes, the mayor of the town", "Maria Fontes"),
        ("We will not open the harbour before every crane has been tested,", "Fontes", "Maria Fontes"),
        # The machine said Fontes, so "she" may be wrong.
        ("Nobody should lose a day's pay because of it,", "", "Paulo Reis"),
        (MISSED, "", None),
    ]
    assert [quote.get("who") for quote in line["quotes"]] == [None, None, None, "name", "unknown"]
    assert [words(quote["content"]) for quote in line["rejected"]] == ["the decision late"]
    assert [words(quote["content"]) for quote in line["unjudged"]] == ["They knew about the cranes in spring,"]

    assert run("eval", gold, "--json") == 0
    result = json.loads(capsys.readouterr().out)
    view = result["figures"]["all"]
    assert result["partial"] == 1
    # Five that people looked at: four are found (the cut one is alike), and the rejected one is found, too.
    assert (view["gold"], view["pred"]) == (5, 5)
    assert (view["match"]["p"], view["match"]["r"]) == (0.8, 0.8)
    assert (view["who"]["p"], view["who"]["r"]) == (0.6, 0.6)
    (worst,) = result["worst"]
    assert [difference["what"] for difference in worst["differences"]] == ["wrong source", "spurious", "missed"]

    assert run("calibrate", gold, "-o", tmp_path / "fit.json") == 1
    assert f"A fit needs {LEAST} quotations that people looked at" in capsys.readouterr().err
    assert not (tmp_path / "fit.json").exists()


def test_gold_is_json_lines_of_everything(decided: Pipeline, capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (["-o", "gold.csv"], ["-f", "xlsx"], ["--speaker", "Reis"], ["--bom"]):
        assert run("export", "gold", *wrong) == 2
        assert "Traceback" not in capsys.readouterr().err
    assert run("export", "gold") == 0
    assert json.loads(capsys.readouterr().out)["doc"] == "1:harbour.txt"


def test_a_fit_of_ones_own_gives_confidence_and_is_named(
    pipeline: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubtful = fitted().__class__((*fitted().weights[:-1], fitted().weights[-1] - 3), 3.0)
    own = tmp_path / "fit.json"
    own.write_text(fit_as_text(doubtful, {"articles": 5}))
    monkeypatch.setenv("ONRECORD_CERTAINTY", str(own))
    settings.cache_clear()
    pipeline.drop("harbour.txt", HARBOUR)
    ((name, least),) = pipeline.rows(
        "SELECT v.name, min(q.confidence) FROM extractions e JOIN extractor_versions v ON v.id = e.version_id"
        " JOIN quotes q ON q.extraction_id = e.id GROUP BY v.name"
    )
    assert name.endswith(f"+{doubtful.digest[:8]}")
    assert least < 0.2, "with the model's fit, 0.63"


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("[", "it is not JSON"),
        ('{"weights": [1, 2]}', '"weights" are not'),
        (fit_as_text(fitted(), {}).replace("3.0", "0.5"), '"errors_elsewhere" is no number'),
        (fit_as_text(fitted(), {}).replace('"model": "', '"model": "0'), "was made for another model"),
    ],
)
def test_a_bad_fit_is_refused_before_any_article(
    content: str, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "fit.json"
    own.write_text(content)
    monkeypatch.setenv("ONRECORD_CERTAINTY", str(own))
    settings.cache_clear()
    with pytest.raises(BadFit, match=wrong) as refused:
        demand_fit()
    assert complaint_about(refused.value).message.startswith(str(own))
    assert [(finding.level, finding.subject) for finding in check_extractor()] == [(Level.PROBLEM, "extractor")]
