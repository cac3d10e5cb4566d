"""Mixed releases: messages of other releases, an older or a newer schema, a migration while workers run."""

import base64
import json
import pickle
import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.faults.newsroom import Newsroom
from tests.outside import client_of
from worker.store.db import schema

JSON = "application/json"


def put(newsroom: Newsroom, queue: str, raw: bytes) -> None:
    """Put bytes into a queue. Anybody who knows the broker's address can do that."""
    with client_of(newsroom.broker_url) as client:
        client.lpush(queue, raw)


def message(queue: str, task: str | None, body: bytes, content_type: str = JSON, **headers: Any) -> bytes:
    """Return a message in the form of kombu's Redis transport."""
    number = str(uuid.uuid4())
    envelope = {
        "body": base64.b64encode(body).decode(),
        "content-encoding": "utf-8" if content_type == JSON else "binary",
        "content-type": content_type,
        "headers": ({"id": number, "task": task, "lang": "py"} if task else {}) | headers,
        "properties": {
            "correlation_id": number,
            "delivery_tag": number,
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": queue},
            "priority": 0,
            "body_encoding": "base64",
        },
    }
    return json.dumps(envelope).encode()


def called(*arguments: Any, **named: Any) -> bytes:
    """Return the body of a message: the arguments of a task."""
    return json.dumps([arguments, named, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]).encode()


