"""Ctrl-C in the moment in which SQLAlchemy puts a connection back is no fault, and logs no traceback."""

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import QueuePool, create_engine, event

from worker.cli import stopping

POOL = logging.getLogger("sqlalchemy.pool.impl.QueuePool")


@pytest.fixture(autouse=True)
def _filtered() -> Iterator[None]:
    POOL.addFilter(stopping.is_not_stopping)
    yield
    POOL.removeFilter(stopping.is_not_stopping)


@pytest.mark.parametrize("error", [stopping.Stopped(), RuntimeError("the driver's, as its statement was cut short")])
@pytest.mark.parametrize(("is_ending", "records"), [(True, 0), (False, 1)])
def test_errors_are_logged_unless_up_is_stopping(
    error: Exception, is_ending: bool, records: int, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "is_stopping", is_ending)
    engine = create_engine("sqlite://", poolclass=QueuePool)

    def interrupt(*_: object) -> None:
        raise error

    with engine.connect():
        event.listen(engine, "reset", interrupt)
    event.remove(engine, "reset", interrupt)
    assert len(caplog.records) == records
    engine.dispose()
