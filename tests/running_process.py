"""A `RunningProcess`, which `worker.cli.liveness` otherwise reads from the tables."""

from datetime import UTC, datetime
from typing import Any

from worker.cli.liveness import RunningProcess


def running_process(**changes: Any) -> RunningProcess:
    """Return a living, idle worker; `changes` replace single values."""
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "kind": "worker", "host": "north", "pid": 1, "version": "1", "started_at": now, "last_seen": now,
        "last_finished": None, "queues": [], "trouble": None, "folders_away": [], "folders_unreadable": [],
        "events_lost": 0, "detail": None, "sentence": None, "clock_ahead": None, "alive": True, "at_work": False,
        "lived_seconds": 0.0, "idle_seconds": 0.0,
    }  # fmt: skip
    return RunningProcess(**values | changes)
