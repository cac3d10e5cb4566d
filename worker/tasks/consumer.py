"""How a worker takes messages: a message that is not ours is refused in a line, where Celery and kombu dump it or end.

Such messages come from another release (an unknown task, other arguments), or from somebody who writes into our queues.
Nothing is lost with them: a message is only a doorbell, and every row that waits in PostgreSQL is rung for again.
"""

import inspect
import sys
import time
from collections.abc import Callable
from functools import partial
from queue import Empty
from typing import Any

import structlog
from celery import Task
from celery.worker.consumer import Consumer as CelerysConsumer
from kombu.exceptions import DecodeError
from kombu.transport import redis as transport
from kombu.transport.virtual.base import QoS as Credits
from redis.exceptions import ResponseError

log = structlog.get_logger("onrecord.message")

HARMLESS = "nothing is lost: what waits in PostgreSQL is rung for again"
OTHER_RELEASE = f"{HARMLESS}. If releases are being changed, bring every worker to the same one."
STRANGER = f"{HARMLESS}. Find out who writes into this broker; only Onrecord should."

LARGEST = 2**63 - 1
"""At most so large is an id."""

NO_ENVELOPE = (ValueError, KeyError, TypeError, AttributeError, DecodeError)
"""The errors that kombu raises in the middle of its loop for bytes in a queue that are no message at all.

Caught before the connection's errors, to which kombu counts `KeyError`: the worker would connect again, be handed the
same message again, and so on for ever.
"""

LONGEST_PAUSE = 5.0
"""Wait at most so many seconds between two tries of a broker that is away; Celery's own pauses grow to 30 seconds."""
REFUSED_SECONDS = 1.0
"""Wait so many seconds before a broker that can be reached, but refuses to work, is asked again."""


def refuse(why: str, todo: str, **details: str) -> None:
    """Log that a message was refused."""
    log.warning("a message was refused", why=why, todo=todo, **details)


class DoorbellTask(Task):  # type: ignore[misc]
    """A task of ours: it takes ids of rows as its arguments, and nothing else."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Run it, or refuse its arguments."""
        try:
            values = inspect.signature(self.run).bind(*arguments, **named).arguments.values()
        except TypeError as error:
            refuse("it does not fit the task", OTHER_RELEASE, task=self.name, error=str(error))
            return None
        if not all(type(value) is int and 0 < value <= LARGEST for value in values):
            refuse("it does not say which row", STRANGER, task=self.name, given=str([*values])[:100])
            return None
        return self.run(*arguments, **named)


class QoS(transport.QoS):
    """The prefetch credits of one channel: an acknowledgement that fails gives its credit back.

    kombu 5.7.0 keeps the credit of a message whose acknowledgement met a broken connection, and Celery only logs the
    failure. With all credits gone the consumer stops listening to its socket, so that it never notices that the
    connection is broken: a worker that was busy when the broker died never works again (compare celery/celery#8030,
    #7577). Here messages are doorbells, and a message that is delivered twice does no harm.
    """

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge one message; its credit is free again even if the broker could not be told."""
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]
        except self.channel.connection_errors:
            Credits.ack(self, delivery_tag)
            raise


class Channel(transport.Channel):
    """kombu's Redis channel, which goes on after bytes that are no message; they are gone, as they were taken."""

    QoS = QoS

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[no-untyped-call]
        except NO_ENVELOPE as error:
            refuse("not a message of Celery", STRANGER, error=type(error).__name__)
            raise Empty from None


class Consumer(CelerysConsumer):  # type: ignore[misc]
    """Celery's consumer, which logs one line for each message that it cannot take, not a dump and a traceback."""

    connection_errors: tuple[type[Exception], ...]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        transport.Transport.Channel = Channel
        super().__init__(*arguments, **named)

    def ensure_connected(self, conn: Any) -> Any:
        """Wait until the broker can be reached; notice within `LONGEST_PAUSE` that it is back."""
        conn.ensure_connection = partial(
            conn.ensure_connection, interval_start=1.0, interval_step=1.0, interval_max=LONGEST_PAUSE
        )
        return super().ensure_connected(conn)

    def on_close(self) -> None:
        """Close a connection that broke; pause if the broker refused, since asking again at once would never end."""
        if isinstance(sys.exception(), ResponseError):
            log.warning("the broker refuses to work; asked again soon", error=str(sys.exception()))
            time.sleep(REFUSED_SECONDS)
        super().on_close()

    def create_task_handler(self, *arguments: Any, **named: Any) -> Callable[[Any], None]:
        """Return the function that takes each message; a shape that Celery fails at would otherwise end the worker."""
        take = super().create_task_handler(*arguments, **named)

        def take_or_refuse(message: Any) -> None:
            try:
                take(message)
            except NO_ENVELOPE as error:
                self.on_invalid_task(None, message, error)
            except self.connection_errors:
                raise
            except Exception as error:
                self.on_invalid_task(None, message, error)

        return take_or_refuse

    def on_unknown_task(self, body: Any, message: Any, exc: Exception) -> None:
        """Refuse a task that this release does not have."""
        refuse("a task that this release does not know", OTHER_RELEASE, task=str(exc.args[0])[:100])
        message.ack_log_error(log, self.connection_errors)

    def on_invalid_task(self, body: Any, message: Any, exc: Exception) -> None:
        """Refuse a message whose headers or body cannot be used."""
        refuse("not a message of ours", STRANGER, error=f"{type(exc).__name__}: {exc}"[:200])
        message.ack_log_error(log, self.connection_errors)

    def on_unknown_message(self, body: Any, message: Any) -> None:
        """Refuse a message that names no task."""
        refuse("it names no task", STRANGER)
        message.ack_log_error(log, self.connection_errors)

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """Refuse a message that is not JSON; other formats are never opened."""
        refuse("it is not JSON", STRANGER, content_type=str(message.content_type)[:100])
        message.ack_log_error(log, self.connection_errors)
