"""Tasks that beat rings for, every minute; whether a job is due is read from PostgreSQL, so nothing is missed."""

import structlog
from sqlalchemy import Engine, text

from worker.pipeline import running
from worker.pipeline.reconcile import reconcile as look_again
from worker.settings import settings
from worker.store import reprocessing, retrying
from worker.store.queues import BACKFILL
from worker.store.reprocessing import Selection
from worker.tasks import doorbell, process, sweeper
from worker.tasks.app import app
from worker.tasks.running import left_to_the_next_round

log = structlog.get_logger("onrecord.housekeeping")

RECONCILE_LOCK = 0x0011_0C11
SCHEDULE_LOCK = 0x0011_5C4D
PASS = 200
"""Articles looked at again in one transaction of the reconciling job."""

PERIOD = 60.0
JOBS = ("ledger.sweep", "ledger.reconcile", "ledger.retry", "ledger.reprocess")
# Without `expires`: Celery compares the clock of beat's machine with that of the worker's, and a worker a minute ahead
# would throw every message away, for ever. Beat keeps them from piling up (`worker.tasks.beat`).
app.conf.beat_schedule = {name: {"task": name, "schedule": PERIOD} for name in JOBS}


@app.task(name="ledger.sweep")  # type: ignore[untyped-decorator]
@left_to_the_next_round("sweep")
def sweep() -> None:
    """Find what was left behind."""
    sweeper.sweep(process.current().engine, process.current().may_judge)


@app.task(name="ledger.reconcile")  # type: ignore[untyped-decorator]
@left_to_the_next_round("reconcile")
def reconcile() -> None:
    """Look again at what was stored since the last pass: two transactions may have missed each other."""
    reconcile_all(process.current().engine)


def reconcile_all(engine: Engine) -> None:
    """Look again, in small transactions, at all that has not been looked at."""
    while _reconcile_some(engine) == PASS:
        pass


def _reconcile_some(engine: Engine) -> int:
    with engine.begin() as connection:
        if not connection.execute(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": RECONCILE_LOCK}).scalar():
            return 0
        return int(look_again(connection, PASS))


@app.task(name="ledger.retry")  # type: ignore[untyped-decorator]
@left_to_the_next_round("retry")
def retry() -> None:
    """Try again what failed for reasons that pass."""
    engine = process.current().engine
    with engine.begin() as connection:
        tried = retrying.retry_passing(connection, settings().retry_hours)
    if tried:
        log.info("tried again", step="retry", rows=tried)
        doorbell.ring_all(engine)


@app.task(name="ledger.reprocess")  # type: ignore[untyped-decorator]
@left_to_the_next_round("reprocess")
def reprocess() -> None:
    """Queue what an older extractor did, when the schedule says so and no job is running."""
    hours = settings().reprocess_hours
    if not hours:
        return
    engine = process.current().engine
    version_id, generation = running.extractor_id(engine), running.extractor().generation
    with engine.begin() as connection:
        if not connection.execute(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": SCHEDULE_LOCK}).scalar():
            return
        if not reprocessing.due(connection, hours):
            return
        selection = Selection(outdated=True, label="outdated")
        job = reprocessing.start(connection, selection, version_id, generation, reparse=False, scheduled=True)
    log.info("scheduled re-processing", step="reprocess", run=job.id, articles=job.total)
    doorbell.ring_and_send(engine, BACKFILL.name)
