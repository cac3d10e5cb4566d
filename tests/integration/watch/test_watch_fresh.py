"""A single drop does not wait behind a large one: its doorbell is rung at once, and comes before all others."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from tests.outside import client_of, messages
from worker.settings import settings
from worker.store import ringing
from worker.store.files import ClaimedFile
from worker.store.sightings import Sighting, Stat
from worker.tasks import doorbell
from worker.tasks.app import make_app
from worker.watch.publisher import alone

DROP = text("""
WITH i AS (INSERT INTO inboxes (name, path) VALUES ('a', '/a'::bytea)
           ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id)
INSERT INTO files (inbox_id, path, shown, state)
SELECT i.id, (n || '.txt')::bytea, n || '.txt', 'waiting' FROM i, generate_series(CAST(:first AS int), :last) AS n
RETURNING id
""")


def test_a_single_drop_comes_before_a_large_one(
    engine: Engine, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_DOORBELLS", "20")
    settings.cache_clear()
    app = make_app(broker_url)
    monkeypatch.setattr("worker.tasks.app.app", app)
    with client_of(broker_url) as client:
        with engine.begin() as connection:
            large = connection.execute(DROP, {"first": 1, "last": 30}).scalars().all()
            rung = ringing.ring(connection, "intake")
        assert rung == sorted(large)[:20]
        assert doorbell.send(engine, "intake", rung)
        with engine.begin() as connection:
            [single] = connection.execute(DROP, {"first": 99, "last": 99}).scalars()
            [inbox] = connection.execute(text("SELECT id FROM inboxes")).scalars()
            assert ringing.ring(connection, "intake") == []  # the queue is full
            assert ringing.ring_files(connection, inbox, [b"99.txt", b"1.txt"]) == [single]  # the other is rung already
            assert ringing.ring_newest(connection, "intake", 1) == [max(set(large) - {*rung})]
            many = connection.execute(DROP, {"first": 1_000, "last": 1_000 + ringing.BEYOND}).scalars().all()
            assert (
                ringing.ring_newest(connection, "intake", len(many)) == sorted(many)[3:]
            )  # two are rung beyond already
            assert ringing.ring_files(connection, inbox, [b"1000.txt"]) == []
            connection.execute(text("DELETE FROM files WHERE id = ANY(:many)"), {"many": list(many)})
        assert doorbell.send(engine, "intake", [single], are_fresh=True)
        assert messages(client, "intake") == doorbell.queued(["intake"]) == 21
        with app.connection_for_read() as connected:
            taken = [json.loads(connected.default_channel.basic_get("intake").body)[0][0] for _ in range(21)]
        assert taken == [single, *rung]
    app.close()
    settings.cache_clear()


def test_the_files_of_a_small_folder_do_not_wait_for_those_of_a_large_one() -> None:
    stat = Stat(1, 1, 1, 1)
    large = {b"large/%d" % number: Sighting(b"large/%d" % number, stat) for number in range(600)}
    few = {path: Sighting(path, stat) for path in (b"single.txt", b"small/1.txt", b"small/2.txt")}
    assert alone(few) == [*few]
    assert alone(large) == []
    assert alone(large | few) == [*few]
    assert alone({b"%d/a.txt" % number: Sighting(b"%d/a.txt" % number, stat) for number in range(50)}) == []


@pytest.mark.parametrize(("waited", "is_fresh"), [(0.4, True), (60.0, False)])
def test_a_file_that_has_waited_long_belongs_to_a_large_drop(waited: float, is_fresh: bool) -> None:
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    file = ClaimedFile(1, b"/inbox", b"a.txt", "a.txt", "keep", None, seen, seen + timedelta(seconds=waited))
    assert file.is_fresh is is_fresh
