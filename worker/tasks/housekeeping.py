"""The tasks that beat rings for every minute.

PostgreSQL tells whether a job is due, so a job is not missed if a ring is lost.
"""

import time

import structlog
from sqlalchemy import Connection, Engine

from worker.checks import steps
from worker.decisions import forgetting
from worker.pipeline import extractor
from worker.pipeline.reconcile import reconcile as look_again
from worker.settings import settings
from worker.speakers.across import unlisting
from worker.store import moves, reprocessing, retrying
from worker.store.db import decision_lock
from worker.store.db.conflicts import retry_on_conflict
from worker.store.db.locks import Lock, try_to_hold
from worker.store.decisions import Undecidable
from worker.store.queues import BACKFILL
from worker.store.reprocessing import Selection
from worker.tasks import doorbell, process, sweeper
from worker.tasks.app import app
from worker.tasks.outcomes import left_to_the_next_round

log = structlog.get_logger("onrecord.housekeeping")

PASS = 100
"""At most this many articles are looked at again in one transaction of the reconciling job."""
PASS_SECONDS = 0.1
"""Stop a transaction of the reconciling job after the article that it looks at by then.

A decision waits for the end of this transaction, and new articles wait behind the decision.
"""

FORGET_SECONDS = 30.0
"""Stop removing forgotten articles after so many seconds; the next ring goes on."""


@app.task(name="ledger.sweep")  # type: ignore[untyped-decorator]
@left_to_the_next_round("sweep")
def sweep() -> None:
    """Sweep: find the rows that a dead process or a lost message has left behind."""
    sweeper.sweep(process.current().engine, process.current().may_judge)


@app.task(name="ledger.reconcile")  # type: ignore[untyped-decorator]
@left_to_the_next_round("reconcile")
def reconcile() -> None:
    """Look again at the articles stored since the last pass: two transactions may not have seen each other's rows."""
    reconcile_all(process.current().engine)


def reconcile_all(engine: Engine) -> None:
    """Look again, in short transactions, at all articles that no pass has looked at.

    Between two of these transactions a decision of a person gets its turn, and the articles that wait behind it. What a
    decision or this job left to be done with large speakers is done, too.
    """
    unlisting.finish(engine)
    while decision_lock.sharing(engine, _reconcile_some):
        unlisting.finish(engine)


def _reconcile_some(connection: Connection) -> int:
    """Return how many articles were looked at; 0 if none was left, or if another process does it now.

    A statement that moved is not found before its keys have followed. So while any are to follow, no article is looked
    at, and 1 is returned: the caller finishes the moves first.
    """
    if moves.any_left(connection):
        return 1
    return look_again(connection, PASS, PASS_SECONDS) if try_to_hold(connection, Lock.RECONCILE) else 0


@app.task(name="ledger.forget")  # type: ignore[untyped-decorator]
@left_to_the_next_round("forget")
def forget() -> None:
    """Go on with the removal of forgotten articles whose command was interrupted."""
    until = time.monotonic() + FORGET_SECONDS
    try:
        removed = forgetting.remove(process.current().engine, going_on=lambda: time.monotonic() < until)
    except Undecidable as busy:
        log.info("the next round goes on", step="forget", why=str(busy))
        return
    if removed.documents:
        log.info("forgotten", step="forget", articles=len(removed.articles), documents=removed.documents)


@app.task(name="ledger.retry")  # type: ignore[untyped-decorator]
@left_to_the_next_round("retry")
def retry() -> None:
    """Try rows again that failed for a reason that may be gone."""
    engine = process.current().engine
    rows = retry_on_conflict(engine, lambda connection: retrying.retry_passing(connection, settings().retry_hours))
    if rows:
        log.info("tried again", step="retry", rows=rows)
        doorbell.ring_all(engine)


@app.task(name="ledger.reprocess")  # type: ignore[untyped-decorator]
@left_to_the_next_round("reprocess")
def reprocess() -> None:
    """Queue the articles that an older extractor read, if the schedule asks for it and no job is running."""
    hours = settings().reprocess_hours
    if not hours:
        return
    engine = process.current().engine
    version_id, generation = extractor.version_id(engine), extractor.version().generation
    with engine.begin() as connection:
        if not try_to_hold(connection, Lock.SCHEDULE):
            return
        if not reprocessing.due(connection, hours):
            return
        selection = Selection(outdated=True, label="outdated")
        job = reprocessing.start(connection, selection, version_id, generation, reparse=False, scheduled=True)
    log.info("scheduled re-processing", step="reprocess", run=job.id, articles=job.total)
    doorbell.ring_and_send(engine, BACKFILL.name)


@app.task(name="ledger.check")  # type: ignore[untyped-decorator]
@left_to_the_next_round("check")
def check() -> None:
    """Ask the next question of the check of the tables, if one is due."""
    hours = settings().check_hours
    if not hours:
        return
    answer = steps.step(process.current().engine, hours)
    if answer is not None and not answer.is_well:
        log.warning("the check of the tables", step="check", question=answer.name, rows=answer.count)
