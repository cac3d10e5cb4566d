"""`/metrics` and `/health`: the numbers are right, and not everybody may read them."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from tests.integration.checks.world import build
from tests.web.served import Served, served
from worker.cli.web import monitor_of
from worker.settings import settings
from worker.store import processes
from worker.store.db.engine import make_engine
from worker.web import monitor
from worker.web.address import LOCAL_NAMES
from worker.web.monitor import Spared
from worker.web.passwords import hashed

ADD_FILES = """
INSERT INTO files (inbox_id, path, shown, state, reason, finished_at)
SELECT i.id, convert_to(file, 'UTF8'), file, state, reason, CASE WHEN state <> 'waiting' THEN now() END
FROM inboxes i, (VALUES ('a', 'waiting', NULL), ('b', 'waiting', NULL), ('c', 'quarantined', 'crashed'))
    AS new (file, state, reason)
"""


@pytest.fixture
def guarded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The page with a password, which everybody may read, and a token for programs."""
    monkeypatch.setenv("ONRECORD_MONITOR_TOKEN", "let-me-look")
    monkeypatch.setattr(monitor, "REST", 0.0)
    settings.cache_clear()
    url = engine.url.render_as_string(hide_password=False)
    with served(
        url,
        password=hashed("a long password"),
        is_open=True,
        names=LOCAL_NAMES | {"quotes.example"},
        monitor=monitor_of(engine, settings()),
    ) as running:
        yield running
    settings.cache_clear()


def numbers(page: Served) -> dict[tuple[str, ...], float]:
    """Return what `/metrics` answers: a value for each name and the values of its labels, in the labels' order."""
    answered = page.ask("/metrics")
    assert answered.status == 200, answered.body
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answered.body.decode())
        for sample in family.samples
    }


def test_the_numbers_are_those_of_the_tables(guarded: Served, engine: Engine) -> None:
    build(engine)
    answered = guarded.ask("/health")
    assert (answered.status, json.loads(answered.body)["said"]) == (
        503,
        "Nothing is running. Start it with `onrecord up`.",
    )
    for kind in ("watch", "worker", "beat"):
        processes.register(engine, kind)
    with engine.begin() as connection:
        connection.execute(text(ADD_FILES))
        connection.execute(text("UPDATE processes SET last_finished = now()"))
    assert json.loads(guarded.ask("/health").body) == {"healthy": True, "said": "Everything runs.", "problems": []}
    said = numbers(guarded)
    assert said["onrecord_waiting_rows", "intake"] == 2
    assert said["onrecord_files", "crashed", "quarantined"] == 1
    assert said["onrecord_files", "", "stored"] == 3
    assert said["onrecord_processes", "worker"] == 1
    assert said["onrecord_processes", "backfill"] == 0
    assert said["onrecord_oldest_waiting_seconds", "intake"] >= 0
    assert said["onrecord_last_hour_articles",] == 3
    assert said["onrecord_change_marks",] > 0
    assert ("onrecord_last_scan_timestamp_seconds",) in said
    assert said["onrecord_stage_articles", "extract"] == 3
    with engine.connect() as connection:
        words = connection.execute(text("SELECT name FROM speakers")).scalars().all()
    assert not [word for word in words if word in str(said)], "no name is in the labels"


@pytest.mark.parametrize("path", ["/metrics", "/health"])
def test_not_everybody_may_read_them(guarded: Served, path: str) -> None:
    ours = guarded.ask(path).status
    assert ours in (200, 503), "programs on this machine need nothing"
    refused = guarded.ask(path, X_Forwarded_For="192.0.2.7")
    assert (refused.status, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert guarded.ask(path, Host="quotes.example").status == 401
    assert guarded.ask(path, Host="quotes.example", Authorization="Bearer let-me-in").status == 401
    assert guarded.ask(path, Host="quotes.example", Authorization="Bearer let-me-look").status == ours
    assert guarded.ask(path, Host="evil.example").status == 400


def test_a_database_that_does_not_answer_is_said(database_url: str) -> None:
    gone = make_engine(database_url.replace("/onrecord_test_", "/onrecord_gone_"), impatient=5)
    with served(database_url, monitor=monitor_of(gone, settings())) as page:
        assert page.ask("/metrics").status == 503
        answered = page.ask("/health")
    gone.dispose()
    assert (answered.status, json.loads(answered.body)["healthy"]) == (503, False)


def test_asking_often_costs_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor, "REST", 1e6)
    asked: list[str] = []

    def answer() -> str:
        asked.append("once")
        time.sleep(0.05)
        return "all is well"

    spared = Spared(answer)
    with ThreadPoolExecutor(4) as people:
        assert {*people.map(lambda _: spared(), range(8))} == {"all is well"}
    assert asked == ["once"]

    def fail() -> str:
        asked.append("failed")
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    failing = Spared(fail)
    for _ in range(3):
        with pytest.raises(OperationalError):
            failing()
    assert asked == ["once", "failed"]
    monkeypatch.setattr(monitor, "REST", 0.0)
    soon = Spared(answer)
    assert soon() == soon()
    assert asked[2:] == ["once", "once"], "a quick answer is asked for again"
