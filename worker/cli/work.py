"""What a process needs before it starts: URLs in the environment, logs, and a migrated database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker.settings import Settings


def publish(given: "Settings") -> None:
    """Put the final URLs into the environment: Celery's application and our children read them from there."""
    from worker.settings import settings

    os.environ["ONRECORD_DATABASE_URL"] = given.database_url
    os.environ["ONRECORD_BROKER_URL"] = given.broker_url
    os.environ["ONRECORD_REPORT_URL"] = given.report_url
    if given.home is not None:
        os.environ["ONRECORD_HOME"] = str(given.home)
    settings.cache_clear()


def demand_schema(database_url: str) -> None:
    """Raise `OtherSchema` before any work is done on one; a database that is away is waited for by the processes."""
    from sqlalchemy.exc import DBAPIError

    from worker.store.db import schema
    from worker.store.db.engine import make_engine

    schema.needed_revision()
    engine = make_engine(database_url, application="onrecord schema")
    try:
        schema.demand(engine)
    except DBAPIError:
        return
    finally:
        engine.dispose()


@contextmanager
def at_work() -> "Iterator[Settings]":
    """The settings of a process, its URLs filled in (embedded servers run for as long as it does) and published."""
    from worker.logs import configure_logs
    from worker.settings import settings

    given = settings()
    configure_logs(given)
    if given.database_url and given.broker_url:
        publish(given)
        demand_schema(given.database_url)
        yield settings()
        return
    from worker.embedded.environment import resolve

    with resolve(given, create=True) as found:
        publish(found)
        from worker.store.db import schema
        from worker.store.db.engine import make_engine

        engine = make_engine(found.database_url, application="onrecord migrate")
        schema.upgrade(engine)
        engine.dispose()
        yield settings()
