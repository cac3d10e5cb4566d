"""The embedded servers of one HOME, as one of perhaps several commands uses them."""

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from worker.embedded.layout import Layout, lay_out
from worker.embedded.lock import FileLock
from worker.embedded.postgres import DATABASE, OWNER, READER, Postgres
from worker.embedded.reader import grant_reader_login, reader_password
from worker.embedded.server import Server
from worker.embedded.valkey import Valkey

# a first start with initdb takes seconds; a start that recovers after a crash can take longer
LOCK_SECONDS = 330.0


class Servers:
    """Servers that run for as long as somebody uses them.

    Every user holds a shared lock on `users.lock`. Who leaves tries for the exclusive one and, with it, stops the
    servers, Valkey first. Starting takes `start.lock`, so that two commands at once start each server once. A user that
    was killed leaves servers behind: the next command that finds itself alone stops them and starts its own, with its
    own settings.
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
        # Valkey first: it is there at once, while PostgreSQL may have to recover.
        self._wanted: Sequence[Server] = [
            server for server, wanted in ((self.valkey, valkey), (self.postgres, postgres)) if wanted
        ]
        self._supervise = supervise
        self._users = FileLock(layout.home / "users.lock")
        self._pid = os.getpid()

    @property
    def database_url(self) -> str:
        """PostgreSQL as the owner, for SQLAlchemy."""
        return self.postgres.url(OWNER).render_as_string()

    @property
    def report_url(self) -> str:
        """PostgreSQL as the read-only role, for SQLAlchemy; the role is there once the migrations have run."""
        return self.postgres.url(READER).render_as_string()

    @property
    def broker_url(self) -> str:
        """Valkey, for Celery."""
        return self.valkey.url

    @property
    def reader_url(self) -> str | None:
        """What psql and BI tools on this machine are given, password included; None while no port is open."""
        port = self.postgres.port
        if port is None:
            return None
        return f"postgresql://{READER}:{reader_password(self.layout.home)}@127.0.0.1:{port}/{DATABASE}"

    def grant_reader_login(self) -> bool:
        """Set the reader's password, after the migrations have made the role; False if they have not."""
        with self.postgres.connect() as connection:
            return grant_reader_login(connection, reader_password(self.layout.home), ours=True)

    def ensure(self) -> None:
        """Start what does not run; `up` calls it again when a server has died. Main thread only if supervised."""
        with FileLock(self.layout.home / "start.lock") as starting:
            starting.acquire(seconds=LOCK_SECONDS)
            for server in self._wanted:
                server.ensure(supervise=self._supervise)

    def __enter__(self) -> Self:
        if self._users.try_acquire():
            self._stop()  # left behind by a command that was killed
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
        if os.getpid() == self._pid:  # not a fork of the user, such as a pool process of Celery
            self._leave()

    def _leave(self) -> None:
        try:
            if self._users.try_acquire():
                self._stop()
            else:
                for server in self._wanted:
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
    """The servers of an existing HOME, to be used in a `with` statement.

    `supervise`: they end with this process, even if it is killed (Linux); for `up`. `port`: the one that is open to the
    reader on 127.0.0.1, 0 for none. `durable=False`: no fsync, for tests. These hold only for servers that this user
    starts. Raises `EmbeddedError`.
    """
    return Servers(lay_out(home), postgres=postgres, valkey=valkey, supervise=supervise, port=port, durable=durable)
