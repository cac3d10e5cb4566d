"""Beat: rings every minute. It keeps nothing on disk, since whether a job is due is read from PostgreSQL."""

import os
import threading
from typing import Any

import structlog
from celery.beat import Scheduler
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

import worker.tasks.housekeeping  # noqa: F401 - its schedule
from worker.settings import Settings
from worker.store import parts
from worker.store.engine import make_engine
from worker.tasks.app import app

log = structlog.get_logger("onrecord.beat")

BEAT_LOCK = 0x0011_BEA7
PULSE_SECONDS = 2.0


class Ringing(Scheduler):  # type: ignore[misc]
    """Celery's scheduler, which says when the broker has taken what was due: that is how beat is known to work."""

    rung = threading.Event()

    def apply_async(self, *arguments: Any, **named: Any) -> Any:
        """Ring; raises when the broker does not take it."""
        result = super().apply_async(*arguments, **named)
        self.rung.set()
        return result


def run_beat(given: Settings) -> int:
    """Ring until SIGTERM or SIGINT; a second beat on one database waits until the first has gone, and says so."""
    engine = make_engine(given.database_url, pool_size=2, application="onrecord beat")
    ending = threading.Event()
    with engine.connect() as connection:
        hold(connection)
        part = parts.register(engine, "beat")
        pulsing = threading.Thread(target=pulse, args=(engine, connection, part, ending), name="pulse", daemon=True)
        pulsing.start()
        beat = app.Beat(scheduler_cls=Ringing, loglevel="WARNING", quiet=True)
        try:
            beat.run()
        finally:
            ending.set()
            pulsing.join()  # it uses the connection that is about to be closed
            parts.stop(engine, part)
    return 0


def hold(connection: Connection) -> None:
    """Take the lock of the one beat, which lasts as long as the connection."""
    connection = connection.execution_options(isolation_level="AUTOCOMMIT")
    told = False
    while not connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": BEAT_LOCK}).scalar():
        if not told:
            log.warning("another beat rings on this database; waiting until it is gone")
            told = True
        threading.Event().wait(PULSE_SECONDS)


def pulse(engine: Engine, held: Connection, part: int, ending: threading.Event) -> None:
    """Say that beat lives; end the process if its lock is lost, so that it is started anew and takes it again."""
    while not ending.wait(PULSE_SECONDS):
        try:
            held.execute(text("SELECT 1"))
            rung = Ringing.rung.is_set()
            Ringing.rung.clear()
            parts.pulse(engine, part, finished=rung)
        except SQLAlchemyError as error:
            log.error("beat has lost the database; it ends and is to be started again", error=type(error).__name__)
            os._exit(1)
