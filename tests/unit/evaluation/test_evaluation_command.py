"""`onrecord eval`: its output, and the files that it writes. These tests do not depend on the extractor."""

import json
from pathlib import Path
from typing import Any

import pytest

from worker.cli import main
from worker.settings import settings

TEXT = "“The talks go on,” said Maria Weber.\n\nWeber said \x1b[31mnobody had left. “Not yet,” she added."


def span(phrase: str) -> list[list[int]]:
    return [[TEXT.index(phrase), TEXT.index(phrase) + len(phrase)]]


QUOTES: list[dict[str, Any]] = [
    {"content": span("The talks go on"), "source": span("Maria Weber"), "cue": span("said"), "speaker": "Maria Weber"},
    {"content": span("\x1b[31mnobody had left"), "source": span("Weber said")},
    {"content": span("Not yet"), "source": span("she"), "speaker": "Maria Weber"},
]


@pytest.fixture
def gold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a gold file of one article, in a folder without HOME; no URL is set."""
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    return lines(tmp_path / "gold.jsonl", {"doc": "talks", "text": TEXT, "quotes": QUOTES})


def lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = 0
    try:
        main(["eval", *map(str, arguments)])
    except SystemExit as stop:
        code = int(stop.code or 0)
    output = capsys.readouterr()
    return code, output.out, output.err


def test_predictions_as_json(capsys: pytest.CaptureFixture[str], gold: Path) -> None:
    stored = [{**QUOTES[0], "confidence": 0.97}, {**QUOTES[2], "source": [], "confidence": 0.4}]
    predictions = lines(gold.with_name("predictions.jsonl"), {"doc": "talks", "quotes": stored})
    code, out, err = run(capsys, gold, "--score", predictions, "--json")
    result = json.loads(out)
    assert (code, err) == (0, "")
    assert list(result) == ["articles", "partial", "figures", "reliability", "names", "worst", "cpu_seconds"]
    assert result["cpu_seconds"] is None
    assert result["figures"]["all"]["match"] == {"p": 1.0, "r": 0.6667, "f1": 0.8}
    assert result["figures"]["quoted"]["who"] == {"p": 0.5, "r": 0.5, "f1": 0.5}
    assert result["names"]["recall"]["any"] == [1.0, 2]
    assert [row["stored"] for row in result["reliability"]["all"]] == [1, 0, 0, 0, 0, 1, 1]
    (worst,) = result["worst"]
    assert (worst["doc"], worst["errors"]) == ("talks", 5)
    assert [difference["what"] for difference in worst["differences"]] == ["missed", "wrong source"]
    assert worst["differences"][1]["stored"]["text"] == "Not yet"


def test_predictions_for_people(capsys: pytest.CaptureFixture[str], gold: Path) -> None:
    stored = [{**QUOTES[0], "confidence": 0.97}]
    predictions = lines(gold.with_name("predictions.jsonl"), {"doc": "talks", "quotes": stored})
    code, out, _ = run(capsys, gold, "--score", predictions)
    assert code == 0
    assert "1 articles" not in out and "1 article\n" in out
    assert [line.split()[:4] for line in out.splitlines() if line.startswith("who ")] == [
        ["who", "100.0", "33.3", "50.0"]
    ]
    assert "≥ 0.9: all 1, right 100.0 %; quoted 1, right 100.0 %" in out
    assert "1. talks: 3 errors (all 3 gold, 1 stored, 1 right; quoted 2 gold, 1 stored, 1 right)" in out
    assert "⟦\\x1b[31mnobody had left⟧" in out and "\x1b" not in out
    without = run(capsys, gold, "--score", predictions, "--worst", "0")[1]
    assert "1. talks" not in without and "per cent" in without


@pytest.mark.parametrize("flat", [(), ("--flat",)])
def test_what_the_extractor_finds_scores_as_its_own_file_does(
    capsys: pytest.CaptureFixture[str], gold: Path, flat: tuple[str, ...]
) -> None:
    out = gold.with_name("found.jsonl")
    code, first, err = run(capsys, gold, *flat, "--json", "--predictions", out)
    assert (code, err) == (0, "")
    one, other = json.loads(first), json.loads(run(capsys, gold, *flat, "--json", "--score", out)[1])
    assert one.pop("cpu_seconds") >= 0
    assert other.pop("cpu_seconds") is None
    assert one == other
    assert {"doc", "quotes"} <= json.loads(out.read_text()).keys()


def test_what_cannot_be_done_is_said(capsys: pytest.CaptureFixture[str], gold: Path) -> None:
    bad = lines(gold.with_name("bad.jsonl"), {"doc": "talks"})
    for arguments, message in (
        ((bad,), "bad.jsonl, line 1: text: Field required"),
        ((gold.with_name("nix.jsonl"),), "No such file"),
        ((gold, "--score", bad, "--predictions", "x"), "exclude each other"),
        ((gold, "--predictions", "nowhere/x"), "nowhere.\n  Make it"),
    ):
        code, out, err = run(capsys, *arguments)
        assert (code, out) == (1, "")
        assert message in err and "Traceback" not in err
