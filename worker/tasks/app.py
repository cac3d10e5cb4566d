"""The Celery application: three queues, JSON messages that hold ids of rows, and no results.

A message is only a doorbell. It is acknowledged before the work begins, and the row that it names can be found again in
the tables. So the broker may be emptied at any moment, and nothing here depends on its time-outs.
"""

from celery import Celery
from kombu import Queue

from worker.settings import settings
from worker.store.queues import ARTICLES, INTAKE, QUEUES
from worker.tasks import redis_channel
from worker.tasks.redis_channel import CONNECTIONS

DISPOSE = "intake.dispose"
"""The task that archives or deletes a stored file."""
SENDERS = 2
"""At most so many connections of a process that send messages: one for its task, and one for its rounds."""
TASK_MODULES = ["worker.tasks.ledger_tasks", "worker.tasks.housekeeping"]

# Notice at once that the broker is away (kombu itself would wait for six seconds). Trying again is the task of the
# ledger.
REDIS_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 5,  # a connection that died without a word is noticed after at most 11 seconds
    "max_connections": CONNECTIONS,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}


def make_app(broker_url: str) -> Celery:
    """Return the application for one broker; RabbitMQ needs nothing but its URL."""
    redis = broker_url.startswith(("redis", "valkey"))
    redis_channel.use()
    app = Celery("onrecord", broker=broker_url, include=TASK_MODULES)
    app.conf.update(
        task_queues=[Queue(name) for name in QUEUES],
        task_default_queue=ARTICLES.name,
        task_create_missing_queues=False,
        task_routes={queue.task: queue.name for queue in QUEUES.values()} | {DISPOSE: INTAKE.name},
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        task_acks_late=False,
        task_time_limit=settings().task_seconds,
        task_publish_retry=False,
        broker_pool_limit=SENDERS,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        # A pool process may wait for the database, and for a core, before it says that it is up.
        worker_proc_alive_timeout=120 + 10 * settings().concurrency,
        worker_send_task_events=settings().task_events,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_channel_error_retry=True,  # a broker that accepts no writes is treated as away
        broker_transport_options=REDIS_OPTIONS if redis else {},
        timezone="UTC",
        enable_utc=True,
    )
    return app


app = make_app(settings().broker_url or "memory://")
