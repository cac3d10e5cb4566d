"""Ctrl-C in the moment in which SQLAlchemy puts a connection back is no fault, and logs no traceback."""

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import QueuePool, create_engine, event

from worker.cli import up

POOL = logging.getLogger("sqlalchemy.pool.impl.QueuePool")


@pytest.fixture(autouse=True)
def _filtered() -> Iterator[None]:
    POOL.addFilter(up.is_no_stop)
    yield
    POOL.removeFilter(up.is_no_stop)


@pytest.mark.parametrize(("error", "records"), [(up.Stopped(), 0), (RuntimeError("broken"), 1)])
def test_only_other_errors_are_logged(error: Exception, records: int, caplog: pytest.LogCaptureFixture) -> None:
    engine = create_engine("sqlite://", poolclass=QueuePool)

    def interrupt(*_: object) -> None:
        raise error

    with engine.connect():
        event.listen(engine, "reset", interrupt)
    event.remove(engine, "reset", interrupt)
    assert len(caplog.records) == records
    engine.dispose()
