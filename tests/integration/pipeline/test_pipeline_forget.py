"""Forgetting while a file waits, is split, or is stored; and what becomes of its copies."""

import functools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.integration.decisions.at_once import meanwhile
from tests.integration.pipeline.articles import HARBOUR, ORCHARD
from tests.integration.pipeline.conftest import Pipeline
from worker.bounded.parser import BoundedParser
from worker.decisions import forgetting
from worker.decisions import speakers as speaker_decisions
from worker.decisions.deciding import decide
from worker.decisions.forgetting import FileVersion
from worker.decisions.removing import remove_some
from worker.intake import content
from worker.intake.reading import read_file
from worker.parse.article import Member
from worker.pipeline.reconcile import reconcile
from worker.store import files, ledger, members, outcome, retrying
from worker.store.db import decision_lock
from worker.store.files import ClaimedFile
from worker.store.ledger import Lost
from worker.store.queues import INTAKE

WHO = {"who": "ada", "reason": "asked for"}


def mark(pipeline: Pipeline, name: str) -> int:
    """Decide to forget a file, but remove nothing yet."""
    versions = [
        FileVersion(*row) for row in pipeline.rows("SELECT id, sha256 FROM files WHERE shown = :name", name=name)
    ]
    return decide(pipeline.engine, lambda connection: forgetting.forget_file(connection, name, versions, **WHO))


def forget(pipeline: Pipeline, name: str) -> int:
    decision = mark(pipeline, name)
    forgetting.remove(pipeline.engine)
    return decision


def undo(pipeline: Pipeline, decision: int) -> None:
    decide(pipeline.engine, lambda connection: speaker_decisions.undo(connection, decision, **WHO))


def drop_again(pipeline: Pipeline, name: str) -> None:
    """Touch a file, so that it is read again."""
    os.utime(pipeline.inbox / name, (len(name), len(pipeline.rows("SELECT 1 FROM decisions"))))
    pipeline.sight(name)
    pipeline.work()
    pipeline.work()


def file(pipeline: Pipeline, name: str) -> tuple[object, ...]:
    """Return state, reason, members, stored and duplicate members, and whose duplicate a file is."""
    [row] = pipeline.rows(
        "SELECT state, reason, members, members_stored, members_duplicate, duplicate_of FROM report.files"
        " WHERE file = :name",
        name=name,
    )
    return row


def articles(pipeline: Pipeline) -> int:
    return int(pipeline.rows("SELECT count(*) FROM articles")[0][0])


def lines(number: int) -> str:
    return "".join(json.dumps({"title": f"No {n}", "text": f"{n} {HARBOUR} {n}"}) + "\n" for n in range(number))


def test_a_copy_in_other_bytes_becomes_the_stored_one(pipeline: Pipeline) -> None:
    pipeline.drop("p1.txt", HARBOUR)
    pipeline.drop("p2.txt", "\ufeff" + HARBOUR)
    assert file(pipeline, "p2.txt") == ("duplicate", None, 1, 0, 1, "p1.txt")
    decision = forget(pipeline, "p1.txt")
    assert file(pipeline, "p1.txt")[:2] == ("ignored", "forgotten")
    assert file(pipeline, "p2.txt") == ("stored", None, 1, 1, 0, None)
    assert articles(pipeline) == 1
    drop_again(pipeline, "p1.txt")
    assert file(pipeline, "p1.txt")[:2] == ("ignored", "forgotten")
    undo(pipeline, decision)
    drop_again(pipeline, "p1.txt")
    assert file(pipeline, "p1.txt") == ("duplicate", None, 1, 0, 1, "p2.txt")
    assert articles(pipeline) == 1


def test_the_same_bytes_go_from_every_file(pipeline: Pipeline) -> None:
    pipeline.drop("p1.txt", HARBOUR)
    pipeline.drop("p2.txt", HARBOUR)
    decision = forget(pipeline, "p1.txt")
    assert file(pipeline, "p2.txt")[:2] == ("ignored", "forgotten")
    pipeline.drop("p3.txt", HARBOUR)
    assert file(pipeline, "p3.txt")[:2] == ("ignored", "forgotten")
    undo(pipeline, decision)
    drop_again(pipeline, "p3.txt")
    assert articles(pipeline) == 1


