"""The only article of a file is processed in the task that reads the file, unless workers wait for such articles."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.pipeline.articles import HARBOUR
from tests.integration.pipeline.conftest import Pipeline
from worker.pipeline import document
from worker.reasons import Hindrance
from worker.store import processes
from worker.tasks import doorbell, ledger_tasks, process
from worker.tasks.process import Process

Sent = list[list[int]]


@pytest.fixture
def pool_process(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    """A pool process of a worker that serves both queues."""
    own = Process(pipeline.engine, pipeline.engine, pipeline.parser, pipeline.process_id, "worker")
    monkeypatch.setattr(process, "_current", own)
    monkeypatch.setattr(process, "queues_of_worker", ("intake", "articles"))
    yield own


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """The documents of each sending of messages."""
    sent: Sent = []
    monkeypatch.setattr(doorbell, "send", lambda _engine, _queue, ids, **_: sent.append(ids))
    return sent


def read(pipeline: Pipeline, name: str = "p1.txt", text: str = HARBOUR) -> list[str]:
    """Run the task that reads a file; return the states of the documents."""
    (pipeline.inbox / name).write_text(text)
    (file_id,) = pipeline.sight(name)
    ledger_tasks.read_file(file_id)
    return [state for (state,) in pipeline.rows("SELECT state FROM documents ORDER BY id")]


def test_the_only_article_of_a_file_takes_no_message(pipeline: Pipeline, pool_process: Process, sent: Sent) -> None:
    assert read(pipeline) == ["stored"]
    assert sent == []


def test_two_articles_of_a_file_are_for_any_process(pipeline: Pipeline, pool_process: Process, sent: Sent) -> None:
    assert read(pipeline, "two.jsonl", '{"text": "The quay was opened."}\n{"text": "The mill was shut."}\n') == [
        "waiting",
        "waiting",
    ]
    assert list(map(len, sent)) == [2]


def test_a_worker_that_only_reads_files_sends_a_message(
    pipeline: Pipeline, pool_process: Process, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "queues_of_worker", ("intake",))
    assert read(pipeline) == ["waiting"]
    assert list(map(len, sent)) == [1]


def test_workers_that_read_no_files_get_their_share(pipeline: Pipeline, pool_process: Process, sent: Sent) -> None:
    processes.register(pipeline.engine, "worker", ["intake", "articles"])
    processes.register(pipeline.engine, "backfill", ["backfill"])
    other = processes.register(pipeline.engine, "worker", ["articles", "backfill"])
    assert read(pipeline) == ["waiting"]
    assert list(map(len, sent)) == [1]
    processes.stop(pipeline.engine, other)
    pool_process.helped = (True, 0.0)  # it is time to ask again
    assert read(pipeline, "p2.txt", HARBOUR.replace("harbour", "canal")) == ["waiting", "stored"]


def test_an_outage_that_is_over_is_no_trouble_of_the_article(
    pipeline: Pipeline, pool_process: Process, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles: list[Any] = []
    monkeypatch.setattr(document, "process_document", lambda *_: troubles.append(pool_process.trouble))
    pool_process.trouble = (Hindrance.DATABASE, "waits for the database")
    read(pipeline)
    assert troubles == [None]
