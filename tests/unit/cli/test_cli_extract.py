"""`onrecord extract` needs no database, and its JSON has the form that docs/reference.md shows."""

import json
from pathlib import Path

import pytest

from tests.sample_articles import ARTICLES
from tests.unit.parse.reading_files import zipped
from worker.cli import main
from worker.settings import settings

KEYS = ["file", "article", "title", "published_at", "outlet", "language", "text", "quotes"]


def extract(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = 0
    try:
        main(["extract", *map(str, arguments)])
    except SystemExit as stop:
        code = int(stop.code or 0)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test in an empty folder, without a HOME and without URLs."""
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()


def test_for_whom_an_unnamed_source_speaks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    article = tmp_path / "greymoor.txt"
    article.write_text("Greymoor Plc grew in the spring.\n\n“We will build ships,” said a spokesman for Greymoor.\n")
    [quote] = json.loads(extract(capsys, article, "--json")[1])["quotes"]
    assert (quote["speaker"], quote["for"]) == (None, "Greymoor Plc")


def without_gaps(words: str) -> str:
    """Return words without the mark of what was left out, which stands between parts, and in some articles."""
    return words.replace(" […] ", " ")


def test_the_seeds_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = extract(capsys, *ARTICLES, "--json")
    assert (code, err) == (0, "")
    articles = [json.loads(line) for line in out.splitlines()]
    assert [article["file"] for article in articles] == [seed.name for seed in ARTICLES]
    for article, seed in zip(articles, ARTICLES, strict=True):
        assert list(article) == KEYS
        assert article["text"] == seed.read_bytes().decode("utf-8-sig")
        for quote in article["quotes"]:
            spans = [article["text"][start:end] for start, end in quote["parts"]]
            assert without_gaps(quote["text"]) == without_gaps(" ".join(spans))
            for mention in filter(None, (quote["source"], quote["cue"])):
                assert article["text"][mention["start"] : mention["end"]] == mention["text"]


def test_many_articles_and_bad_ones(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    dump = tmp_path / "dump.jsonl"
    article = {"title": "Talks", "maintext": "“The talks go on,” said Maria Weber. " + "She left Vienna late. " * 20}
    dump.write_text(json.dumps(article) + "\nno json\n" + json.dumps({**article, "title": "More"}) + "\n")
    empty = tmp_path / "empty.txt"
    empty.touch()
    code, out, err = extract(capsys, dump, empty, tmp_path / "nix.txt", "--json")
    assert code == 1
    articles = [json.loads(line) for line in out.splitlines()]
    assert [(article["article"], article["title"]) for article in articles] == [(0, "Talks"), (1, "More")]
    assert "dump.jsonl:2: malformed" in err
    assert "empty.txt: empty" in err
    assert "nix.txt: No such file" in err
    assert "Traceback" not in err


def test_a_picture_beside_an_article_is_no_failure(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = b"\xe2\x80\x9cThe talks go on,\xe2\x80\x9d said Maria Weber, who left Vienna late on Friday."
    both, alone = tmp_path / "both.zip", tmp_path / "alone.zip"
    both.write_bytes(zipped({"story.txt": text, "photo.jpg": b"\xff\xd8\xff\xe0 \0"}))
    alone.write_bytes(zipped({"photo.jpg": b"\xff\xd8\xff\xe0 \0"}))
    code, out, err = extract(capsys, both, "--json")
    assert (code, len(out.splitlines())) == (0, 1)
    assert "both.zip:photo.jpg: unsupported_type" in err
    assert extract(capsys, alone, "--json")[0] == 1


def test_the_table_for_people(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "one\x1b[31m.txt"
    file.write_text("“The talks go on,” said Maria Weber.\n\n" + "She left Vienna late. " * 20)
    code, out, _ = extract(capsys, file)
    assert code == 0
    assert "one\\x1b[31m.txt" in out
    assert "The talks go on," in out
    assert "\x1b" not in out
