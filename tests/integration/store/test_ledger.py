"""Claims, fences, strikes and the sweep."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

import worker
from worker.settings import settings
from worker.store import inboxes, ledger, processes, ringing, sightings, sweeping
from worker.store.files import ClaimedFile, FileClaim
from worker.store.ledger import Lost
from worker.store.queues import INTAKE


@pytest.fixture
def worker_id(engine: Engine) -> int:
    """A living worker."""
    return processes.register(engine, "worker")


@pytest.fixture
def files(engine: Engine) -> list[int]:
    """Three waiting files."""
    with engine.begin() as connection:
        inbox = inboxes.register(connection, "inbox", b"/inbox")
        seen = [sightings.Sighting(f"{n}.txt".encode(), sightings.Stat(1, 1, 1, n)) for n in range(3)]
        sightings.publish(connection, inbox, seen, "keep")
        return list(connection.execute(text("SELECT id FROM files ORDER BY id")).scalars())


@pytest.fixture
def few_doorbells(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Allow at most two outstanding doorbells."""
    monkeypatch.setenv("ONRECORD_DOORBELLS", "2")
    settings.cache_clear()
    yield
    settings.cache_clear()


def claim(engine: Engine, row_id: int, process_id: int) -> FileClaim | None:
    with engine.begin() as connection:
        return ledger.claim(connection, INTAKE, row_id, process_id, ClaimedFile)


def row(engine: Engine, query: str) -> tuple:  # type: ignore[type-arg]
    with engine.connect() as connection:
        return tuple(connection.execute(text(query)).one())


