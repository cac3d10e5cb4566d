"""The sweeper: finds what a dead process, a flushed broker or a lost message has left behind.

One at a time, by an advisory lock that ends with the transaction; pool processes try in their rounds, and beat asks.
"""

from collections.abc import Callable

import structlog
from sqlalchemy import Connection, Engine, text

from worker.settings import settings
from worker.store import disposals, outcome, reprocessing, sweeping
from worker.store.queues import INTAKE
from worker.tasks import doorbell

log = structlog.get_logger("onrecord.sweeper")

SWEEP_LOCK = 0x0011_5EE9


def sweep(engine: Engine, may_judge: Callable[[Connection], bool] = lambda _: True) -> bool:
    """Sweep once and ring for what was found; False when another process is at it.

    `may_judge` is asked in the transaction, whose clock stands still by then: False when whoever sweeps cannot tell
    the dead from those who were kept from saying that they live.
    """
    with engine.begin() as connection:
        if not connection.execute(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": SWEEP_LOCK}).scalar():
            return False
        if not may_judge(connection):
            return False
        found = sweeping.sweep(connection)
        settled = outcome.settle_all(connection)
        reprocessing.close(connection)
    if found or settled:
        log.info("swept", step="sweep", settled=settled, **found)
    doorbell.ring_all(engine)
    # These have no mark in their rows: only as many are asked for as the queue has room for, or they would pile up.
    if due := disposals.due(engine, limit=settings().doorbells):
        doorbell.send_disposals(due[: doorbell.room(INTAKE.name)])
    return True
