"""What a worker does again and again is planned once: its connections live, and so do the statements prepared there."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from tests.integration.pipeline.articles import HARBOUR
from tests.integration.pipeline.conftest import Pipeline
from worker.settings import settings
from worker.store.db.engine import make_engine
from worker.tasks import process
from worker.tasks.housekeeping import reconcile_all

PREPARED = text("""SELECT count(*) FROM pg_prepared_statements""")
SESSION = text("""SELECT pg_backend_pid()""")


@pytest.fixture
def repeating(engine: Engine) -> Iterator[Engine]:
    """An engine as that of the tasks."""
    engine = make_engine(engine.url.render_as_string(hide_password=False), repeats=True)
    yield engine
    engine.dispose()


def test_passes_of_reconciling_keep_what_is_prepared(pipeline: Pipeline, repeating: Engine) -> None:
    pipeline.drop("p1.txt", HARBOUR)
    for _ in range(5):
        with repeating.begin() as connection:
            connection.execute(text("UPDATE articles SET reconciled = false"))
        reconcile_all(repeating)
    with repeating.begin() as connection:
        assert connection.execute(PREPARED).scalar_one() > 5


def test_a_heartbeat_beside_a_task_does_not_cost_the_task_its_connection(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    settings.cache_clear()
    tasks, threads = process.engine_of("worker"), process.engine_of("worker", spare=1)
    sessions = []
    for _ in range(3):
        with threads.connect() as beside, tasks.connect() as own:
            sessions.append((own.execute(SESSION).scalar_one(), beside.execute(SESSION).scalar_one()))
    assert len(set(sessions)) == 1
    tasks.dispose()
    threads.dispose()
    settings.cache_clear()