class Trap:
    """An object that writes a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


def strange(newsroom: Newsroom) -> dict[str, tuple[str, bytes]]:
    """Return messages that this release cannot read: for each description, the queue and the bytes."""
    articles, intake = "articles", "intake"
    trap = pickle.dumps([(1,), {}, {}, Trap(newsroom.marks / "unpickled")])
    return {
        "an unknown task": (articles, message(articles, "article.translate", called(1))),
        "an unknown task of intake": (intake, message(intake, "intake.mirror", called(1))),
        "no argument": (articles, message(articles, "article.process", called())),
        "too many arguments": (articles, message(articles, "article.process", called(1, 2))),
        "a name of another release": (intake, message(intake, "intake.read", called(file=1))),
        "a word for a number": (articles, message(articles, "article.process", called("one"))),
        "nothing for a number": (articles, message(articles, "article.process", called(None))),
        "a fraction": (articles, message(articles, "article.process", called(1.5))),
        "a truth": (articles, message(articles, "article.process", called(True))),
        "a list": (intake, message(intake, "intake.read", called([1, 2]))),
        "a negative number": (intake, message(intake, "intake.read", called(-1))),
        "zero": (intake, message(intake, "intake.dispose", called(0))),
        "a number past bigint": (articles, message(articles, "article.process", called(2**80))),
        "a huge message": (articles, message(articles, "article.process", called("x" * 3_000_000))),
        "pickle": (articles, message(articles, "article.process", trap, "application/x-python-serialize")),
        "YAML": (articles, message(articles, "article.process", b"- [1]", "application/x-yaml")),
        "JSON cut short": (articles, message(articles, "article.process", called(1)[:-9])),
        "JSON of another shape": (articles, message(articles, "article.process", b'{"id": 1}')),
        "no id": (articles, message(articles, "article.process", called(1)).replace(b'"id"', b'"no"', 1)),
        "no task": (articles, message(articles, None, called(1))),
        "an empty body": (articles, message(articles, "article.process", b"")),
        "not a message": (articles, b"\x00\xff\xfenot JSON at all"),
        "JSON, but no message": (articles, b"[1, 2, 3]"),
        "an object, but no message": (intake, b'{"id": 7}'),
    }


@pytest.mark.timeout(300)
@pytest.mark.scenario(24, "messages of other releases and of strangers in the queues")
def test_strange_messages_are_refused_in_one_line_each(newsroom: Newsroom) -> None:
    newsroom.open("watch")
    newsroom.drop_all(range(5))
    newsroom.wait(lambda: newsroom.states() == {"waiting": 5}, "they wait for a worker")
    messages = strange(newsroom)
    for what, (queue, raw) in messages.items():
        put(newsroom, queue, raw)
        newsroom.fault(what)
    # well-formed ids, but of no row; and ids of rows with which the task has nothing to do
    for task, queue in (("article.process", "articles"), ("intake.read", "intake"), ("intake.dispose", "intake")):
        put(newsroom, queue, message(queue, task, called(2**62)))
    put(newsroom, "intake", message("intake", "article.process", called(1)))  # in the wrong queue
    put(newsroom, "articles", message("articles", "article.reprocess", called(1)))
    newsroom.open("worker", ONRECORD_RING_AGAIN_SECONDS="2")
    newsroom.drop_all(range(5, 10))
    newsroom.healed()
    newsroom.check(120)
    worker = newsroom.processes["worker"]
    newsroom.wait(lambda: worker.said().count("a message was refused") >= len(messages), "every one is refused", 120)
    said = worker.said()
    lines = [line for line in said.splitlines() if "a message was refused" in line]
    assert len(lines) == len(messages), "\n".join(lines)
    assert all("nothing is lost" in line and len(line) < 600 for line in lines)
    assert "Traceback" not in said
    assert "xxxxxxxxxx" * 20 not in said
    assert not (newsroom.marks / "unpickled").exists()
    assert newsroom.processes["worker"].running
    assert newsroom.strikes() == []


NEXT = '''
"""The migration of a release that is yet to come."""
from alembic import op

revision, down_revision, branch_labels, depends_on = "next", "{newest}", None, None


def upgrade() -> None:
    op.execute("ALTER TABLE articles RENAME COLUMN licence TO terms")
    op.execute("ALTER TABLE processes RENAME TO runners")  # the old release can write no heartbeat any more


def downgrade() -> None:
    op.execute("ALTER TABLE articles RENAME COLUMN terms TO licence")
    op.execute("ALTER TABLE runners RENAME TO processes")
'''


def migrate_to_the_next_release(newsroom: Newsroom) -> None:
    """Do what `onrecord migrate` of the next release does. Old code cannot store articles afterwards."""
    folder = newsroom.marks / "migrations"
    shutil.copytree(schema.migrations_folder(), folder)
    (folder / "versions" / "next.py").write_text(NEXT.format(newest=schema.newest_revision()))
    migrating = newsroom.start("migrate", "migrate", faults="release=migrations")
    newsroom.wait(lambda: not migrating.running, "the next release has migrated")
    assert migrating.status == 0, migrating.said()
    assert migrating.said().strip().endswith("to next.")
    newsroom.fault("a migration by a newer release")


def take_back(newsroom: Newsroom) -> None:
    """Undo the migration to the next release."""
    with newsroom.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE articles RENAME COLUMN terms TO licence")
        connection.exec_driver_sql("ALTER TABLE runners RENAME TO processes")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = %s", (schema.newest_revision(),))


def all_refuse(newsroom: Newsroom, sentence: str, *names: str) -> None:
    """Start processes, and check that each prints a sentence, nothing else, and ends."""
    processes = [newsroom.start(name) for name in names]
    newsroom.wait(lambda: not any(process.running for process in processes), "the processes have ended")
    for process in processes:
        assert process.status == 1, process.said()
        assert sentence in process.said()
        assert "nothing is lost" in process.said()
        assert "Traceback" not in process.said()
        process.log.unlink()


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.scenario(24, "a schema one migration behind, and one ahead")
def test_parts_refuse_a_schema_of_another_release_before_they_work(newsroom: Newsroom) -> None:
    newsroom.drop_all(range(3))
    schema.downgrade(newsroom.engine, "-1")
    newsroom.fault("a schema one migration behind")
    all_refuse(newsroom, "Run `onrecord migrate`", "watch", "worker", "beat")
    migrating = newsroom.start("migrate")
    newsroom.wait(lambda: not migrating.running, "`onrecord migrate` has mended that")
    migrate_to_the_next_release(newsroom)
    all_refuse(newsroom, "Start the newer release here, too", "watch", "worker", "beat", "migrate")
    take_back(newsroom)
    newsroom.healed()
    newsroom.open("watch", "worker")
    newsroom.check()


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.scenario(24, "a migration while workers of the older release are at work")
def test_a_migration_under_running_parts_ends_them_and_costs_nothing(newsroom: Newsroom) -> None:
    held = "article: after parsing"
    newsroom.start("beat")
    newsroom.open("watch", "worker", faults=f"{held}=hang*2")
    newsroom.wait(lambda: "beat" in newsroom.alive(), "beat lives")
    newsroom.drop_all(range(6))
    newsroom.wait(lambda: len(newsroom.met(held)) == 2, "both processes are in the middle of an article")
    migrate_to_the_next_release(newsroom)
    newsroom.let_go()
    old = [newsroom.processes[name] for name in ("watch", "worker", "beat")]
    newsroom.wait(
        lambda: not any(process.running for process in old), "all old processes have ended by themselves", 120
    )
    for process in old:
        assert process.status not in (0, None)
        assert "Traceback" not in process.said(), process.said()
        assert "release" in process.said()
    take_back(newsroom)
    newsroom.open("watch", "worker")
    newsroom.healed()
    newsroom.check(120)
    assert newsroom.strikes() == []