def test_what_comes_back_in_a_small_fresh_file_is_rung_for_at_once(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "FRESH_SECONDS", 3600.0)
    pipeline.drop("p1.txt", HARBOUR)
    undo(pipeline, forget(pipeline, "p1.txt"))
    (pipeline.inbox / "p2.txt").write_text(HARBOUR)
    (waiting,) = pipeline.sight("p2.txt")
    taken_in = read_file(pipeline.engine, pipeline.process_id, waiting, pipeline.parser)
    assert taken_in is not None
    assert len(taken_in.documents) == 1
    assert [tuple(taken_in.documents)] == pipeline.rows(
        "SELECT id FROM documents WHERE state = 'waiting' AND rung_at IS NOT NULL"
    )


def test_what_arrives_later_leaves_a_hash_only(pipeline: Pipeline) -> None:
    text = json.dumps({"title": "T", "text": HARBOUR, "publisher": "Krazzock Gazette"})
    pipeline.drop("a.json", text)
    decide(pipeline.engine, lambda connection: forgetting.forget_outlet(connection, "krazzock gazette", **WHO))
    forgetting.remove(pipeline.engine)
    pipeline.drop("b.json", text.replace("harbour", "haven"))
    pipeline.drop("c.json", json.dumps({"title": "T", "text": HARBOUR}))
    assert [file(pipeline, name)[:2] for name in ("b.json", "c.json")] == [("ignored", "forgotten")] * 2
    assert pipeline.rows("SELECT 1 FROM documents WHERE raw IS NOT NULL") == []
    assert pipeline.rows("SELECT 1 FROM outlets") == []


def test_a_file_that_waits_is_kept_out_once_it_is_read(pipeline: Pipeline) -> None:
    (pipeline.inbox / "a.txt").write_text(HARBOUR)
    pipeline.sight("a.txt")
    decision = forget(pipeline, "a.txt")
    pipeline.work()
    assert file(pipeline, "a.txt")[:2] == ("ignored", "forgotten")
    pipeline.drop("b.txt", HARBOUR)
    assert file(pipeline, "b.txt")[:2] == ("ignored", "forgotten")
    pipeline.drop("a.txt", ORCHARD)
    assert articles(pipeline) == 1, "other content at that path is another text"
    undo(pipeline, decision)
    drop_again(pipeline, "b.txt")
    assert articles(pipeline) == 2


def test_a_file_that_is_claimed_while_the_decision_is_made_is_kept_out(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pipeline.inbox / "a.txt").write_text(HARBOUR)
    [row] = pipeline.sight("a.txt")
    ended = ledger.end

    def claimed_first(*arguments: object, **columns: object) -> None:
        """Claim the file, if the decision has not locked it yet."""
        with pipeline.engine.begin() as connection, suppress(OperationalError):
            connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
            ledger.claim(connection, INTAKE, row, pipeline.process_id, ClaimedFile)
        ended(*arguments, **columns)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "end", claimed_first)
        decision = mark(pipeline, "a.txt")
    assert pipeline.rows("SELECT forgotten_by FROM files") == [(decision,)]


