"""Files of gold, predictions and speakers: reading them, and the errors for bad lines."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from worker.evaluation.gold import read_gold, with_speakers
from worker.evaluation.prediction import read_predictions
from worker.extract import Kind
from worker.reasons import Refused

TEXT = "“Go on,”\nsaid\u2028Ann."
ARTICLE: dict[str, Any] = {
    "doc": "a",
    "text": TEXT,
    "quotes": [{"id": "E1", "content": [[0, 8]], "source": [[14, 17]], "cue": []}],
}


def written(path: Path, *lines: object) -> Path:
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return path


def test_gold_plain_packed_and_with_a_byte_order_mark(tmp_path: Path) -> None:
    plain = written(tmp_path / "gold.jsonl", ARTICLE, "", {**ARTICLE, "doc": "b", "kind": "news"})
    packed, marked = tmp_path / "packed", tmp_path / "marked.jsonl"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    marked.write_bytes(b"\xef\xbb\xbf" + plain.read_bytes())
    articles = read_gold(plain)
    assert [article.doc for article in articles] == ["a", "b"]
    assert articles[0].quotes[0].content == ((0, 8),)
    assert read_gold(packed) == read_gold(marked) == articles


def test_flat_text_keeps_every_offset(tmp_path: Path) -> None:
    (article,) = read_gold(written(tmp_path / "gold.jsonl", ARTICLE))
    assert article.flat().text == "“Go on,” said Ann."
    assert article.flat().quotes == article.quotes


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("no json", "line 2: Invalid JSON"),
        ('{"doc": "b", "text"', "line 2: Invalid JSON: EOF while parsing an object at character 19"),
        ({"doc": "b", "text": "x"}, "line 2: quotes: Field required"),
        ({"doc": "b", "text": None, "quotes": []}, "line 2: text: Input should be a valid string"),
        ({"doc": "b", "text": "x", "quotes": [{"content": [[0, "1"]]}]}, "line 2: quotes[0].content[0][1]: Input"),
        ({"doc": "b", "text": "x", "quotes": [{"content": [[0, 2]]}]}, "quotes[0].content has [0, 2]"),
        ({"doc": "b", "text": "xy", "quotes": [{"content": [[1, 0]]}]}, "no stretch of a text of 2 characters"),
        ({"doc": "b", "text": "x", "quotes": [], "body": [0, 9]}, "body has [0, 9]"),
        ({"doc": "b", "text": "x", "quotes": [{"content": [], "kind": "oral"}]}, "line 2: quotes[0].kind: Input"),
        (ARTICLE, "line 2: article a stands in line 1 already"),
    ],
)
def test_a_bad_gold_line_is_named(tmp_path: Path, line: object, message: str) -> None:
    with pytest.raises(Refused) as refused:
        read_gold(written(tmp_path / "gold.jsonl", ARTICLE, line))
    assert message in refused.value.message
    assert refused.value.message.endswith("correct the line or take it out.")


def test_files_that_hold_no_gold(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="holds no line"):
        read_gold(written(tmp_path / "empty.jsonl", ""))
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(b"x" * 1000)[:-9])
    with pytest.raises(Refused, match="not whole gzip"):
        read_gold(cut)
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(json.dumps(ARTICLE, ensure_ascii=False).encode("utf-16"))
    with pytest.raises(Refused, match="line 1: Invalid JSON"):
        read_gold(latin)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([{"doc": "z", "quotes": []}], "article z is not in the gold"),
        ([{"doc": "a", "quotes": []}, {"doc": "a", "quotes": []}], "line 2: article a has a line already"),
        ([{"doc": "a", "quotes": [{"content": [[0, 99]]}]}], "quotes[0].content has [0, 99]"),
        ([{"doc": "a", "quotes": [{"content": [], "confidence": 1.5}]}], "quotes[0].confidence: Input should be less"),
    ],
)
def test_a_bad_prediction_is_named(tmp_path: Path, lines: list[object], message: str) -> None:
    articles = read_gold(written(tmp_path / "gold.jsonl", ARTICLE))
    with pytest.raises(Refused) as refused:
        read_predictions(written(tmp_path / "predictions.jsonl", *lines), articles)
    assert message in refused.value.message


def test_a_prediction_needs_no_source(tmp_path: Path) -> None:
    articles = read_gold(written(tmp_path / "gold.jsonl", ARTICLE))
    line = {"doc": "a", "quotes": [{"content": [[0, 8]], "source": None}]}
    predictions = read_predictions(written(tmp_path / "predictions.jsonl", line), articles)
    assert predictions["a"].quotes[0].source is None


def test_speakers_from_a_file_replace_those_of_the_gold(tmp_path: Path) -> None:
    quote = {**ARTICLE["quotes"][0], "speaker": "Old", "kind": "direct"}
    gold = {**ARTICLE, "quotes": [quote, {**quote, "id": "E2"}]}
    line = {"doc": "a", "id": "E1", "speaker": "Ann", "kind": "person", "mention_type": "surname"}
    articles = read_gold(written(tmp_path / "gold.jsonl", gold))
    first, second = with_speakers(articles, written(tmp_path / "speakers.jsonl", line))[0].quotes
    assert (first.speaker, first.mention_type, first.kind) == ("Ann", "surname", Kind.DIRECT)
    assert second.speaker is None
    with pytest.raises(Refused, match="names no attribution of this gold"):
        with_speakers(articles, written(tmp_path / "others.jsonl", {**line, "doc": "z"}))
