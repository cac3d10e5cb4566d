"""Beat (Celery's scheduler): rings every minute for the jobs that no dropped file starts.

It keeps nothing on disk, since PostgreSQL tells whether a job is due.
"""

import os
import threading
import time
from typing import Any

import structlog
from celery.beat import Scheduler, SchedulingError
from kombu.exceptions import OperationalError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from worker.deliveries.courier import Courier
from worker.settings import Settings
from worker.store import processes, watch_lists
from worker.store.db import schema
from worker.store.db.conflicts import in_words
from worker.store.db.engine import make_engine
from worker.store.db.locks import Lock, try_to_keep
from worker.tasks import jobs
from worker.tasks.app import app
from worker.tasks.guard import Guard

log = structlog.get_logger("onrecord.beat")

RETRY_SECONDS = 5.0
"""Wait so many seconds to the next try when the broker refuses or no worker lives."""

OTHER_RELEASE = "the schema was changed by another release; beat ends and is to be started again"


class Ringing(Scheduler):  # type: ignore[misc]
    """Celery's scheduler, but with a monotonic clock: a change of the wall clock neither delays a ring nor adds one.

    It rings when it starts, and every minute after that. After a ring it sets `rung`, so that the heartbeat can store
    that beat works. While no worker lives it sends nothing, so that messages do not pile up. The messages have no time
    of expiry, since that would compare the clocks of two machines.
    """

    rung = threading.Event()
    engine: Engine  # set before Celery makes the scheduler
    _due = 0.0

    def tick(self, *_: Any, **__: Any) -> float:
        """Ring if a ring is due; return the seconds until the next ring is due."""
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + (jobs.PERIOD if self._ring() else RETRY_SECONDS)
        return max(0.0, self._due - time.monotonic())

    def _ring(self) -> bool:
        """Ring for every job; return False when the broker does not accept the messages, or no worker lives."""
        try:
            if processes.alive(self.engine, "worker"):
                for entry in self.schedule.values():
                    self.apply_async(entry, producer=self.producer)
            else:
                return False
        except (SchedulingError, OperationalError, OSError) as error:
            log.warning("the broker does not take messages; ringing again soon", error=str(error).splitlines()[0])
            return False
        except SQLAlchemyError:
            return False  # the heartbeat notices it, and ends the process
        self.rung.set()
        return True


def run_beat(config: Settings) -> int:
    """Ring until SIGTERM or SIGINT.

    A second beat on the same database logs that another beat is running, and waits until that has ended.
    """
    engine = make_engine(config.database_url, pool_size=3, application="onrecord beat", repeats=True)
    ending = threading.Event()
    courier = Courier(config)
    with engine.connect() as connection:
        hold(connection)
        held = connection.execution_options(isolation_level="AUTOCOMMIT")  # one round trip a look, not three
        process_id = processes.register(engine, "beat")
        thread = threading.Thread(
            target=heartbeat, args=(engine, held, process_id, ending, courier), name="heartbeat", daemon=True
        )
        thread.start()
        # Nobody waits for the courier at the end: it may be talking to a receiver that hangs.
        threading.Thread(target=courier.run, args=(ending,), name="courier", daemon=True).start()
        guard = threading.Thread(target=Guard(engine).run, args=(ending,), name="guard", daemon=True)
        guard.start()
        Ringing.engine = engine
        app.conf.update(beat_schedule=jobs.SCHEDULE, include=())  # beat sends the tasks' names, and runs none
        beat = app.Beat(scheduler_cls=Ringing, loglevel="WARNING", quiet=True)
        try:
            beat.run()
        finally:
            ending.set()
            courier.wake()
            guard.join()
            thread.join()  # it uses the connection that is about to be closed
            processes.stop(engine, process_id)
    return 0


def hold(connection: Connection) -> None:
    """Wait for the lock that only one beat can hold; it lasts as long as the connection."""
    logged = False
    while not try_to_keep(connection, Lock.BEAT):
        if not logged:
            log.warning("another beat rings on this database; waiting until it is gone")
            logged = True
        threading.Event().wait(processes.HEARTBEAT_SECONDS)


def heartbeat(engine: Engine, held: Connection, process_id: int, ending: threading.Event, courier: Courier) -> None:
    """Store every two seconds that beat lives, and wake the courier if watch-lists have anything to do.

    The question about watch-lists also shows that the connection with the lock still lives.

    End the process if its lock is lost or another release has changed the schema. It is then started again, and takes
    the lock again.
    """
    while not ending.wait(processes.HEARTBEAT_SECONDS):
        try:
            if watch_lists.is_due(held):
                courier.wake()
            rung = Ringing.rung.is_set()
            Ringing.rung.clear()
            processes.heartbeat(engine, process_id, finished=rung)
            if not schema.changed(engine):
                continue
            log.error(OTHER_RELEASE)
        except SQLAlchemyError as error:
            if schema.known_to_have_changed(engine):
                log.error(OTHER_RELEASE)
            else:
                log.error("beat has lost the database; it ends and is to be started again", error=in_words(error))
        os._exit(1)
