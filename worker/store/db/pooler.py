"""Notices a pooler between us and PostgreSQL, such as PgBouncer, and refuses one that we cannot work through.

A pooler that lends a session to one client for as long as the client is connected (`pool_mode = session`) does no harm.
One that lends it for a transaction (`pool_mode = transaction`) does: what is set in a session, prepared statements, and
the locks by which only one watcher reads a folder would then be in sessions of other clients. Workers need none of
these if they are told so (`worker.store.db.borrowed`).
"""

from contextlib import closing

import psycopg

LOOKS = 3
"""Compare the sessions of two connections so many times: other clients of the pooler may hide it once."""

SESSION = """SELECT pg_backend_pid()"""

_trusted: set[tuple[str, int, str]] = set()


class PooledTransactions(Exception):
    """The address is one of a pooler that lends its sessions for a transaction; the message says what to do."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"{host}:{port} is a pooler that lends its sessions for one transaction (PgBouncer: pool_mode ="
            " transaction), and Onrecord needs sessions of its own. Put PostgreSQL's own address into"
            " ONRECORD_DATABASE_URL and ONRECORD_REPORT_URL, or let the pooler lend whole sessions to this database"
            " (pool_mode = session). Only `onrecord worker` works through it, with ONRECORD_PREPARE=0."
        )


def refuse_pooled_transactions(connection: psycopg.Connection) -> None:
    """Raise `PooledTransactions` if the connection's session changes, or if another connection shares it.

    PostgreSQL tells a client the number of its process at the login. A pooler cannot tell that, so the number is wrong;
    only then, and once for each address, another connection is opened to see what kind of pooler it is.
    """
    info = connection.info
    place = (info.host, info.port, info.dbname)
    if place in _trusted:
        return
    if lends_transactions(connection):
        raise PooledTransactions(info.host, info.port)
    _trusted.add(place)


def lends_transactions(connection: psycopg.Connection) -> bool:
    """True if a pooler gives each transaction of the connection to any session. The connection must be in none."""
    before, connection.autocommit = connection.autocommit, True
    try:
        return is_pooled(connection) and shares_sessions(connection)
    finally:
        connection.autocommit = before


def is_pooled(connection: psycopg.Connection) -> bool:
    """True if a pooler stands between us and PostgreSQL."""
    return backend_of(connection) != connection.info.backend_pid


def shares_sessions(connection: psycopg.Connection) -> bool:
    """True if two transactions of one connection were in two sessions, or two connections were in one session."""
    with closing(another(connection)) as other:
        for _ in range(LOOKS):
            first, second, third = backend_of(connection), backend_of(other), backend_of(connection)
            if first != third or first == second:
                return True
    return False


def another(connection: psycopg.Connection) -> psycopg.Connection:
    """Return another connection to the same place."""
    info = connection.info
    return psycopg.connect(
        info.dsn, password=info.password or None, connect_timeout=10, autocommit=True, prepare_threshold=None
    )


def backend_of(connection: psycopg.Connection) -> int:
    """Return the number of the server's process that works for this connection now."""
    row = connection.execute(SESSION, prepare=False).fetchone()
    assert row is not None
    return int(row[0])
