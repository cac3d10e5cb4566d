"""A Celery worker in this process, set up for our kind of tasks."""

import socket
import warnings

from celery.apps import worker as celery_worker
from celery.exceptions import CPendingDeprecationWarning

from worker.settings import settings
from worker.store.queues import BACKFILL, kind_for
from worker.tasks import process, watchdog
from worker.tasks.app import app
from worker.tasks.consumer import Consumer
from worker.tasks.preloading import preload


def run_worker(queues: list[str], concurrency: int | None) -> int:
    """Work on `queues` until SIGTERM or SIGINT.

    Return the exit status, which is not 0 if a watchdog ended the worker. Gossip, mingling and Celery's own heartbeats
    are off: our processes make themselves known in PostgreSQL. With `task_events`, heartbeats and events are sent to
    whoever listens at the broker.
    """
    process.kind_of_worker = kind_for(queues)
    process.queues_of_worker = tuple(queues)
    # Celery warns when it runs as root, because of pickle. This worker does not accept pickle.
    warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
    # Celery announces another default of a setting that we set.
    warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)
    celery_worker.safe_say = lambda *_: None  # Celery's text when it is told to stop is no line of our log
    worker = app.Worker(
        hostname=f"{process.kind_of_worker}@{socket.gethostname()}",
        queues=queues,
        concurrency=concurrency or (1 if process.kind_of_worker == BACKFILL.kind else settings().concurrency),
        pool_cls="prefork",
        consumer_cls=Consumer,
        optimization="fair",
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=not settings().task_events,  # Flower takes a worker without them for a dead one
    )
    preload()
    worker.start()
    return int(worker.exitcode or watchdog.ended.value)
