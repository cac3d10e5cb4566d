"""How a worker takes messages: one that is not ours is refused in a line, where Celery and kombu dump it or end."""

import sys
import time
from collections.abc import Callable
from functools import partial
from queue import Empty
from typing import Any

import structlog
from celery.worker.consumer import Consumer as CelerysConsumer
from kombu.exceptions import DecodeError
from kombu.transport import redis as transport
from redis.exceptions import ResponseError

from worker.tasks import credit
from worker.tasks.refusing import OTHER_RELEASE, STRANGER, refuse

log = structlog.get_logger("onrecord.message")

NO_ENVELOPE = (ValueError, KeyError, TypeError, AttributeError, DecodeError)
"""What kombu raises in the middle of its loop for bytes in a queue that are no message at all.

Caught before the connection's errors, to which kombu counts `KeyError`: the worker would connect again, be handed the
same message again, and so on for ever.
"""

LONGEST_PAUSE = 5.0
"""Seconds between two tries to reach a broker that is away; Celery's own pauses grow to half a minute."""
REFUSED_SECONDS = 1.0
"""Pause before a broker that can be reached, but refuses to work, is asked again."""


class Channel(transport.Channel):
    """kombu's Redis channel, which goes on after bytes that are no message; they are gone, as they were taken."""

    QoS = credit.QoS

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[no-untyped-call]
        except NO_ENVELOPE as error:
            refuse("not a message of Celery", STRANGER, error=type(error).__name__)
            raise Empty from None


class Consumer(CelerysConsumer):  # type: ignore[misc]
    """Celery's consumer, with one line for each message that it cannot take instead of a dump and a traceback."""

    connection_errors: tuple[type[Exception], ...]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        transport.Transport.Channel = Channel
        super().__init__(*arguments, **named)

    def ensure_connected(self, conn: Any) -> Any:
        """Wait until the broker can be reached, and see that it is back within `LONGEST_PAUSE`."""
        conn.ensure_connection = partial(
            conn.ensure_connection, interval_start=1.0, interval_step=1.0, interval_max=LONGEST_PAUSE
        )
        return super().ensure_connected(conn)

    def on_close(self) -> None:
        """The connection broke, or the broker refused: in that case asking again at once would never end."""
        if isinstance(sys.exception(), ResponseError):
            log.warning("the broker refuses to work; asked again soon", error=str(sys.exception()))
            time.sleep(REFUSED_SECONDS)
        super().on_close()

    def create_task_handler(self, *arguments: Any, **named: Any) -> Callable[[Any], None]:
        """What takes each message; one whose shape Celery stumbles over would otherwise end the worker."""
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
        """A task that this release does not have."""
        refuse("a task that this release does not know", OTHER_RELEASE, task=str(exc.args[0])[:100])
        message.ack_log_error(log, self.connection_errors)

    def on_invalid_task(self, body: Any, message: Any, exc: Exception) -> None:
        """A message whose headers or body cannot be used."""
        refuse("not a message of ours", STRANGER, error=f"{type(exc).__name__}: {exc}"[:200])
        message.ack_log_error(log, self.connection_errors)

    def on_unknown_message(self, body: Any, message: Any) -> None:
        """A message that names no task."""
        refuse("it names no task", STRANGER)
        message.ack_log_error(log, self.connection_errors)

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """A message that is not JSON; other formats are never opened."""
        refuse("it is not JSON", STRANGER, content_type=str(message.content_type)[:100])
        message.ack_log_error(log, self.connection_errors)
