"""Opens a session of PostgreSQL with the driver alone, for commands that only ask: SQLAlchemy takes long to load."""

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg.conninfo import make_conninfo

from worker.store.db.address import parameters
from worker.store.db.session import QUESTIONS_SCHEMA, settle
from worker.waiting import waiting_for

CONNECT_SECONDS = 10
"""Wait at most so many seconds for a connection."""
SILENCE = "idle_in_transaction_session_timeout"

BECOME = """SELECT set_config('role', %s, false), set_config('default_transaction_read_only', 'on', false)"""


@dataclass(frozen=True, slots=True)
class Login:
    """Where a session is opened, and what it is bounded by. `url` is one that `address.parameters` reads.

    `role` is the role that the session takes, and then only reads; empty: it stays what the URL says. If a transaction
    sends no statement for `silence_seconds`, the server ends it.
    """

    url: str
    application: str
    silence_seconds: float
    role: str = ""

    def open(self) -> psycopg.Connection:
        """Return a new session, to be closed. Raises psycopg's errors, `NotAnAddress`, and those of `settle`."""
        named = dict(parameters(self.url))
        with waiting_for(f"PostgreSQL at {place(named)}"):
            named |= {"connect_timeout": str(CONNECT_SECONDS), "client_encoding": "UTF8"}
            connection = psycopg.connect(make_conninfo("", **named), application_name=self.application)
            try:
                settle(connection, {SILENCE: str(int(self.silence_seconds * 1000))}, schema=QUESTIONS_SCHEMA)
                if self.role:
                    become(connection, self.role)
            except BaseException:
                connection.close()
                raise
            return connection


def become(connection: psycopg.Connection, role: str) -> None:
    """Let a session be the role and only read, for as long as it lives. Raises psycopg's errors."""
    connection.execute(BECOME, [role])
    connection.commit()


def place(named: Mapping[str, str]) -> str:
    """Return where the server is: a host and a port, or the folder of its socket."""
    host, port = named.get("host", "its usual socket"), named.get("port")
    return host if port is None or host.startswith("/") else f"{host}:{port}"
