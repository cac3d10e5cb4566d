"""How a worker takes messages: it refuses what is not ours in one line, waits for a sick broker, and ends if it fails.

Celery and kombu would dump a message that they cannot use, or end the worker. `worker.tasks.message` reads every
message first.
"""

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from celery.exceptions import WorkerTerminate
from celery.worker.consumer import Consumer as CelerysConsumer
from redis.exceptions import ResponseError

from worker.tasks import reception
from worker.tasks.message import STRANGER, NotOurs, doorbell_in, refuse, shown

log = structlog.get_logger("onrecord.message")

LONGEST_PAUSE = 5.0
"""Wait at most so many seconds between two tries of a broker that is away; Celery's own pauses grow to 30 seconds."""
REFUSED_SECONDS = 1.0
"""Wait so many seconds before a broker that can be reached, but refuses to work, is asked again."""
FAILED = 1
"""The exit status of a worker whose consumer has failed."""


class Consumer(CelerysConsumer):  # type: ignore[misc]
    """Celery's consumer, but it never gives a message to Celery as it came."""

    connection_errors: tuple[type[Exception], ...]
    _connecting: Any = None

    def start(self) -> None:
        """Connect to the broker and take messages, until the worker is told to stop. All pool processes have started.

        If that fails, end this process at once: Celery would wait for the pool, which can last for ever. The pool
        processes see that it has ended, finish their tasks and end too.
        """
        reception.tick()
        try:
            super().start()
        except WorkerTerminate as error:
            if error.__cause__ is None:
                raise  # it was told to stop
            fail(error.__cause__)
        except Exception as error:
            fail(error)

    def register_with_event_loop(self, hub: Any) -> None:
        """Let the loop tick, so that pool processes notice if it hangs."""
        super().register_with_event_loop(hub)
        reception.tick()
        hub.call_repeatedly(reception.TICK_SECONDS, reception.tick)

    def stop(self) -> None:
        """Stop taking messages, as this worker was told to."""
        reception.stops()
        super().stop()

    def connect(self) -> Any:
        """Connect to the broker; leave no connection open if that fails half-way."""
        try:
            connection = super().connect()
        except BaseException:
            with suppress(Exception):
                self._connecting.close()
            raise
        if connection.transport.driver_type != "redis":  # there, being let in does not mean that messages are taken
            reception.hears()
        return connection

    def ensure_connected(self, conn: Any) -> Any:
        """Wait until the broker can be reached; notice within `LONGEST_PAUSE` that it is back."""
        ensure, self._connecting = conn.ensure_connection, conn

        def ensure_soon(on_error: Callable[[Exception, float], None], *arguments: Any, **named: Any) -> Any:
            def on_refusal(error: Exception, interval: float) -> None:
                reception.refused()
                on_error(error, interval)

            pauses = {"interval_start": 1.0, "interval_step": 1.0, "interval_max": LONGEST_PAUSE}
            return ensure(on_refusal, *arguments, **named, **pauses)

        conn.ensure_connection = ensure_soon
        return super().ensure_connected(conn)

    def on_close(self) -> None:
        """Close a connection, because it is broken or the worker stops.

        If the broker refused to work, wait a while first: asking again at once would never end.
        """
        if isinstance(sys.exception(), Exception):  # not the exception by which Celery stops
            reception.refused()
        if isinstance(sys.exception(), ResponseError):
            log.warning("the broker refuses to work; asked again soon", error=str(sys.exception()))
            time.sleep(REFUSED_SECONDS)
        super().on_close()

    def create_task_handler(self, *arguments: Any, **named: Any) -> Callable[[Any], None]:
        """Return the function that takes each message: it reads the message, and gives Celery a new one."""
        take = super().create_task_handler(*arguments, **named)

        def take_or_refuse(message: Any) -> None:
            try:
                doorbell = doorbell_in(message, self.app.tasks)
                message.headers, message.body, message.properties = doorbell.headers(), doorbell.body(), {}
                message.content_encoding = "utf-8"
                take(message)
            except NotOurs as strange:
                self.refuse(message, strange)
            except self.connection_errors:
                raise
            except Exception as error:
                self.refuse(message, NotOurs("not a message of ours", STRANGER, error=shown(repr(error))))

        return take_or_refuse

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """Refuse a message that kombu cannot unpack."""
        self.refuse(message, NotOurs("it is not JSON", STRANGER, error=type(exc).__name__))

    def refuse(self, message: Any, strange: NotOurs) -> None:
        """Refuse a message with one line in the log, and acknowledge it, so that it does not come again."""
        refuse(strange)
        message.ack_log_error(log, self.connection_errors)


def fail(error: BaseException) -> None:
    """End this process, since it can take no more messages; whoever supervises it starts it again."""
    log.critical("the worker takes no more messages; it ends, to be started again", exc_info=error)
    sys.stderr.flush()
    os._exit(FAILED)
