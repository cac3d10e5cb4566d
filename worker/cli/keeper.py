"""Keeps the embedded servers of `onrecord up` running."""

import contextlib
import time

import psycopg
import structlog

from worker.cli.children import pause_after
from worker.embedded.errors import EmbeddedError
from worker.embedded.servers import Servers

log = structlog.get_logger("onrecord.up")


ASK_SECONDS = 5.0
"""Ask servers that run whether they answer after so many seconds: each time opens connections."""


class Keeper:
    """Starts a server again when it has died or does not answer, and tries again when the start fails.

    The cause of a failure may pass (a full disk, an interrupted recovery). Until then, the processes wait.
    """

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._failures = 0
        self._not_before = 0.0
        self._ask_at = 0.0

    def look_after(self) -> None:
        """Start the servers that do not answer. After each failed start, wait longer before the next start."""
        now = time.monotonic()
        if now < self._not_before or (now < self._ask_at and self._servers.running()):
            return
        self._ask_at = now + ASK_SECONDS
        try:
            self._servers.ensure()
        except (EmbeddedError, OSError) as error:
            self._failures += 1
            pause = pause_after(self._failures)
            self._not_before = time.monotonic() + pause
            self._ask_at = 0.0
            log.error("a server does not start; tried again", after_seconds=pause, error=str(error))
        else:
            self._failures = 0
        with contextlib.suppress(psycopg.Error):  # the server has died; a later call starts it again
            self._servers.keep_reader_login()
