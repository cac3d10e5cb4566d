"""People's decisions, from the command to the reports."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, text

from tests.integration.dedupe.newsroom import Said, Story, person, store
from tests.integration.dedupe.test_dedupe_stories import prose
from tests.integration.report.conftest import Command, Press
from worker.settings import settings

WHY = ("--reason", "the byline says so")


def rows(onrecord: Command, statement: str) -> list[dict[str, Any]]:
    return list(json.loads(onrecord("sql", statement, "-f", "json").out))


def speaker_of(onrecord: Command, quote: int) -> str | None:
    (row,) = rows(onrecord, f"SELECT speaker FROM quotes WHERE quote_id = {quote}")
    speaker: str | None = row["speaker"]
    return speaker


def test_merge_rename_and_undo(onrecord: Command, press: dict[str, int], tmp_path: Path) -> None:
    ran = onrecord("speakers", "merge", "Ali Bagheri", "sergei lavrov", *WHY)
    assert ran.code == 0, ran.err
    (quote,) = rows(onrecord, f"SELECT speaker_id FROM quote_speakers WHERE quote_id = {press['opposed']}")
    assert quote["speaker_id"] == press["bagheri"]
    assert onrecord("speakers", "merge", "Ali Bagheri", str(press["lavrov"]), *WHY).code == 1, "they are one already"
    assert onrecord("speakers", "rename", str(press["bagheri"]), "A. Bagheri", *WHY).code == 0
    assert speaker_of(onrecord, press["opposed"]) == "A. Bagheri"
    listed = json.loads(onrecord("decisions", "list", "-f", "json").out)
    assert [(decision["kind"], decision["reason"]) for decision in listed] == [("rename", WHY[1]), ("merge", WHY[1])]
    for ending in ("json", "parquet", "xlsx", "csv"):
        saved = onrecord("decisions", "list", "-o", str(tmp_path / f"decisions.{ending}"))
        assert (saved.code, saved.err) == (0, f"2 decisions in {tmp_path}/decisions.{ending}\n")
    assert json.loads((tmp_path / "decisions.json").read_text()) == listed
    (newest, _) = pq.read_table(tmp_path / "decisions.parquet").to_pylist()
    assert (newest["id"], newest["undone"], newest["decided_at"].year) == (
        listed[0]["id"],
        False,
        datetime.now(UTC).year,
    )
    assert onrecord("decisions", "undo", str(listed[1]["id"]), *WHY).code == 0
    (quote,) = rows(onrecord, f"SELECT speaker_id FROM quote_speakers WHERE quote_id = {press['opposed']}")
    assert quote["speaker_id"] == press["lavrov"]
    assert "undone" in onrecord("decisions", "undo", str(listed[1]["id"]), *WHY).err


def test_split_and_refuse(onrecord: Command, engine: Engine, press: dict[str, int]) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE quote_speakers SET name = 'Sergei Lavrov' WHERE quote_id = :quote"),
                           {"quote": press["opposed"]})  # fmt: skip
    ran = onrecord("speakers", "split", "Sergey Lavrov", "Sergei Lavrov", *WHY)
    assert ran.code == 0, ran.err
    assert speaker_of(onrecord, press["opposed"]) == "Sergei Lavrov"
    assert onrecord("speakers", "split", "Sergey Lavrov", "Nobody", *WHY).code == 1
    ran = onrecord("speakers", "refuse", "Sergey Lavrov", "Ali Bagheri", *WHY)
    assert ran.code == 0, ran.err


def test_fix(onrecord: Command, press: dict[str, int]) -> None:
    quote = str(press["unnamed"])
    for arguments, speaker in (
        (("--speaker", "Maria Weber"), "Maria Weber"),
        (("--speaker", str(press["lavrov"])), "Sergey Lavrov"),
        (("--no-speaker",), None),
    ):
        ran = onrecord("quotes", "fix", quote, *arguments, *WHY)
        assert ran.code == 0, ran.err
        assert speaker_of(onrecord, press["unnamed"]) == speaker
    assert onrecord("quotes", "fix", quote, "--reject", *WHY).code == 0
    assert rows(onrecord, f"SELECT 1 FROM quotes WHERE quote_id = {quote}") == []


def test_what_cannot_be_decided(onrecord: Command, press: dict[str, int]) -> None:
    quote = str(press["unnamed"])
    for arguments in (
        ("quotes", "fix", quote, *WHY),
        ("quotes", "fix", quote, "--reject", "--no-speaker", *WHY),
        ("quotes", "fix", "999999", "--reject", *WHY),
        ("quotes", "fix", quote, "--speaker", "999999", *WHY),
        ("quotes", "fix", quote, "--reject", "--reason", " "),
        ("speakers", "merge", "Nobody", "Ali Bagheri", *WHY),
        ("decisions", "undo", "999", *WHY),
        ("forget", *WHY),
        ("forget", "--article", "999999", "--yes", *WHY),
        ("forget", "--file", "nix", "--yes", *WHY),
    ):
        ran = onrecord(*arguments)
        assert ran.code == 1, arguments
        assert 1 <= len(ran.err.splitlines()) <= 2, arguments
        assert "Onrecord was not made for" not in ran.err
    assert onrecord("quotes", "fix", quote, "--reject").code == 2, "a reason is asked for"
    assert json.loads(onrecord("decisions", "list", "-f", "json").out) == []


@pytest.mark.usefixtures("press")
def test_forget(onrecord: Command) -> None:
    (article,) = rows(onrecord, "SELECT article_id FROM articles WHERE title = 'Moscow'")
    ran = onrecord("forget", "--article", str(article["article_id"]), "--yes", *WHY)
    assert ran.code == 0, ran.err
    assert "1 article forgotten" in ran.out
    assert "dump.jsonl hold" in ran.err
    assert rows(onrecord, "SELECT 1 FROM articles WHERE title = 'Moscow'") == []
    (dump,) = rows(onrecord, "SELECT state FROM files WHERE file = 'dump.jsonl'")
    assert dump["state"] != "stored"
    ran = onrecord("forget", "--file", "vienna.txt", "--yes", *WHY)
    assert ran.code == 0, ran.err
    assert "0 articles forgotten" in ran.out
    assert "copy.txt holds the same text; forget it too with onrecord forget --file copy.txt" in ran.err
    assert len(rows(onrecord, "SELECT 1 FROM articles WHERE title = 'Vienna'")) == 1, "the copy carries it too"
    assert rows(onrecord, "SELECT state, duplicate_of FROM files WHERE file = 'copy.txt'") == [
        {"state": "stored", "duplicate_of": None}
    ]
    assert onrecord("forget", "--outlet", "irna", "--yes", *WHY).code == 0
    assert rows(onrecord, "SELECT article_id FROM sources WHERE file = 'copy.txt'") == []


def test_forget_takes_the_exact_path_only(onrecord: Command, engine: Engine, press: dict[str, int]) -> None:
    with engine.begin() as connection:
        put = Press(connection, "press", "/drop/press")
        for file in ("a.txt", "sub/a.txt", "vienna.txt"):
            put.carry(put.article(f"{file} in the inbox press", file), put.file(file), None)

    def forget(name: str) -> tuple[int, str]:
        ran = onrecord("forget", "--file", name, "--yes", *WHY)
        return ran.code, ran.err

    assert forget("/elsewhere/sub/a.txt")[0] == 1, "the end of a path is not the path"
    assert forget("x/sub/a.txt")[0] == 1
    assert forget("sub/a.txt")[0] == 0
    assert rows(onrecord, "SELECT title FROM articles WHERE title LIKE '%/a.txt' OR title = 'a.txt'") == [
        {"title": "a.txt"}
    ]
    code, said = forget("vienna.txt")
    assert (code, "drop/vienna.txt, press/vienna.txt" in said) == (1, True), said
    assert forget("press/vienna.txt")[0] == 0
    assert forget("/drop/press/a.txt")[0] == 0
    assert rows(onrecord, "SELECT 1 FROM articles WHERE text LIKE '%inbox press'") == []
    assert len(rows(onrecord, "SELECT 1 FROM articles WHERE title = 'Vienna'")) == 1
    assert press


def test_forget_names_a_file_that_two_names_fit(onrecord: Command, engine: Engine) -> None:
    with engine.begin() as connection:
        outer, inner = Press(connection, "news", "/one"), Press(connection, "press", "/two")
        outer.carry(outer.article("first text", "first"), outer.file("a.txt"), None)
        inner.carry(inner.article("second text", "second"), inner.file("news/a.txt"), None)
    ran = onrecord("forget", "--file", "news/a.txt", "--yes", *WHY)
    assert ran.code == 1
    assert "/one/a.txt, press/news/a.txt" in ran.err
    assert onrecord("forget", "--file", "/one/a.txt", "--yes", *WHY).code == 0
    assert rows(onrecord, "SELECT title FROM articles") == [{"title": "second"}]


def test_forget_removes_the_file_that_it_has_shown(onrecord: Command, engine: Engine) -> None:
    """One inbox is inside the other; both have a file at the same absolute path."""
    with engine.begin() as connection:
        outer, inner = Press(connection, "news", "/drop"), Press(connection, "press", "/drop/press")
        outer.carry(outer.article("outer text", "outer"), outer.file("press/a.txt"), None)
        inner.carry(inner.article("inner text", "inner"), inner.file("a.txt"), None)
    ran = onrecord("forget", "--file", "news/press/a.txt", "--yes", *WHY)
    assert ran.code == 0, ran.err
    assert "news/press/a.txt has 1 member" in ran.err
    assert rows(onrecord, "SELECT title FROM articles") == [{"title": "inner"}]


def test_forget_asks_before_it_removes(onrecord: Command, press: dict[str, int]) -> None:
    ran = onrecord("forget", "--file", "vienna.txt", *WHY)
    assert ran.code == 1
    assert "--yes" in ran.err
    assert onrecord("forget", "--file", "vienna.txt", "--yes", "--reason", " ").code == 1
    assert onrecord("forget", "--outlet", "irna", "--archived", "--yes", *WHY).code == 1
    assert json.loads(onrecord("decisions", "list", "-f", "json").out) == []
    assert press


def test_forget_removes_the_archived_copy_if_asked(
    onrecord: Command, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "archive"
    (archive / "drop" / "sub").mkdir(parents=True)
    (archive / "drop" / "sub" / "a.txt").write_bytes(b"sub/a.txt")
    (archive / "drop" / "a.txt").write_bytes(b"sub/a.txt")
    monkeypatch.setenv("ONRECORD_ARCHIVE", str(archive))
    settings.cache_clear()
    with engine.begin() as connection:
        put = Press(connection)
        file = put.file("sub/a.txt", after="archive", after_done_at=datetime.now(UTC))
        put.carry(put.article("the text", "title"), file, None)
    ran = onrecord("forget", "--file", "sub/a.txt", "--archived", "--yes", *WHY)
    assert ran.code == 0, ran.err
    assert [str(path.relative_to(archive)) for path in archive.rglob("*") if path.is_file()] == ["drop/a.txt"]


@pytest.mark.usefixtures("press")
def test_speakers_list(onrecord: Command, engine: Engine, press: dict[str, int]) -> None:
    speakers = json.loads(onrecord("speakers", "list", "--search", "baqeri", "-f", "json").out)
    assert [(speaker["speaker"], speaker["quotes"]) for speaker in speakers] == [("Ali Bagheri", 2)]
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO speaker_names (speaker_id, name, status, other_id, evidence, confidence)"
                 " VALUES (:a, 'Lavrov', 'proposed', :b, 'a surname alone', 0.4)"),
            {"a": press["lavrov"], "b": press["bagheri"]},
        )  # fmt: skip
    (proposed,) = json.loads(onrecord("speakers", "list", "--proposed", "-f", "json").out)
    assert (proposed["speaker"], proposed["other"], proposed["evidence"]) == (
        "Sergey Lavrov", "Ali Bagheri", "a surname alone",
    )  # fmt: skip
    assert "speakers merge" in onrecord("speakers", "list", "--proposed").err
    assert onrecord("speakers").code == 0


def test_a_list_is_rehearsed_imported_and_undone(onrecord: Command, engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        for place, name in enumerate(("Andrew Grove", "Andy Grove")):
            store(connection, Story(prose(place, 60), [Said(f"We said {name} things before", [person(name)])]))
    people = tmp_path / "people.csv"
    people.write_text(
        "\ufeffname;aliases;role;qid\nAndrew S. Grove;Andrew Grove|Andy Grove;Intel chief;Q103579\nNobody Here;;;\n"
    )
    shown = "SELECT speaker, qid, role FROM speakers ORDER BY 1"
    before = rows(onrecord, shown)
    assert [row["speaker"] for row in before] == ["Andrew Grove", "Andy Grove"]
    ran = onrecord("speakers", "import", str(people), "--dry-run")
    assert ran.code == 0, ran.err
    assert "joined: Andrew Grove and Andy Grove are one speaker: Andrew S. Grove (1)." in ran.out
    assert "2 rows would be imported: 1 joined, 0 named, 0 proposed. Nothing is stored" in ran.out
    assert rows(onrecord, shown) == before
    assert onrecord("decisions", "list", "-f", "json").out.strip() in ("[]", "")
    assert "2 rows are imported" in onrecord("speakers", "import", str(people)).out
    assert rows(onrecord, shown) == [{"speaker": "Andrew S. Grove", "qid": "Q103579", "role": "Intel chief"}]
    assert "nothing changes" in onrecord("speakers", "import", str(people)).out
    [decision] = json.loads(onrecord("decisions", "list", "-f", "json").out)
    assert (decision["kind"], decision["reason"]) == ("import", "the list people.csv")
    assert onrecord("decisions", "undo", str(decision["id"]), *WHY).code == 0
    assert rows(onrecord, shown) == before


def test_bad_rows_stop_a_list_unless_they_are_skipped(onrecord: Command, press: dict[str, int], tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("name,qid\nAda Lo,Z1\n,Q2\nSergey Lavrov,Q58217\n")
    ran = onrecord("speakers", "import", str(people))
    assert ran.code == 1
    assert "Line 2: its qid is 'Z1'" in ran.err
    assert "Line 3: it has no name" in ran.err
    assert "2 rows of the list are bad, and nothing was imported." in ran.err
    ran = onrecord("speakers", "import", str(people), "--skip-bad")
    assert ran.code == 0, ran.err
    assert "1 row is imported" in ran.out
    assert onrecord("speakers", "import", str(tmp_path / "none.csv")).code == 1
