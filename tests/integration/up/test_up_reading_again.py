"""`onrecord up` runs a backfill worker while articles wait to be read again, and no longer."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.integration.up.test_up_page import ARTICLE, line_with, running
from tests.stack import Stack
from worker.cli import children, reading_again
from worker.cli.children import SupervisedProcess, stop
from worker.cli.reading_again import ReadingAgain
from worker.embedded.servers import embedded_servers
from worker.store import reprocessing

pytestmark = pytest.mark.slow

OLDER = """UPDATE extractor_versions SET generation = 0, name = 'older', model_hash = 'older'"""


def look_until(again: ReadingAgain, is_so: Callable[[], bool]) -> None:
    """Look until something is so, for at most a minute."""
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        again.look()
        time.sleep(0.05)


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
        look_until(again, lambda: worker.process is None)
        assert first.poll() is not None
        waiting = True
        again.look()
        assert worker.process is not None
        stop([worker])


def test_a_worker_that_does_not_end_is_not_waited_for(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOOK_SECONDS", "FIRST_SECONDS", "REST_SECONDS"):
        monkeypatch.setattr(reading_again, name, 0.0)
    monkeypatch.setattr(reprocessing, "any_open", lambda _connection: False)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
    with tempfile.TemporaryFile() as output:
        worker = SupervisedProcess("backfill", [], output)
        worker.process = subprocess.Popen(
            [sys.executable, "-c", deaf], stdout=subprocess.PIPE, start_new_session=True, bufsize=0
        )
        assert worker.process.stdout is not None
        with worker.process, worker.process.stdout as ready:
            ready.read(1)
            again = ReadingAgain(engine, worker)
            look_until(again, lambda: worker.resting_since is not None)
            again.look()
            assert worker.process is not None
            assert worker.process.poll() is None
            monkeypatch.setattr(children, "PATIENCE", 0.0)
            look_until(again, lambda: worker.process is None)
