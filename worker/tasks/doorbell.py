"""Sends doorbells: messages for rows that were marked as rung in a committed transaction."""

from collections.abc import Sequence
from contextlib import suppress

import structlog
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from worker.settings import settings
from worker.store import ringing
from worker.store.db.engine import light_transaction, single_statements
from worker.store.queues import INTAKE, QUEUES

log = structlog.get_logger("onrecord.doorbell")

PATIENCE = 5.0
"""Wait at most so many seconds for a connection."""
BEFORE_OTHERS, AFTER_OTHERS = 0, 9
"""Priorities of messages at Redis and Valkey, which give the least first. RabbitMQ keeps the order of sending."""
AWAY = (OperationalError, OSError, RedisError)
"""The errors of a broker that is away or accepts no writes; for a full disk kombu passes on Redis' own error."""


def send(engine: Engine, queue: str, ids: list[int], *, are_fresh: bool = False) -> bool:
    """Send a message for each id; return False when the broker did not accept all of them.

    The messages of fresh rows come before all others, so that a single drop does not wait behind a large one.

    The rows whose messages were not accepted lose their mark, so that they are rung again as soon as the broker is
    back. Nothing else is lost.
    """
    from worker.tasks.app import app  # imported late: the broker's address must be known first

    sent = 0
    task, priority = QUEUES[queue].task, BEFORE_OTHERS if are_fresh else AFTER_OTHERS
    try:
        with app.producer_or_acquire() as producer:
            for row_id in ids:
                app.send_task(task, args=(row_id,), queue=queue, producer=producer, priority=priority)
                sent += 1
    except AWAY as error:
        log.warning("the broker does not take messages; they wait in PostgreSQL", queue=queue, error=str(error))
        with light_transaction(engine) as transaction:
            ringing.unring(transaction, queue, ids[sent:])
        return False
    return True


def ring_and_send(engine: Engine, queue: str) -> bool:
    """Ring waiting rows, up to the limit `doorbells`; return False when the broker did not accept the messages."""
    with light_transaction(engine) as connection:
        ids = ringing.ring(connection, queue)
    return not ids or send(engine, queue, ids)


def ring_all(engine: Engine) -> bool:
    """Ring for every queue with rows that wait for it; return True if changes wait to be told (`worker.tasks.teller`).

    After an outage of the broker, the next call rings again.
    """
    with single_statements(engine) as connection:
        queues, untold = ringing.unrung(connection)
    for queue in queues:
        try:
            if not ring_and_send(engine, queue):
                break  # each try of a hanging broker takes seconds
        except SQLAlchemyError as error:
            log.warning("ringing failed; tried again soon", queue=queue, error=type(error).__name__)
    return untold


def queued(queues: Sequence[str]) -> int:
    """Return how many messages the broker holds for some queues; this opens a connection of its own.

    Raise kombu's `OperationalError` when the broker does not answer.
    """
    from worker.tasks.app import app  # imported late: the broker's address must be known first

    count = 0
    with app.connection_for_read() as connection:
        connection.ensure_connection(max_retries=1, timeout=PATIENCE)
        try:
            for queue in queues:
                with suppress(*connection.channel_errors):  # in Redis an empty queue does not exist
                    count += connection.channel().queue_declare(queue=queue, passive=True).message_count
        except connection.connection_errors as error:
            raise OperationalError(str(error)) from error
    return count


def room(queue: str) -> int:
    """Return how many more messages may be sent to a queue; 0 while the broker is away."""
    try:
        return max(0, settings().doorbells - queued([queue]))
    except AWAY:
        return 0


def send_disposals(files: list[int]) -> None:
    """Send messages for stored files that are to be archived or deleted; the sweep sends lost messages again."""
    from worker.tasks.app import DISPOSE, app  # imported late: the broker's address must be known first

    try:
        with app.producer_or_acquire() as producer:
            for file_id in files:
                app.send_task(DISPOSE, args=(file_id,), queue=INTAKE.name, producer=producer)
    except AWAY as error:
        log.warning("the broker does not take messages; files stay where they are for now", error=str(error))
