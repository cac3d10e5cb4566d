"""How a worker takes messages: it refuses a message that is not ours with one line in its log.

Celery and kombu would dump such a message, or end the worker. It comes from another release (an unknown task, other
arguments), or from somebody who writes into our queues. Refusing it loses nothing: a message is only a doorbell, and
every row that waits in PostgreSQL is rung for again.
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

from worker.tasks import watchdog

log = structlog.get_logger("onrecord.message")

HARMLESS = "nothing is lost: what waits in PostgreSQL is rung for again"
OTHER_RELEASE = f"{HARMLESS}. If releases are being changed, bring every worker to the same one."
STRANGER = f"{HARMLESS}. Find out who writes into this broker; only Onrecord should."

LARGEST = 2**63 - 1
"""The id of a row is at most this large (`bigint`)."""

NO_ENVELOPE = (ValueError, KeyError, TypeError, AttributeError, DecodeError)
"""The errors that kombu raises in the middle of its loop when bytes in a queue are no message at all.

They are caught before the errors of the connection, since kombu counts `KeyError` as an error of the connection.
Otherwise the worker would connect again, get the same message again, and so on for ever.
"""

LONGEST_PAUSE = 5.0
"""Wait at most so many seconds between two tries of a broker that is away; Celery's own pauses grow to 30 seconds."""
REFUSED_SECONDS = 1.0
"""Wait so many seconds before a broker that can be reached, but refuses to work, is asked again."""


def refuse(why: str, todo: str, **details: str) -> None:
    """Log that a message was refused."""
    log.warning("a message was refused", why=why, todo=todo, **details)


class DoorbellTask(Task):  # type: ignore[misc]
    """A task of ours: its arguments are ids of rows, and nothing else."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Run the task, or refuse its arguments."""
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
    """The prefetch credits of one channel; each credit lets the worker take one more message.

    If the connection breaks while a message is acknowledged, kombu 5.7.0 does not free the credit of this message, and
    Celery only logs the failure. Without credits the consumer stops listening to its socket, so it never notices that
    the connection is broken: a worker that was busy when the broker died never works again (compare celery/celery#8030,
    #7577). This class frees the credit. Here messages are doorbells, so a message that is delivered twice does no harm.
    """

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge one message; free its credit even if the acknowledgement does not reach the broker."""
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]
        except self.channel.connection_errors:
            Credits.ack(self, delivery_tag)
            raise


class Channel(transport.Channel):
    """kombu's Redis channel, but it goes on after bytes that are no message.

    Those bytes are lost, since they have been taken from the queue.
    """

    QoS = QoS

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[no-untyped-call]
        except NO_ENVELOPE as error:
            refuse("not a message of Celery", STRANGER, error=type(error).__name__)
            raise Empty from None


class Consumer(CelerysConsumer):  # type: ignore[misc]
    """Celery's consumer, but it logs one line for each message that it cannot use, not a dump and a traceback."""

    connection_errors: tuple[type[Exception], ...]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        transport.Transport.Channel = Channel
        super().__init__(*arguments, **named)

    def start(self) -> None:
        """Connect to the broker and take messages, until the worker ends. All pool processes have started by now."""
        watchdog.hears()
        super().start()

    def ensure_connected(self, conn: Any) -> Any:
        """Wait until the broker can be reached; notice within `LONGEST_PAUSE` that it is back."""
        conn.ensure_connection = partial(
            conn.ensure_connection, interval_start=1.0, interval_step=1.0, interval_max=LONGEST_PAUSE
        )
        return super().ensure_connected(conn)

    def on_close(self) -> None:
        """Close a broken connection.

        If the broker refused to work, wait a while first: asking again at once would never end.
        """
        if isinstance(sys.exception(), ResponseError):
            log.warning("the broker refuses to work; asked again soon", error=str(sys.exception()))
            time.sleep(REFUSED_SECONDS)
        super().on_close()

    def create_task_handler(self, *arguments: Any, **named: Any) -> Callable[[Any], None]:
        """Return the function that takes each message.

        It refuses messages on which Celery would fail, since such a failure would end the worker.
        """
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
        """Refuse a message that is not JSON; messages in other formats are never decoded."""
        refuse("it is not JSON", STRANGER, content_type=str(message.content_type)[:100])
        message.ack_log_error(log, self.connection_errors)
