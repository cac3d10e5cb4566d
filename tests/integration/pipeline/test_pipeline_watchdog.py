"""The watchdog calls no worker deaf that still starts its pool processes, or that has just got a message."""

import time

import pytest
from celery.worker.consumer import Consumer as CelerysConsumer
from sqlalchemy import Engine

from worker.reasons import Hindrance
from worker.tasks import watchdog
from worker.tasks.consumer import Consumer


@pytest.fixture
def watching(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> watchdog.Watchdog:
    """The watchdog of a worker whose messages wait at the broker. It looks all the time, and has little patience."""
    monkeypatch.setattr(watchdog, "heard_at", watchdog.FORK.Value("d", 0.0, lock=False))
    monkeypatch.setattr(watchdog, "DEAF_SECONDS", 2.0)
    monkeypatch.setattr(watchdog.Watchdog, "_messages_wait", lambda _: True)
    return watchdog.Watchdog(engine, ["intake"])


def deaf_within(watching: watchdog.Watchdog, seconds: float) -> bool:
    """True if the watchdog finds the worker deaf within so many seconds; its process has been idle for long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if watching.trouble(idle_since=1.0) is Hindrance.DEAF:
            return True
        time.sleep(0.01)
    return False


def test_a_worker_that_still_starts_is_not_deaf(watching: watchdog.Watchdog, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not deaf_within(watching, 1.0)
    monkeypatch.setattr(CelerysConsumer, "start", lambda _: None)
    Consumer.start(object.__new__(Consumer))  # Celery does this when all pool processes are up
    assert deaf_within(watching, 30.0)


def test_a_message_for_another_pool_process_counts(watching: watchdog.Watchdog) -> None:
    watchdog.hears()
    for _ in range(30):
        assert not deaf_within(watching, 0.1)
        watchdog.hears()  # as another process of the pool does, when a task begins there
    assert deaf_within(watching, 30.0)
