"""Messages that are not ours: refused in a line that says what to do, and the worker goes on.

They come from another release (an unknown task, other arguments), or from somebody who writes into our queues. Nothing
is lost with them: a message is only a doorbell, and whatever waits in PostgreSQL is rung for again.
"""

import inspect
import json
from typing import Any

import structlog
from celery import Task
from celery.worker.consumer import Consumer
from kombu.exceptions import DecodeError

log = structlog.get_logger("onrecord.message")

HARMLESS = "nothing is lost: what waits in PostgreSQL is rung for again"
OTHER_RELEASE = f"{HARMLESS}. If releases are being changed, bring every worker to the same one."
STRANGER = f"{HARMLESS}. Find out who writes into this broker; only Onrecord should."

NO_ENVELOPE = (json.JSONDecodeError, UnicodeDecodeError, DecodeError, KeyError, TypeError, AttributeError)
"""What kombu raises in the middle of its loop for bytes in a queue that are no message at all."""

LARGEST = 2**63 - 1  # of an id


class Refusing(Consumer):  # type: ignore[misc]
    """Celery's consumer, with one line for each message that it cannot take instead of a dump and a traceback."""

    connection_errors: tuple[type[Exception], ...]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # Celery then connects anew, as after a lost connection, instead of ending the worker; the bytes are gone.
        self.connection_errors = (*self.connection_errors, *NO_ENVELOPE)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """The connection broke, or something in a queue was no message."""
        if isinstance(exc, NO_ENVELOPE):
            refuse("not a message of Celery", STRANGER, error=type(exc).__name__)
        else:
            super().on_connection_error_after_connected(exc)

    def on_unknown_task(self, body: Any, message: Any, exc: Exception) -> None:
        """A task that this release does not have."""
        refuse("a task that this release does not know", OTHER_RELEASE, task=str(exc.args[0])[:100])
        message.ack_log_error(log, self.connection_errors)

    def on_invalid_task(self, body: Any, message: Any, exc: Exception) -> None:
        """A message whose headers or body cannot be used."""
        refuse("not a message of ours", STRANGER, error=str(exc)[:200])
        message.ack_log_error(log, self.connection_errors)

    def on_unknown_message(self, body: Any, message: Any) -> None:
        """A message that names no task."""
        refuse("it names no task", STRANGER)
        message.ack_log_error(log, self.connection_errors)

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """A message that is not JSON; other formats are never opened."""
        refuse("it is not JSON", STRANGER, content_type=str(message.content_type)[:100])
        message.ack_log_error(log, self.connection_errors)


class Doorbell(Task):  # type: ignore[misc]
    """A task of ours: its arguments are ids of rows, and nothing else is taken for one."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Run it, or refuse what it was given."""
        try:
            given = inspect.signature(self.run).bind(*arguments, **named).arguments.values()
        except TypeError as error:
            refuse("it does not fit the task", OTHER_RELEASE, task=self.name, error=str(error))
            return None
        if not all(type(one) is int and 0 < one <= LARGEST for one in given):
            refuse("it does not say which row", STRANGER, task=self.name, given=str([*given])[:100])
            return None
        return self.run(*arguments, **named)


def refuse(why: str, todo: str, **details: str) -> None:
    """Say that a message was refused."""
    log.warning("a message was refused", why=why, todo=todo, **details)
