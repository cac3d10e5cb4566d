"""Sessions that a pooler lends for one transaction each (PgBouncer: `pool_mode = transaction`): ONRECORD_PREPARE=0.

The next transaction of the same connection runs in another session, which may have served anybody meanwhile. So what
our code relies on is set at the beginning of each transaction, for this transaction only, and nothing is prepared.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event

from worker.store.db.session import SETTLE, values_of

OWN_TRANSACTION = "own_transaction"
"""An execution option: each statement is a transaction of its own (`engine.single_statements`)."""
SETS = "sets"
"""An execution option of the statement with which a transaction begins, and which sets the values."""


class Borrower:
    """Sets what our code relies on in each transaction of an engine.

    A transaction begins in the same round trip in which this is set, so a limit of the session (for how long it may be
    idle in a transaction, for example) has no time to strike before.
    """

    def __init__(self, changes: Mapping[str, str], schema: str) -> None:
        self._values = values_of(changes, schema=schema, only_this_transaction=True)

    def watch(self, engine: Engine) -> None:
        """Set the values whenever a transaction of the engine begins."""
        event.listen(engine, "begin", self._begin)

    def _begin(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if not driver.autocommit:
            connection.exec_driver_sql(SETTLE, self._values, execution_options={SETS: True})

    @contextmanager
    def sent(self, driver: psycopg.Connection, options: Mapping[str, Any]) -> Iterator[None]:
        """Send the statement of the `with` block as its execution options demand."""
        if options.get(OWN_TRANSACTION):
            with driver.pipeline() as pipeline, driver.transaction():
                driver.execute(SETTLE, self._values)
                pipeline.sync()  # how the driver writes values depends on what is set
                yield
        elif options.get(SETS):
            with driver.pipeline():
                yield
        else:
            yield


def set_up(driver: psycopg.Connection) -> None:
    """Let a new connection prepare nothing, and begin transactions with the isolation that our code relies on."""
    driver.prepare_threshold = None
    driver.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