def test_undone_while_the_file_is_read_it_is_stored(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    (pipeline.inbox / "a.txt").write_text(HARBOUR)
    [row] = pipeline.sight("a.txt")
    decision = mark(pipeline, "a.txt")
    read = content.read

    @contextmanager
    def undone_meanwhile(*arguments: object, **limits: object) -> Iterator[content.Content]:
        with read(*arguments, **limits) as copy:  # type: ignore[arg-type]
            undo(pipeline, decision)
            yield copy

    monkeypatch.setattr(content, "read", undone_meanwhile)
    read_file(pipeline.engine, pipeline.process_id, row, pipeline.parser)
    assert file(pipeline, "a.txt")[0] == "split"
    assert pipeline.rows("SELECT 1 FROM forgotten") == []


def test_a_version_that_came_after_an_interruption_is_forgotten_by_the_same_command(pipeline: Pipeline) -> None:
    pipeline.drop("a.txt", HARBOUR)
    decision = mark(pipeline, "a.txt")
    pipeline.drop("a.txt", ORCHARD)
    assert mark(pipeline, "a.txt") == decision
    forgetting.remove(pipeline.engine)
    assert articles(pipeline) == 0


class Interrupted:
    """A parser that lets something happen in the middle of a container."""

    def __init__(self, parser: BoundedParser, after: int, happens: Callable[[], None]) -> None:
        self.parser, self.after, self.happens = parser, after, happens

    def split(self, content: BinaryIO, name: str) -> Iterator[Member]:
        for number, member in enumerate(self.parser.split(content, name)):
            if number == self.after:
                self.happens()
            yield member


@pytest.mark.parametrize("after", [0, 3, 5])
def test_nothing_more_of_a_file_is_split(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    monkeypatch.setattr(members, "batches", functools.partial(members.batches, most=2))
    (pipeline.inbox / "dump.jsonl").write_text(lines(6))
    [row] = pipeline.sight("dump.jsonl")
    decisions: list[int] = []

    def happens() -> None:
        decisions.append(mark(pipeline, "dump.jsonl"))

    with pytest.raises(Lost):
        read_file(pipeline.engine, pipeline.process_id, row, Interrupted(pipeline.parser, after, happens))  # type: ignore[arg-type]
    pipeline.work()
    forgetting.remove(pipeline.engine)
    pipeline.work()
    assert articles(pipeline) == 0
    assert pipeline.rows("SELECT 1 FROM documents WHERE raw IS NOT NULL OR article_id IS NOT NULL") == []
    state, reason, counted, *_ = file(pipeline, "dump.jsonl")
    [(places,)] = pipeline.rows("SELECT count(*) FROM file_documents")
    assert (state, reason, counted) == ("ignored", "forgotten", places)
    undo(pipeline, decisions[0])
    drop_again(pipeline, "dump.jsonl")
    assert articles(pipeline) == 6


def test_members_are_counted_while_a_file_is_read(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "batches", functools.partial(members.batches, most=2))
    (pipeline.inbox / "dump.jsonl").write_text(lines(6))
    [row] = pipeline.sight("dump.jsonl")
    seen: list[object] = []

    def happens() -> None:
        seen.append(file(pipeline, "dump.jsonl")[:3])

    read_file(pipeline.engine, pipeline.process_id, row, Interrupted(pipeline.parser, 5, happens))  # type: ignore[arg-type]
    assert seen == [("reading", None, 2)]
    assert file(pipeline, "dump.jsonl")[:3] == ("split", None, 6)


def test_an_article_that_is_being_stored_is_not_stored_any_more(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.drop("p1.txt", HARBOUR)
    pipeline.drop("p2.json", json.dumps({"title": "O", "text": ORCHARD, "publisher": "Krazzock Gazette"}))
    [(article,)] = pipeline.rows("SELECT min(id) FROM articles")
    decide(pipeline.engine, lambda connection: forgetting.forget_article(connection, article, **WHO))
    sharing = decision_lock.sharing

    def outlet_goes_first(*arguments: object) -> object:
        monkeypatch.setattr(decision_lock, "sharing", sharing)
        decide(pipeline.engine, lambda connection: forgetting.forget_outlet(connection, "Krazzock Gazette", **WHO))
        forgetting.remove(pipeline.engine)
        return sharing(*arguments)  # type: ignore[arg-type]

    later = {"title": "N", "text": ORCHARD.replace("apple", "pear"), "publisher": "Krazzock Gazette"}
    (pipeline.inbox / "p3.json").write_text(json.dumps(later))
    pipeline.sight("p3.json")
    pipeline.read()
    monkeypatch.setattr(decision_lock, "sharing", outlet_goes_first)
    pipeline.work()
    assert articles(pipeline) == 0
    assert pipeline.rows("SELECT 1 FROM outlets") == []
    assert file(pipeline, "p3.json")[:2] == ("ignored", "forgotten")


def test_an_outlet_that_was_deleted_meanwhile_is_stored_again(pipeline: Pipeline) -> None:
    one = json.dumps({"title": "O", "text": ORCHARD, "publisher": "Krazzock Gazette"})
    pipeline.drop("a.json", one)
    decision = forget(pipeline, "a.json")
    assert pipeline.rows("SELECT 1 FROM outlets") == []
    undo(pipeline, decision)
    pipeline.drop("b.json", json.dumps({"title": "N", "text": HARBOUR, "publisher": "Krazzock Gazette"}))
    assert pipeline.rows("SELECT outlet FROM report.articles") == [("Krazzock Gazette",)]


def test_looking_again_passes_an_article_that_was_forgotten(pipeline: Pipeline) -> None:
    pipeline.drop("p1.txt", HARBOUR)
    pipeline.drop("p2.txt", ORCHARD)
    forget(pipeline, "p1.txt")
    assert decision_lock.sharing(pipeline.engine, reconcile) == 1
    outcome.settle_all(pipeline.engine)
    assert pipeline.rows("SELECT count(*) FROM articles WHERE NOT reconciled") == [(0,)]


def test_a_forgotten_file_that_had_vanished_is_published_once(pipeline: Pipeline) -> None:
    """A row that ended as vanished says nothing about its path; so as such it was published again by every scan."""
    broken = b'{"title": "x", "text": '
    pipeline.drop("broken.json", broken)
    with pipeline.engine.begin() as connection:
        retrying.retry_files(connection, [row[0] for row in connection.execute(text("SELECT id FROM files"))])
    (pipeline.inbox / "broken.json").unlink()
    pipeline.read()
    assert file(pipeline, "broken.json")[:2] == ("ignored", "vanished")
    forget(pipeline, "broken.json")
    pipeline.drop("broken.json", broken)
    pipeline.read()
    assert file(pipeline, "broken.json")[:2] == ("ignored", "forgotten")
    assert pipeline.sight("broken.json") == []


@pytest.mark.parametrize("reopened", [False, True])
def test_a_file_that_is_settled_while_its_article_is_removed_does_not_count_it(
    pipeline: Pipeline, reopened: bool
) -> None:
    """An interrupted removal leaves its files to be settled, and sweeps settle them while the removal goes on."""
    pipeline.drop("p1.txt", HARBOUR)
    [(article,)] = pipeline.rows("SELECT id FROM articles")
    [(file_id,)] = pipeline.rows("SELECT id FROM files")
    if reopened:
        with pipeline.engine.begin() as connection:
            outcome.reopen(connection, [file_id])
    decision = decide(pipeline.engine, lambda connection: forgetting.forget_article(connection, article, **WHO))

    def settle() -> None:
        with pipeline.engine.begin() as connection:
            outcome.settle(connection, file_id)

    with meanwhile(pipeline.engine, decide, lambda connection: remove_some(connection, decision, 10), settle):
        pass
    forgetting.remove(pipeline.engine)
    assert file(pipeline, "p1.txt")[:4] == ("ignored", "forgotten", 1, 0)


def test_what_refers_to_a_file_does_not_wait_while_the_file_is_settled(pipeline: Pipeline) -> None:
    pipeline.drop("p1.txt", HARBOUR)
    pipeline.drop("p2.txt", ORCHARD)
    one, two = (row[0] for row in pipeline.rows("SELECT id FROM files ORDER BY id"))
    with pipeline.engine.begin() as settling, pipeline.engine.begin() as referring:
        outcome.settle(settling, one)
        referring.execute(text("SET LOCAL lock_timeout = '1s'"))
        referring.execute(text("UPDATE files SET replaces = :one WHERE id = :two"), {"one": one, "two": two})
