"""Messages that are not ours: refused in a line that says what to do, and the worker goes on.

They come from another release (an unknown task, other arguments), or from somebody who writes into our queues. Nothing
is lost with them: a message is only a doorbell, and whatever waits in PostgreSQL is rung for again.
"""

import inspect
from typing import Any

import structlog
from celery import Task

log = structlog.get_logger("onrecord.message")

HARMLESS = "nothing is lost: what waits in PostgreSQL is rung for again"
OTHER_RELEASE = f"{HARMLESS}. If releases are being changed, bring every worker to the same one."
STRANGER = f"{HARMLESS}. Find out who writes into this broker; only Onrecord should."

LARGEST = 2**63 - 1  # of an id


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
