"""The sweep: find the rows that a dead process, a flushed broker or a lost message has left behind.

Only one process sweeps at a time, by a lock that ends with the transaction. Pool processes try to sweep in
their rounds, and beat rings for a sweep.
"""

from collections.abc import Callable

import structlog
from sqlalchemy import Connection, Engine

from worker.settings import settings
from worker.store import disposals, outcome, reprocessing, sweeping
from worker.store.db.engine import single_statements
from worker.store.db.locks import Lock, try_to_hold
from worker.store.queues import INTAKE
from worker.tasks import doorbell

log = structlog.get_logger("onrecord.sweeper")


def sweep(engine: Engine, may_judge: Callable[[Connection], bool] = lambda _: True) -> bool:
    """Sweep once and ring for the rows; return False when another process sweeps, or this process may not judge.

    `may_judge` is called in the transaction, after `now()` of the transaction is fixed. It returns False when this
    process cannot distinguish dead processes from processes whose heartbeat was delayed.
    """
    with single_statements(engine) as connection:
        is_any_left = sweeping.any_left(connection)
    if is_any_left:
        with engine.begin() as connection:
            if not try_to_hold(connection, Lock.SWEEP):
                return False
            if not may_judge(connection):
                return False
            counts = sweeping.sweep(connection)
            reprocessing.close(connection)
        settled = outcome.settle_all(engine)
        if counts or settled:
            log.info("swept", step="sweep", settled=settled, **counts)
    doorbell.ring_all(engine)
    # The rows of files that wait for their disposal have no mark that they were rung. So only as many messages are sent
    # as the queue has room for; otherwise messages would pile up.
    if due := disposals.due(engine, limit=settings().doorbells):
        doorbell.send_disposals(due[: doorbell.room(INTAKE.name)])
    return True
