"""`onrecord up` runs a backfill worker while articles wait to be read again, and no longer."""

import json
import tempfile
import time

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.integration.up.test_up_page import ARTICLE, line_with, running
from tests.stack import Stack
from worker.cli import reading_again
from worker.cli.children import SupervisedProcess
from worker.cli.reading_again import ReadingAgain
from worker.embedded.servers import embedded_servers
from worker.store import reprocessing

pytestmark = pytest.mark.slow

OLDER = """UPDATE extractor_versions SET generation = 0, name = 'older', model_hash = 'older'"""


def kinds(stack: Stack) -> list[str]:
    """Return the kinds of the processes that live."""
    found = json.loads(stack.run("status", "--json").stdout)["processes"]
    return [process["kind"] for process in found if process["alive"]]


def test_a_backfill_worker_comes_when_articles_wait(stack: Stack) -> None:
    (stack.inbox / "wall.txt").write_text(ARTICLE)
    never = "0"  # or beat may make the job before us
    with running(stack, "up", "--inbox", str(stack.inbox), ONRECORD_REPROCESS_HOURS=never) as up:
        line_with(up, "stored")
        assert sorted(kinds(stack)) == ["beat", "watch", "worker"]
        engine = create_engine(embedded_servers(stack.home).database_url)
        with engine.begin() as connection:
            connection.execute(text(OLDER))
        engine.dispose()
        ran = stack.run("reprocess")
        assert (ran.returncode, "1 done" in ran.stdout) == (0, True), ran.stdout + ran.stderr
        assert sorted(kinds(stack)) == ["backfill", "beat", "watch", "worker"]


def test_it_ends_when_none_waits_any_more(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOOK_SECONDS", "FIRST_SECONDS", "REST_SECONDS"):
        monkeypatch.setattr(reading_again, name, 0.0)
    waiting = True
    monkeypatch.setattr(reprocessing, "any_open", lambda _connection: waiting)
    with tempfile.TemporaryFile() as output:
        worker = SupervisedProcess("backfill", ["sql"], output)
        again = ReadingAgain(engine, worker)
        again.look()
        assert worker.process is not None
        first = worker.process
        waiting = False
        time.sleep(0.01)
        again.look()
        assert worker.process is None
        assert first.poll() is not None
        waiting = True
        again.look()
        assert worker.process is not None
        worker.rest()
