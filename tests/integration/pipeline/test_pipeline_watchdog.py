"""The watchdog calls no worker deaf that still starts its pool processes, which may take minutes."""

import pytest
from celery.worker.consumer import Consumer as CelerysConsumer
from sqlalchemy import Engine

from worker.reasons import Hindrance
from worker.tasks import reception, watchdog
from worker.tasks.consumer import Consumer


def test_a_worker_that_still_starts_is_not_deaf(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    watching = watchdog.Watchdog(engine, ["intake"])
    monkeypatch.setattr(watching, "deaf", lambda *_: True)
    reception.stops()
    assert watching.trouble(0.0) is None
    monkeypatch.setattr(CelerysConsumer, "start", lambda _: None)
    Consumer.start(object.__new__(Consumer))  # Celery does this when all pool processes are up
    assert watching.trouble(0.0) is Hindrance.DEAF
    reception.stops()
