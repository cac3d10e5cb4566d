"""Forged messages, and workers that neither work nor end: what ends a consumer ends its process, and it is replaced."""

import json
import signal
from typing import Any

import pytest

from tests.faults.newsroom import Newsroom
from tests.faults.test_faults_releases import called, message, put
from tests.faults.upped import Upped
from worker.tasks.message import HEADERS, PROPERTIES

PARSED = "article: after parsing"
REPLACED = 75.0  # seconds: a minute, and a new start on a machine that is busy
TASK = "article.process"


def forged() -> dict[str, bytes]:
    """Return forged and broken envelopes."""
    sound = message("articles", TASK, called(1))

    def changed(**parts: Any) -> bytes:
        return json.dumps(json.loads(sound) | parts).encode()

    def without(name: str) -> bytes:
        return json.dumps({key: value for key, value in json.loads(sound).items() if key != name}).encode()

    properties = json.loads(sound)["properties"]
    nested = "[" * 100_000
    wrong: dict[str, dict[str, Any]] = {name: {name: ["a", "b"]} for name in HEADERS}
    return {
        **{f"header {name}": message("articles", TASK, called(1), **header) for name, header in wrong.items()},
        **{f"property {name}": changed(properties=properties | {name: ["a", "b"]}) for name in PROPERTIES},
        **{f"{name} missing": without(name) for name in ("body", "headers", "properties", "content-type")},
        **{f"{name} a list": changed(**{name: [1]}) for name in ("body", "headers", "properties", "content-type")},
        "time limit 5": message("articles", TASK, called(1), timelimit=5),
        "time of start": message("articles", TASK, called(1), eta="2999-01-01T00:00:00"),
        "time of end": message("articles", TASK, called(1), expires="2000-01-01T00:00:00"),
        "nested": nested.encode(),
        "nested header": sound.replace(b'"lang": "py"', b'"lang": ' + (nested + "]" * 100_000).encode()),
        "nested, not too long": ("[" * 15_000).encode(),
        "nested body": message("articles", TASK, b"[" * 8_000),
        "not UTF-8": sound.replace(b"article.process", b"article.\xff\xfe"),
        "half a surrogate": sound.replace(b"article.process", b"article.\\ud800"),
        "huge": message("articles", "x" * 5_000_000, called(1)),
        "a huge number": message("articles", TASK, b"[[" + b"9" * 9_000 + b"], {}, {}]"),
        "no number": message("articles", TASK, b"[[NaN], {}, {}]"),
        "empty": b"",
        "a task afterwards": message("articles", TASK, json.dumps([[1], {}, {"callbacks": [{"task": TASK}]}]).encode()),
        "a coloured task": message("articles", "\x1b[31mred\n2026-01-01 forged line", called(1)),
    }


@pytest.mark.timeout(300)
@pytest.mark.scenario(51, "forged and broken envelopes while tasks run")
def test_forged_messages_are_refused_in_one_line_each(newsroom: Newsroom) -> None:
    newsroom.open(faults=f"{PARSED}=hang*2")
    newsroom.drop_all(range(2))
    newsroom.wait(lambda: len(newsroom.met(PARSED)) == 2, "tasks run in both pool processes")
    messages = forged()
    for raw in messages.values():
        put(newsroom, "articles", raw)
    newsroom.fault("forged message", len(messages))
    worker = newsroom.processes["worker"]
    newsroom.wait(lambda: worker.said().count("a message was refused") >= len(messages), "every one is refused")
    newsroom.let_go()
    newsroom.drop_all(range(2, 6))
    newsroom.healed()
    newsroom.check()
    lines = [line for line in worker.said().splitlines() if "a message was refused" in line]
    assert len(lines) == len(messages), "\n".join(lines)
    assert all(len(line) < 600 and line.isascii() and line.isprintable() for line in lines)
    assert "Traceback" not in worker.said()
    assert "forged line" not in [line[:40] for line in worker.said().splitlines()]
    assert worker.running
    assert newsroom.strikes() == []


@pytest.mark.timeout(300)
@pytest.mark.scenario(52, "a consumer fails while tasks run")
@pytest.mark.long
def test_whatever_ends_a_consumer_ends_its_process(newsroom: Newsroom) -> None:
    newsroom.open("watch")
    newsroom.open(
        "worker", faults=f"{PARSED}=hang*2; worker: a message comes=raise*1@", ONRECORD_RING_AGAIN_SECONDS="5"
    )
    worker = newsroom.processes["worker"]
    newsroom.fault("consumer fails")
    newsroom.drop_all(range(5))
    newsroom.wait(lambda: not worker.running, "the worker has ended", 20)
    assert worker.status == 1
    assert worker.said().count("the worker takes no more messages") == 1
    newsroom.let_go()
    newsroom.start("worker 2", "worker")  # a supervisor would do that
    newsroom.healed()
    newsroom.check()
    assert newsroom.strikes() == []


def read_again(newsroom: Upped) -> None:
    """Let all stored articles wait to be read again, as if an older extractor had read them."""
    with newsroom.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE extractor_versions SET generation = generation - 1")
    command = newsroom.start("reprocess", "reprocess", "--detach")
    newsroom.wait(lambda: not command.running, "the articles wait to be read again")
    assert command.status == 0, command.said()


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.scenario(53, "a worker that neither works nor ends, under `up`")
def test_up_replaces_a_worker_that_neither_works_nor_ends(upped: Upped) -> None:
    up = upped.up()
    upped.drop_all(range(3))
    upped.wait(upped.at_rest, "all is at rest")
    read_again(upped)
    upped.wait(lambda: "backfill" in upped.alive(), "a backfill worker is started")
    below = upped.below()
    [worker], [backfill] = below["worker"], below["backfill"]
    for process in [worker, *worker.children(recursive=True), backfill]:
        process.send_signal(signal.SIGSTOP)
    upped.fault("whole worker stopped")
    upped.fault("first process of backfill stopped")
    read_again(upped)
    upped.drop_all(range(3, 6))
    upped.healed()
    upped.check(REPLACED)
    upped.wait(lambda: backfill not in upped.below().get("backfill", [backfill]), "backfill is replaced, too", REPLACED)
    assert up.running
