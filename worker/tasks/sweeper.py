"""The sweeper: finds what a dead process, a flushed broker or a lost message has left behind.

One at a time, by an advisory lock that ends with the transaction; every worker's pulse tries, and so does beat.
"""

import structlog
from sqlalchemy import Engine, text

from worker.settings import settings
from worker.store import disposals, outcome, reprocessing, sweeping
from worker.tasks import doorbell

log = structlog.get_logger("onrecord.sweeper")

SWEEP_LOCK = 0x0011_5EE9


def sweep(engine: Engine) -> bool:
    """Sweep once and ring for what was found; False when another process is at it."""
    with engine.begin() as connection:
        if not connection.execute(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": SWEEP_LOCK}).scalar():
            return False
        found = sweeping.sweep(connection)
        settled = outcome.settle_all(connection)
        reprocessing.close(connection)
    due = disposals.due(engine, limit=settings().doorbells)
    if found or settled:
        log.info("swept", step="sweep", settled=settled, **found)
    doorbell.ring_all(engine)
    doorbell.send_disposals(due)
    return True
