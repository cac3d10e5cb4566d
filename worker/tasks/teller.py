"""Tells the changes of what readers see: pool processes do it in their rounds, and only one at a time.

See `worker.store.telling`. A round spends at most a second on it, so that a speaker with many quotes does not keep the
process from ringing; the next round, here or in another process, goes on.
"""

import time

import structlog
from sqlalchemy import Engine

from worker.store import telling

log = structlog.get_logger("onrecord.teller")

SECONDS = 1.0
"""Begin no further batch after so many seconds."""


def tell(engine: Engine) -> None:
    """Number the changes that are marked, for a second at most."""
    until = time.monotonic() + SECONDS
    if changes := telling.tell(engine, lambda: time.monotonic() < until):
        log.debug("told", step="tell", changes=changes)
