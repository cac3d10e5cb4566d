"""Archiving and deleting after storing: of stored files only, only if they have not changed, and repeatable."""

import json
import os
import runpy
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.integration.pipeline.articles import HARBOUR, ORCHARD
from tests.integration.pipeline.conftest import Pipeline
from tests.unit.parse.reading_files import zipped
from worker.intake.disposal import PRIVATE, dispose
from worker.pipeline.document import process_document
from worker.store import disposals


def carry_out(pipeline: Pipeline, archive: Path | None) -> list[bool]:
    """Dispose of every file that is due, as the task does; return for each file whether it was done."""
    done = []
    for file_id in disposals.due(pipeline.engine, 100):
        with pipeline.engine.begin() as connection:
            due = disposals.lock(connection, file_id)
            assert due is not None
            outcome = dispose(due.inbox, due.path, due.sha256, file_id, archive)
            if outcome.done:
                disposals.done(connection, file_id)
            else:
                disposals.failed(connection, file_id, outcome.reason, outcome.message)
            done.append(outcome.done)
    return done


def test_a_stored_file_is_archived_under_its_own_path(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.drop("a/b/harbour.txt", HARBOUR, after="archive")
    assert carry_out(pipeline, tmp_path / "archive") == [True]
    assert (tmp_path / "archive/a/b/harbour.txt").read_text() == HARBOUR
    assert [path.name for path in pipeline.inbox.rglob("*") if path.is_file()] == []
    assert carry_out(pipeline, tmp_path / "archive") == []


def test_a_container_leaves_with_the_last_of_its_documents(pipeline: Pipeline) -> None:
    lines = [json.dumps({"title": word, "text": f"{word} {HARBOUR}"}) for word in ("One", "Two", "Three")]
    (pipeline.inbox / "dump.jsonl").write_text("\n".join(lines) + "\n")
    [file_id] = pipeline.sight("dump.jsonl", after="delete")
    pipeline.read()
    leaving = []
    for (document,) in pipeline.rows("SELECT id FROM documents ORDER BY id"):
        ended = process_document(pipeline.engine, pipeline.process_id, document, pipeline.parser)
        assert ended is not None
        leaving.append(ended.leaving)
    assert leaving == [[], [], [file_id]]


def test_a_zip_with_a_picture_leaves_and_one_with_a_damaged_member_stays(pipeline: Pipeline) -> None:
    picture = {"story.txt": HARBOUR.encode(), "photo.jpg": b"\xff\xd8\xff\xe0 and so on \0"}
    damaged = {"other.txt": ORCHARD.encode(), "empty.txt": b""}
    only_pictures = {"photo.jpg": b"\xff\xd8\xff\xe0 of nothing else \0", "style.css": b"p { color: red }"}
    pipeline.drop("picture.zip", zipped(picture), after="delete")
    pipeline.drop("damaged.zip", zipped(damaged), after="delete")
    pipeline.drop("pictures.zip", zipped(only_pictures), after="delete")
    assert pipeline.rows("SELECT file, state, members, members_quarantined FROM report.files ORDER BY file") == [
        ("damaged.zip", "stored", 2, 1),
        ("picture.zip", "stored", 2, 0),
        ("pictures.zip", "ignored", 2, 0),
    ]
    refused = "SELECT member, state, reason FROM report.members WHERE reason IS NOT NULL ORDER BY file, position"
    assert pipeline.rows(refused) == [
        ("empty.txt", "quarantined", "empty"),
        ("photo.jpg", "ignored", "unsupported_type"),
        ("photo.jpg", "ignored", "unsupported_type"),
        ("style.css", "ignored", "unsupported_type"),
    ]
    assert carry_out(pipeline, None) == [True]
    assert sorted(path.name for path in pipeline.inbox.iterdir()) == ["damaged.zip", "pictures.zip"]


def test_zips_of_an_older_release_are_counted_again(pipeline: Pipeline) -> None:
    migration = runpy.run_path(str(Path(__file__).parents[3] / "migrations/versions/0015_ignored_members.py"))
    pipeline.drop("picture.zip", zipped({"story.txt": HARBOUR.encode(), "photo.jpg": b"\xff\xd8\xff \0"}))
    pipeline.drop("pictures.zip", zipped({"photo.jpg": b"\xff\xd8\xff\xe0 \0", "style.css": b"p { color: red }"}))
    pipeline.drop("mixed.zip", zipped({"photo.jpg": b"\xff\xd8\xff\xe0 \0", "page.txt": b""}))
    count_again = migration["COUNT_AGAIN"].format(
        ignored=migration["IGNORED"], refused=f"fd.reason NOT IN {migration['IGNORED']}"
    )
    with pipeline.engine.begin() as connection:
        connection.execute(text("UPDATE files SET members_quarantined = members - members_stored, message = 'x'"))
        connection.execute(text("UPDATE files SET state = 'quarantined' WHERE state = 'ignored'"))
        connection.execute(text(count_again))
        connection.execute(text(migration["NOTHING_QUARANTINED"].format(ignored=migration["IGNORED"])))
    rows = pipeline.rows("SELECT shown, state, reason, members_quarantined, message IS NULL FROM files ORDER BY id")
    assert rows == [
        ("picture.zip", "stored", None, 0, True),
        ("pictures.zip", "ignored", "unsupported_type", 0, False),
        ("mixed.zip", "quarantined", "empty", 1, False),
    ]


def test_a_duplicate_is_deleted_too_and_a_quarantined_file_never(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR, after="delete")
    pipeline.drop("copy.txt", HARBOUR, after="delete")
    pipeline.drop("empty.txt", b"", after="delete")
    assert carry_out(pipeline, None) == [True, True]
    assert [path.name for path in pipeline.inbox.iterdir()] == ["empty.txt"]


def test_a_file_that_changed_is_left_alone(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR, after="delete")
    (pipeline.inbox / "harbour.txt").write_text(ORCHARD)
    assert carry_out(pipeline, None) == [False]
    assert (pipeline.inbox / "harbour.txt").read_text() == ORCHARD
    assert [path.name for path in pipeline.inbox.iterdir()] == ["harbour.txt"]


def test_a_crash_after_the_rename_is_carried_on_from(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.drop("harbour.txt", HARBOUR, after="archive")
    [file_id] = disposals.due(pipeline.engine, 1)
    (pipeline.inbox / "harbour.txt").rename(pipeline.inbox / (PRIVATE.decode() + str(file_id)))
    assert carry_out(pipeline, tmp_path / "archive") == [True]
    assert (tmp_path / "archive/harbour.txt").read_text() == HARBOUR
    assert list(pipeline.inbox.iterdir()) == []


def test_a_crash_after_the_copy_leaves_one_copy(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.drop("harbour.txt", HARBOUR, after="archive")
    [file_id] = disposals.due(pipeline.engine, 1)
    (pipeline.inbox / "harbour.txt").rename(pipeline.inbox / (PRIVATE.decode() + str(file_id)))
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive/harbour.txt").write_text(HARBOUR)
    assert carry_out(pipeline, tmp_path / "archive") == [True]
    assert [path.name for path in (tmp_path / "archive").iterdir()] == ["harbour.txt"]


@pytest.mark.parametrize("after", ["archive", "delete"])
def test_a_crash_before_the_move_was_noted_is_noted_now(pipeline: Pipeline, tmp_path: Path, after: str) -> None:
    archive = tmp_path / "archive" if after == "archive" else None
    pipeline.drop("harbour.txt", HARBOUR, after=after)
    [file_id] = disposals.due(pipeline.engine, 1)
    with pipeline.engine.begin() as connection:
        due = disposals.lock(connection, file_id)
    assert due is not None
    assert dispose(due.inbox, due.path, due.sha256, file_id, archive).done
    assert carry_out(pipeline, archive) == [True]
    assert carry_out(pipeline, archive) == []


def test_a_file_that_a_person_took_away_is_not_called_archived(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.drop("harbour.txt", HARBOUR, after="archive")
    (pipeline.inbox / "harbour.txt").unlink()
    assert carry_out(pipeline, tmp_path / "archive") == [False]


def test_two_versions_are_both_kept_in_the_archive(pipeline: Pipeline, tmp_path: Path) -> None:
    for content in (HARBOUR, ORCHARD):
        pipeline.drop("news.txt", content, after="archive")
        assert carry_out(pipeline, tmp_path / "archive") == [True]
    texts = {path.read_text() for path in (tmp_path / "archive").iterdir()}
    assert texts == {HARBOUR, ORCHARD}


def test_a_newer_file_of_the_same_name_is_never_written_over(pipeline: Pipeline) -> None:
    pipeline.drop("news.txt", HARBOUR, after="delete")
    [file_id] = disposals.due(pipeline.engine, 1)
    # The file was changed, and a worker that then died had moved it aside. Meanwhile a newer file was dropped.
    (pipeline.inbox / "news.txt").write_text("changed " + HARBOUR)
    (pipeline.inbox / "news.txt").rename(pipeline.inbox / (PRIVATE.decode() + str(file_id)))
    (pipeline.inbox / "news.txt").write_text(ORCHARD)
    assert carry_out(pipeline, None) == [False]
    assert (pipeline.inbox / "news.txt").read_text() == ORCHARD
    assert (pipeline.inbox / "news.txt.kept-by-onrecord").read_text() == "changed " + HARBOUR


def test_a_hard_link_loses_only_the_name_that_was_dropped(pipeline: Pipeline, tmp_path: Path) -> None:
    original = tmp_path / "mine.txt"
    original.write_text(HARBOUR)
    os.link(original, pipeline.inbox / "linked.txt")
    pipeline.sight("linked.txt", after="delete")
    pipeline.work()
    assert carry_out(pipeline, None) == [True]
    assert original.read_text() == HARBOUR


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_an_archive_that_cannot_be_written_leaves_the_file_in_its_place(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.drop("harbour.txt", HARBOUR, after="archive")
    blocked = tmp_path / "archive"
    blocked.write_text("this is a file, not a folder")
    assert carry_out(pipeline, blocked) == [False]
    assert (pipeline.inbox / "harbour.txt").read_text() == HARBOUR
    [(state, message)] = pipeline.rows("SELECT state, after_message FROM files")
    assert state == "stored"
    assert message
