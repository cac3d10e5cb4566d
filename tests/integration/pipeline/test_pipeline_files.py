"""From a dropped file to rows: states, duplicates, versions, bad input."""

import json
import os
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from tests.integration.pipeline.articles import HARBOUR, ORCHARD
from tests.integration.pipeline.conftest import Pipeline
from worker.decisions import forgetting
from worker.decisions import speakers as speaker_decisions
from worker.decisions.deciding import decide
from worker.intake.reading import read_file
from worker.pipeline.document import process_document
from worker.store import outcome, retrying


def states(pipeline: Pipeline) -> dict[str, tuple[str, str | None]]:
    """Return the state and the reason of the current content of each path."""
    rows = pipeline.rows("SELECT shown, state, reason FROM files WHERE current ORDER BY id")
    return {shown: (state, reason) for shown, state, reason in rows}


def test_a_dropped_article_becomes_quotes_with_their_speakers(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    assert states(pipeline) == {"harbour.txt": ("stored", None)}
    quotes = pipeline.rows("SELECT speaker, quote FROM report.quotes WHERE kind = 'direct' ORDER BY start_char")
    assert quotes == [
        ("Maria Fontes", "We will not open the harbour before every crane has been tested,"),
        ("Maria Fontes", "Nobody should lose a day's pay because of it,"),
        ("Paulo Reis", "They knew about the cranes in spring,"),
    ]


def test_every_part_of_a_stored_quote_is_that_part_of_the_stored_text(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    rows = pipeline.rows("SELECT q.text, q.parts, a.text FROM quotes q JOIN articles a ON a.id = q.article_id")
    assert rows
    for quote, parts, article in rows:
        assert quote == " ".join(article[s:e] for s, e in zip(parts[::2], parts[1::2], strict=True))


def test_the_same_bytes_under_another_name_are_a_duplicate_that_points_at_the_first(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    pipeline.drop("copy.txt", HARBOUR)
    assert states(pipeline)["copy.txt"] == ("duplicate", None)
    assert pipeline.rows("SELECT duplicate_of FROM report.files WHERE file = 'copy.txt'") == [("harbour.txt",)]
    assert pipeline.rows("SELECT count(*) FROM documents") == [(1,)]


def test_the_same_text_in_other_typography_is_one_article_with_two_sources(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    pipeline.drop("straight.txt", HARBOUR.replace("“", '"').replace("”", '"').replace(" - ", " — "))
    assert states(pipeline)["straight.txt"] == ("duplicate", None)
    assert pipeline.rows("SELECT sources FROM report.articles") == [(2,)]


def test_a_lightly_edited_copy_joins_the_story_and_its_quotes_the_statements(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    pipeline.drop("edited.txt", HARBOUR + " Ships are sent to the next port meanwhile, which has room for them.")
    assert pipeline.rows("SELECT count(*), count(DISTINCT story_id) FROM report.articles") == [(2, 1)]
    counts = pipeline.rows("SELECT DISTINCT quotes FROM report.statements WHERE speaker = 'Paulo Reis'")
    assert counts == [(2,)]


def test_new_bytes_at_the_same_path_replace_the_old_article_in_the_reports(pipeline: Pipeline) -> None:
    pipeline.drop("news.txt", HARBOUR)
    pipeline.drop("news.txt", ORCHARD)
    assert pipeline.rows("SELECT DISTINCT speaker FROM report.quotes WHERE speaker IS NOT NULL") == [("Ilse Brandt",)]
    assert pipeline.rows("SELECT state, current FROM files ORDER BY id") == [("stored", False), ("stored", True)]


def test_old_bytes_that_come_back_are_current_again(pipeline: Pipeline) -> None:
    pipeline.drop("news.txt", HARBOUR)
    pipeline.drop("news.txt", ORCHARD)
    pipeline.drop("news.txt", HARBOUR)
    speakers = {row[0] for row in pipeline.rows("SELECT speaker FROM report.quotes WHERE speaker IS NOT NULL")}
    assert "Paulo Reis" in speakers
    assert "Ilse Brandt" not in speakers
    assert pipeline.rows("SELECT count(*) FROM files") == [(2,)]


def test_a_new_version_leaves_an_article_that_another_file_still_holds(pipeline: Pipeline) -> None:
    pipeline.drop("news.txt", HARBOUR)
    pipeline.drop("kept.txt", HARBOUR)
    pipeline.drop("news.txt", ORCHARD)
    assert pipeline.rows("SELECT count(*) FROM report.articles") == [(2,)]


def test_a_touched_file_is_not_a_new_file(pipeline: Pipeline) -> None:
    pipeline.drop("news.txt", HARBOUR)
    os.utime(pipeline.inbox / "news.txt", (1, 1))
    pipeline.sight("news.txt")
    pipeline.work()
    assert pipeline.rows("SELECT state, mtime_ns FROM files") == [("stored", 1_000_000_000)]


def test_a_renamed_file_keeps_its_row(pipeline: Pipeline) -> None:
    pipeline.drop("before.txt", HARBOUR)
    (pipeline.inbox / "before.txt").rename(pipeline.inbox / "after.txt")
    pipeline.sight("after.txt")
    pipeline.work()
    assert pipeline.rows("SELECT shown, state FROM files") == [("after.txt", "stored")]


def test_members_of_one_file_end_each_on_their_own(pipeline: Pipeline) -> None:
    lines = [
        json.dumps({"title": "Harbour", "text": HARBOUR}),
        '{"title": "broken"',
        json.dumps({"title": "Orchard", "text": ORCHARD}),
        json.dumps({"title": "Harbour", "text": HARBOUR}),
    ]
    pipeline.drop("dump.jsonl", "\n".join(lines) + "\n")
    assert states(pipeline)["dump.jsonl"] == ("stored", None)
    assert pipeline.rows(
        "SELECT members, members_stored, members_duplicate, members_quarantined FROM report.files"
    ) == [(4, 2, 1, 1)]
    bad = pipeline.rows("SELECT member, reason FROM report.members WHERE state = 'quarantined'")
    assert bad == [("2", "malformed")]


@pytest.mark.parametrize(
    ("name", "content", "state", "reason"),
    [
        ("empty.txt", b"", "quarantined", "empty"),
        ("bom.txt", b"\xef\xbb\xbf", "quarantined", "empty"),
        ("program.txt", b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)) * 8, "quarantined", "binary_content"),
        ("nul.txt", HARBOUR.encode().replace(b"cranes", b"cra\x00nes"), "quarantined", "binary_content"),
        ("table.xyz", b"\x00\x01\x02 some unknown thing", "ignored", "unsupported_type"),
        ("broken.json", b'{"title": "x", "text": ', "quarantined", "malformed"),
        ("deep.json", b"[" * 200_000, "quarantined", "malformed"),
        ("not-an-article.json", b'{"colour": "red"}', "ignored", "no_article"),
    ],
)
def test_bad_input_gets_a_reason_and_its_neighbour_is_stored(
    pipeline: Pipeline, name: str, content: bytes, state: str, reason: str
) -> None:
    (pipeline.inbox / name).write_bytes(content)
    pipeline.sight(name)
    pipeline.drop("neighbour.txt", ORCHARD)
    assert states(pipeline) == {name: (state, reason), "neighbour.txt": ("stored", None)}
    message = pipeline.rows("SELECT message FROM files WHERE shown = :name", name=name)[0][0]
    assert message
    assert message.endswith((".", "`"))


def test_a_file_that_vanished_is_ignored(pipeline: Pipeline) -> None:
    path = pipeline.inbox / "gone.txt"
    path.write_text(HARBOUR)
    pipeline.sight("gone.txt")
    path.unlink()
    pipeline.work()
    assert states(pipeline) == {"gone.txt": ("ignored", "vanished")}


def test_links_and_pipes_are_never_opened(pipeline: Pipeline, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(HARBOUR)
    (pipeline.inbox / "link.txt").symlink_to(secret)
    os.mkfifo(pipeline.inbox / "pipe.txt")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.txt").write_text(HARBOUR)
    (pipeline.inbox / "folder").symlink_to(tmp_path / "outside")
    pipeline.sight("link.txt", "pipe.txt", "folder/a.txt")
    pipeline.work()
    assert states(pipeline) == {
        "link.txt": ("ignored", "symlink"),
        "pipe.txt": ("ignored", "not_regular"),
        "folder/a.txt": ("ignored", "symlink"),
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_says_what_to_do(pipeline: Pipeline) -> None:
    path = pipeline.inbox / "closed.txt"
    path.write_text(HARBOUR)
    path.chmod(0)
    pipeline.sight("closed.txt")
    pipeline.work()
    assert states(pipeline) == {"closed.txt": ("quarantined", "unreadable")}


EDITOR = {"who": "an editor", "reason": "asked for"}


@pytest.mark.parametrize("name", ["harbour.txt", "elsewhere.txt"])
def test_a_forgotten_article_stays_away_until_the_decision_is_undone(pipeline: Pipeline, name: str) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    [(article,)] = pipeline.rows("SELECT article_id FROM report.articles")
    done = decide(pipeline.engine, lambda connection: forgetting.forget_article(connection, article, **EDITOR))
    forgetting.remove(pipeline.engine)
    pipeline.drop(name, HARBOUR)
    pipeline.drop("same-text.txt", HARBOUR + "\n")
    assert pipeline.rows("SELECT count(*) FROM report.articles") == [(0,)]
    assert states(pipeline)[name] == ("ignored", "forgotten")
    assert states(pipeline)["same-text.txt"] == ("ignored", "forgotten")
    with pipeline.engine.begin() as connection:
        speaker_decisions.undo(connection, done, **EDITOR)
    os.utime(pipeline.inbox / name, (5, 5))
    pipeline.sight(name)
    pipeline.work()
    pipeline.work()
    assert pipeline.rows("SELECT count(*) FROM report.articles") == [(1,)]
    assert states(pipeline)["harbour.txt"] == ("stored", None)


@pytest.mark.parametrize("how", ["touched", "renamed", "copied"])
def test_a_file_refused_as_a_whole_keeps_its_reason(pipeline: Pipeline, how: str) -> None:
    unsupported = b"\x00\x01\x02 some unknown thing"
    pipeline.drop("table.xyz", unsupported)
    name = "table.xyz" if how == "touched" else "other.xyz"
    if how == "touched":
        os.utime(pipeline.inbox / name, (7, 7))
    elif how == "renamed":
        (pipeline.inbox / "table.xyz").rename(pipeline.inbox / name)
    else:
        (pipeline.inbox / name).write_bytes(unsupported)
    pipeline.sight(name)
    pipeline.work()
    pipeline.work()
    assert states(pipeline)[name] == ("ignored", "unsupported_type")


def test_a_container_that_was_split_in_part_is_read_again_whole(pipeline: Pipeline) -> None:
    lines = [json.dumps({"title": "Harbour", "text": HARBOUR}), json.dumps({"title": "Orchard", "text": ORCHARD})]
    pipeline.drop("dump.jsonl", "\n".join(lines) + "\n")
    # As if the file's worker had died three times after it had stored the first member.
    with pipeline.engine.begin() as connection:
        connection.execute(text("DELETE FROM file_documents WHERE position = 1"))
        connection.execute(
            text("UPDATE files SET state = 'quarantined', reason = 'crashed', message = 'x', members = 0, strikes = 3")
        )
    (pipeline.inbox / "copy.jsonl").write_bytes((pipeline.inbox / "dump.jsonl").read_bytes())
    os.utime(pipeline.inbox / "dump.jsonl", (7, 7))
    pipeline.sight("dump.jsonl", "copy.jsonl")
    pipeline.work()
    pipeline.work()
    rows = pipeline.rows("SELECT file, state IN ('stored', 'duplicate'), members FROM report.files ORDER BY file")
    assert rows == [("copy.jsonl", True, 2), ("dump.jsonl", True, 2)]
    assert pipeline.rows("SELECT count(*) FROM report.articles") == [(2,)]


def test_the_newest_of_three_quick_versions_is_the_one_in_the_reports(pipeline: Pipeline) -> None:
    third = ORCHARD.replace("apple", "pear").replace("frost", "hail").replace("market", "fair") + " " + HARBOUR[:200]
    pipeline.drop("news.txt", HARBOUR)
    for content in (ORCHARD, third):  # both are read before either article is processed
        (pipeline.inbox / "news.txt").write_text(content)
        pipeline.sight("news.txt")
        pipeline.read()
    for document in reversed(pipeline.rows("SELECT id FROM documents WHERE state = 'waiting' ORDER BY id")):
        process_document(pipeline.engine, pipeline.process_id, document[0], pipeline.parser)
    assert pipeline.rows("SELECT text FROM report.articles") == [(third,)]


def test_a_path_that_was_emptied_for_a_while_has_a_new_version_all_the_same(pipeline: Pipeline) -> None:
    pipeline.drop("news.txt", HARBOUR)
    pipeline.drop("news.txt", "")
    assert pipeline.rows("SELECT text FROM report.articles") == [(HARBOUR,)]
    pipeline.drop("news.txt", ORCHARD)
    assert pipeline.rows("SELECT text FROM report.articles") == [(ORCHARD,)]


def test_the_first_of_two_copies_is_the_one_that_came_first_though_it_was_read_last(pipeline: Pipeline) -> None:
    for name in ("first.txt", "second.txt"):
        (pipeline.inbox / name).write_text(HARBOUR)
    first, second = pipeline.sight("first.txt", "second.txt")
    read_file(pipeline.engine, pipeline.process_id, second, pipeline.parser)
    [(document,)] = pipeline.rows("SELECT id FROM documents WHERE state = 'waiting'")
    process_document(pipeline.engine, pipeline.process_id, document, pipeline.parser)
    read_file(pipeline.engine, pipeline.process_id, first, pipeline.parser)
    rows = pipeline.rows("SELECT file, state, members_stored, duplicate_of FROM report.files ORDER BY file")
    assert rows == [("first.txt", "stored", 1, None), ("second.txt", "duplicate", 0, "first.txt")]


def test_a_feed_that_is_seen_again_settles_itself_alone_however_many_overlap_it(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("one", "two", "three", "four", "five")
    lines = [json.dumps({"title": word, "text": f"{HARBOUR} {word}. {ORCHARD}"}) for word in words]
    for number in range(3):
        pipeline.drop(f"{number}.jsonl", "\n".join(lines[number : number + 3]) + "\n")
    assert pipeline.rows("SELECT state, members_stored FROM files ORDER BY id") == [("stored", n) for n in (3, 1, 1)]
    settled = []
    settle = outcome.settle

    def counted(connection: Connection, file_id: int, **named: bool) -> str | None:
        settled.append(file_id)
        return settle(connection, file_id, **named)

    monkeypatch.setattr(outcome, "settle", counted)
    [(first,)] = pipeline.rows("SELECT min(id) FROM files")
    with pipeline.engine.begin() as connection:
        outcome.settle(connection, first, come_back=True)
    assert settled == [first]


def test_bytes_that_changed_before_a_retry_are_not_mixed_with_the_old_ones(pipeline: Pipeline) -> None:
    pipeline.drop("broken.json", b'{"title": "x", "text": ')
    with pipeline.engine.begin() as connection:
        retrying.retry_files(connection, [row[0] for row in connection.execute(text("SELECT id FROM files"))])
        connection.execute(
            text("UPDATE files SET state = 'waiting', finished_at = NULL, reason = NULL, rung_at = NULL")
        )
    (pipeline.inbox / "broken.json").write_text(json.dumps({"title": "Orchard", "text": ORCHARD}))
    pipeline.read()
    assert pipeline.rows("SELECT state, reason FROM files") == [("ignored", "vanished")]
    pipeline.sight("broken.json")
    pipeline.work()
    assert states(pipeline)["broken.json"] == ("stored", None)


def test_a_file_of_which_a_newer_version_waits_is_not_tried_again(pipeline: Pipeline) -> None:
    (pipeline.inbox / "a.txt").write_text(ORCHARD)
    pipeline.sight("a.txt")
    (pipeline.inbox / "a.txt").unlink()
    pipeline.read()
    assert pipeline.rows("SELECT state, reason, current FROM files") == [("ignored", "vanished", True)]
    (pipeline.inbox / "a.txt").write_text(ORCHARD)
    pipeline.sight("a.txt")
    with pipeline.engine.begin() as connection:
        ids = [row[0] for row in connection.execute(text("SELECT id FROM files"))]
        assert retrying.retry_files(connection, ids) == 0
    pipeline.read()
    pipeline.work()
    assert pipeline.rows("SELECT state FROM files ORDER BY id") == [("ignored",), ("stored",)]
