"""`up` says that it is ready when its processes run, and not before; and what is stored."""

import io
from datetime import datetime

import pytest
from rich.console import Console
from sqlalchemy import Engine, text

from worker.cli.readiness import Readiness, told
from worker.store import processes


def now(engine: Engine) -> datetime:
    with engine.connect() as connection:
        moment: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return moment


def test_it_is_ready_when_the_watcher_a_worker_and_beat_have_started(engine: Engine) -> None:
    processes.register(engine, "beat")  # of an earlier start, which was killed
    printed = io.StringIO()
    readiness = Readiness(engine, Console(file=printed), now(engine))
    for kind in ("watch", "worker"):
        processes.register(engine, kind)
        readiness.look()
    assert printed.getvalue() == ""
    processes.register(engine, "beat")
    readiness.look()
    readiness.look()
    assert printed.getvalue() == "Ready. Drop articles; Ctrl-C stops.\n"


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((0, 0, 0, 0), ""),
        ((1, 3, 0, 0), "1 article with 3 quotations stored."),
        ((2, 1, 4, 1), "2 articles with 1 quotation stored, 4 files to read, 1 article waiting for a worker."),
        ((100_001, 100_001, 0, 0), "more than 100,000 articles with more than 100,000 quotations stored."),
    ],
)
def test_what_is_stored_and_waits_is_told(counts: tuple[int, int, int, int], sentence: str) -> None:
    assert told(*counts) == sentence
