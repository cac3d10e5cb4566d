"""Both embedded servers of one HOME, which several commands may use at the same time."""

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from worker.embedded.elsewhere import USERS_LOCK
from worker.embedded.errors import EmbeddedError
from worker.embedded.layout import Layout, lay_out
from worker.embedded.lock import FileLock
from worker.embedded.memory import most_readers
from worker.embedded.postgres import DATABASE, OWNER, Postgres
from worker.embedded.reader import grant_reader_login, has_password, reader_password
from worker.embedded.server import Server
from worker.embedded.valkey import Valkey
from worker.settings import settings
from worker.store.roles import READER, REPORT

LOCK_SECONDS = 330.0
"""Wait at most so many seconds while another command starts the servers. initdb takes seconds, recovery longer."""


class Servers:
    """Servers that run as long as a command uses them.

    Every command holds a shared lock on `users.lock`. A command that ends tries to get the exclusive lock. If it
    succeeds, no other command uses the servers, so it stops them, Valkey first. A command holds `start.lock` while it
    starts the servers, so two commands never start a server twice. A command that is killed leaves its servers running.
    The next command that is alone stops these servers and starts new ones with its own settings.
    """

    def __init__(
        self,
        layout: Layout,
        *,
        postgres: bool = True,
        valkey: bool = True,
        supervise: bool = False,
        port: int = 0,
        durable: bool = True,
    ) -> None:
        self.layout = layout
        self.postgres = Postgres(layout, port=port, durable=durable)
        self.valkey = Valkey(layout)
        # Start Valkey first: it answers at once, but PostgreSQL may have to recover.
        self._used: Sequence[Server] = [
            server for server, is_used in ((self.valkey, valkey), (self.postgres, postgres)) if is_used
        ]
        self._supervise = supervise
        self._users = FileLock(layout.store / USERS_LOCK)
        self._pid = os.getpid()
        self._verifier: str | None = None  # what the server keeps of the reader's password, once we have set it

    @property
    def database_url(self) -> str:
        """The URL of PostgreSQL as the owner, for SQLAlchemy."""
        return self.postgres.url(OWNER)

    @property
    def report_url(self) -> str:
        """The URL of PostgreSQL as the read-only role of our own commands. The migrations make the role."""
        return self.postgres.url(REPORT)

    @property
    def broker_url(self) -> str:
        """The URL of Valkey, for Celery."""
        return self.valkey.url

    @property
    def reader_url(self) -> str | None:
        """The reader's URL for psql and BI tools on this machine, with the password; None if no port is open."""
        port = self.postgres.port
        if port is None:
            return None
        return f"postgresql://{READER}:{reader_password(self.layout.home)}@127.0.0.1:{port}/{DATABASE}"

    def grant_reader_login(self) -> bool:
        """Set the reader's password and limits; return False if the migrations have not made the role yet."""
        from worker.store import readers
        from worker.store.db.engine import make_engine

        engine = make_engine(self.database_url, application="onrecord readers")
        try:
            with engine.begin() as owner:
                readers.end_writers(owner)
            with self.postgres.connect() as connection:
                self._verifier = grant_reader_login(connection, reader_password(self.layout.home))
            if self._verifier is None:
                return False
            with engine.begin() as owner:
                readers.bind(owner, most_readers(settings().session_memory_bytes))
                readers.confine(owner)
        finally:
            engine.dispose()
        return True

    def keep_reader_login(self) -> None:
        """Set the reader's password again if it was changed: a role may change its own password.

        Without an open port nobody needs it.
        """
        if self._verifier is None or self.postgres.port is None:
            return
        with self.postgres.connect() as connection:
            if not has_password(connection, self._verifier):
                self._verifier = grant_reader_login(connection, reader_password(self.layout.home))

    def running(self) -> bool:
        """True if the processes of all servers run; whether they answer is not asked."""
        return all(server.running() for server in self._used)

    def ensure(self) -> None:
        """Start the servers that do not run. `up` calls this again when a server has died.

        Supervised servers must be started from the main thread.
        """
        needed: list[Server] = []
        failures: list[EmbeddedError] = []
        for server in self._used:  # if one fails, the other is started all the same
            try:
                if server.running() and server.answers():
                    server.look_after()
                else:
                    needed.append(server)
            except EmbeddedError as error:
                failures.append(error)
        if needed:  # else without the lock: `up` may hold it for seconds, because it waits for a server that hangs
            with FileLock(self.layout.store / "start.lock") as start_lock:
                start_lock.acquire(seconds=LOCK_SECONDS)
                for server in needed:
                    try:
                        server.ensure(supervise=self._supervise)
                    except EmbeddedError as error:
                        failures.append(error)
        if failures:
            raise failures[0]

    def __enter__(self) -> Self:
        if self._users.try_acquire():
            self._stop()  # a command that was killed left these servers running
        self._users.acquire(shared=True, seconds=LOCK_SECONDS)
        try:
            self.ensure()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if os.getpid() == self._pid:  # not in a fork of the command, such as a pool process of Celery
            self._leave()

    def _leave(self) -> None:
        try:
            if self._users.try_acquire():
                self._stop()
            else:
                for server in self._used:
                    server.leave()
        finally:
            self._users.release()

    def _stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()


def embedded_servers(
    home: Path,
    *,
    postgres: bool = True,
    valkey: bool = True,
    supervise: bool = False,
    port: int = 0,
    durable: bool = True,
) -> Servers:
    """Return the servers of an existing HOME, to be used in a `with` statement.

    `supervise`: the servers end with this process, even if it is killed (Linux only); `up` uses this. `port`: the port
    on 127.0.0.1 that is open to the reader; 0 opens no port. `durable=False`: no fsync, for tests. The options apply
    only to servers that this command starts, not to servers that already run. Raises `EmbeddedError`.
    """
    return Servers(lay_out(home), postgres=postgres, valkey=valkey, supervise=supervise, port=port, durable=durable)