def execute(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def sweep(engine: Engine) -> dict[str, int]:
    with engine.begin() as connection:
        return sweeping.sweep(connection)


def test_a_row_is_claimed_once(engine: Engine, files: list[int], worker_id: int) -> None:
    first = claim(engine, files[0], worker_id)
    assert first is not None
    assert first.row.shown == "0.txt"
    assert claim(engine, files[0], worker_id) is None


def test_at_most_so_many_doorbells_are_outstanding(engine: Engine, files: list[int], few_doorbells: None) -> None:
    with engine.begin() as connection:
        assert ringing.ring(connection, "intake") == files[:2]
        assert ringing.ring(connection, "intake") == []
    with engine.begin() as connection:
        ringing.unring(connection, "intake", files[:1])
        assert ringing.ring(connection, "intake") == files[:1]


def test_a_claim_makes_room_for_the_next_doorbell(
    engine: Engine, files: list[int], worker_id: int, few_doorbells: None
) -> None:
    with engine.begin() as connection:
        ringing.ring(connection, "intake")
    claim(engine, files[0], worker_id)
    with engine.begin() as connection:
        assert ringing.ring(connection, "intake") == files[2:]


def test_an_expired_lease_costs_a_strike_and_the_late_write_is_refused(
    engine: Engine, files: list[int], worker_id: int
) -> None:
    held = claim(engine, files[0], worker_id)
    assert held is not None
    execute(engine, "UPDATE files SET lease_until = now() - interval '1 second' WHERE state = 'reading'")
    assert sweep(engine) == {"intake_expired": 1}
    assert row(engine, f"SELECT state, strikes FROM files WHERE id = {files[0]}") == ("waiting", 1)
    with engine.begin() as connection, pytest.raises(Lost):
        ledger.fence(connection, held)
    again = claim(engine, files[0], worker_id)
    assert again is not None
    assert again.attempt > held.attempt
    with engine.begin() as connection, pytest.raises(Lost):
        ledger.fence(connection, held)


def test_the_claims_of_a_process_that_is_not_seen_end(engine: Engine, files: list[int], worker_id: int) -> None:
    claim(engine, files[0], worker_id)
    assert sweep(engine) == {}
    execute(engine, "UPDATE processes SET last_seen = now() - interval '11 seconds'")
    assert sweep(engine) == {"buried": 1, "intake_expired": 1}


def test_a_death_rings_again_for_the_messages_of_the_dead(engine: Engine, files: list[int], worker_id: int) -> None:
    with engine.begin() as connection:
        ringing.ring(connection, "intake")
    execute(engine, "UPDATE processes SET last_seen = now() - interval '11 seconds'")
    assert sweep(engine) == {"buried": 1, "intake_again": 3}
    with engine.begin() as connection:
        assert ringing.ring(connection, "intake") == files


def test_a_claim_from_before_the_databases_start_costs_no_strike(
    engine: Engine, files: list[int], worker_id: int
) -> None:
    claim(engine, files[0], worker_id)
    execute(engine, "UPDATE files SET claimed_at = pg_postmaster_start_time() - interval '1 s', lease_until = now()")
    sweep(engine)
    assert row(engine, f"SELECT state, strikes FROM files WHERE id = {files[0]}") == ("waiting", 0)


def test_three_strikes_quarantine_with_a_message(engine: Engine, files: list[int], worker_id: int) -> None:
    for _ in range(3):
        assert claim(engine, files[0], worker_id) is not None
        execute(engine, "UPDATE files SET lease_until = now() - interval '1 second' WHERE state = 'reading'")
        sweep(engine)
    state, reason, message = row(engine, f"SELECT state, reason, message FROM files WHERE id = {files[0]}")
    assert (state, reason) == ("quarantined", "crashed")
    assert "onrecord retry" in message


def test_a_released_claim_costs_nothing(engine: Engine, files: list[int], worker_id: int) -> None:
    held = claim(engine, files[0], worker_id)
    assert held is not None
    with engine.begin() as connection:
        ledger.give_back(connection, INTAKE, files[0], worker_id)
    assert row(engine, f"SELECT state, strikes, attempt FROM files WHERE id = {files[0]}") == ("waiting", 0, 1)


def test_a_row_rung_long_ago_is_rung_again(engine: Engine, files: list[int]) -> None:
    with engine.begin() as connection:
        ringing.ring(connection, "intake")
    assert sweep(engine) == {}
    execute(engine, "UPDATE files SET rung_at = now() - interval '61 seconds'")
    assert sweep(engine) == {"intake_again": 3}


def test_a_process_that_comes_back_from_the_dead_is_alive_again(engine: Engine, worker_id: int) -> None:
    execute(engine, "UPDATE processes SET last_seen = now() - interval '11 seconds'")
    sweep(engine)
    assert not processes.alive(engine, "worker")
    processes.heartbeat(engine, worker_id)
    assert processes.alive(engine, "worker")


def test_only_the_ledger_ends_claims() -> None:
    ends = re.compile(r"claimed_by\s*=\s*(NULL|None)|\"claimed_by\": None")
    modules = [path for path in Path(worker.__file__).parent.rglob("*.py") if ends.search(path.read_text())]
    assert [path.name for path in modules] == ["ledger.py"]


@pytest.mark.parametrize("state", ["waiting", "split", "quarantined"])
def test_an_ended_claim_leaves_nothing_behind(engine: Engine, files: list[int], worker_id: int, state: str) -> None:
    held = claim(engine, files[0], worker_id)
    assert held is not None
    reason = "empty" if state == "quarantined" else None
    with engine.begin() as connection:
        ledger.fence(connection, held)
        ledger.end(connection, INTAKE, [held.id], state, reason=reason, message=reason)
    columns = "state, reason, claimed_by, claimed_at, lease_until, rung_at, finished_at IS NOT NULL, attempt"
    ended = row(engine, f"SELECT {columns} FROM files WHERE id = {files[0]}")
    assert ended == (state, reason, None, None, None, None, state == "quarantined", held.attempt)
    with engine.begin() as connection, pytest.raises(Lost):
        ledger.fence(connection, held)


def test_a_claim_that_is_outdated_moves_the_fence(engine: Engine, files: list[int], worker_id: int) -> None:
    held = claim(engine, files[0], worker_id)
    assert held is not None
    with engine.begin() as connection:
        ledger.end(connection, INTAKE, files, "waiting", outdate=True, rung=True)
    assert row(engine, "SELECT count(*), sum(attempt) FROM files WHERE rung_at IS NOT NULL") == (3, held.attempt + 3)
