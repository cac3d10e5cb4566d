"""Sending messages for rows that were rung in a committed transaction."""

from collections.abc import Sequence
from contextlib import suppress

import structlog
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from worker.settings import settings
from worker.store import ledger
from worker.store.db.engine import light_transaction

log = structlog.get_logger("onrecord.doorbell")

PATIENCE = 5.0  # seconds to connect
AWAY = (OperationalError, OSError, RedisError)
"""How a broker that is away or takes no writes is known; what Redis says of a full disk, kombu passes on as it is."""


def send(engine: Engine, queue: str, ids: list[int]) -> bool:
    """Send a message for each id; False when the broker did not take them.

    Then the rows lose their mark, so that they are rung as soon as it is back; nothing else is lost.
    """
    from worker.tasks.app import app  # late: the broker's address must be settled first

    sent = 0
    try:
        with app.producer_or_acquire() as producer:
            for row_id in ids:
                app.send_task(ledger.QUEUES[queue].task, args=(row_id,), queue=queue, producer=producer)
                sent += 1
    except AWAY as error:
        log.warning("the broker does not take messages; they wait in PostgreSQL", queue=queue, error=str(error))
        with light_transaction(engine) as transaction:
            ledger.unring(transaction, queue, ids[sent:])
        return False
    return True


def ring_and_send(engine: Engine, queue: str) -> bool:
    """Ring as many waiting rows as there is room for; False when the broker did not take the messages."""
    with light_transaction(engine) as connection:
        ids = ledger.ring(connection, queue)
    return not ids or send(engine, queue, ids)


def ring_all(engine: Engine) -> None:
    """Ring for every queue; an outage of the database or the broker is left to the next call."""
    for queue in ledger.QUEUES:
        try:
            if not ring_and_send(engine, queue):
                return  # a broker that hangs takes seconds to find out
        except SQLAlchemyError as error:
            log.warning("ringing failed; tried again soon", queue=queue, error=type(error).__name__)


def queued(queues: Sequence[str]) -> int:
    """Messages that the broker holds for some queues, asked on a connection of its own.

    Raises kombu's `OperationalError` when it does not answer.
    """
    from worker.tasks.app import app  # late: the broker's address must be settled first

    count = 0
    with app.connection_for_read() as connection:
        connection.ensure_connection(max_retries=1, timeout=PATIENCE)
        try:
            for queue in queues:
                with suppress(*connection.channel_errors):  # of an empty queue Redis says that there is none
                    count += connection.channel().queue_declare(queue=queue, passive=True).message_count
        except connection.connection_errors as error:
            raise OperationalError(str(error)) from error
    return count


def room(queue: str) -> int:
    """How many more messages the broker shall hold for a queue; 0 while it is away."""
    try:
        return max(0, settings().doorbells - queued([queue]))
    except AWAY:
        return 0


def send_disposals(files: list[int]) -> None:
    """Ask for stored files to be archived or deleted; what is lost here the sweeper asks for again."""
    from worker.tasks.app import DISPOSE, app  # late: the broker's address must be settled first

    try:
        with app.producer_or_acquire() as producer:
            for file_id in files:
                app.send_task(DISPOSE, args=(file_id,), queue=ledger.INTAKE.name, producer=producer)
    except AWAY as error:
        log.warning("the broker does not take messages; files stay where they are for now", error=str(error))
