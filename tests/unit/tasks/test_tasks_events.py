"""Task events are sent only when they are asked for."""

import pytest

from worker.settings import settings
from worker.tasks.app import make_app


@pytest.mark.parametrize(("said", "sent"), [(None, False), ("1", True)])
def test_events_are_sent_when_asked_for(monkeypatch: pytest.MonkeyPatch, said: str | None, sent: bool) -> None:
    if said:
        monkeypatch.setenv("ONRECORD_TASK_EVENTS", said)
    settings.cache_clear()
    assert make_app("memory://").conf.worker_send_task_events is sent
    settings.cache_clear()
