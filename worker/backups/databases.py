"""Databases of one server: makes an empty one like another, and drops what a restore left behind.

A restore works on three names: `X`, which the URL names; `X_restoring`, which is filled beside it; and `X_replaced`,
the old database from the moment that the new one has its name until it is dropped. A comment marks the last two as
ours, so that no other database of such a name is ever dropped.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple

import psycopg
from psycopg import sql
from sqlalchemy import URL, Engine

from worker.backups.errors import BackupError
from worker.store.db.session import settle

LONGEST_NAME = 63  # bytes of a name in PostgreSQL
APPLICATION = "onrecord restore"
"""The name of our connections in `pg_stat_activity`."""
MARK = "Left by `onrecord restore`; it may be dropped."
SERVED_FROM = ("postgres", "template1")
"""Connect to one of these to make, rename and drop databases: a database that is in use cannot be renamed."""

RIGHTS = """
SELECT current_user AS role, pg_get_userbyid(datdba) AS owner, pg_has_role(current_user, datdba, 'USAGE') AS owns,
       (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user) AS may_create
FROM pg_database WHERE datname = %s
"""
LIKE = """
SELECT pg_get_userbyid(d.datdba) AS owner, pg_encoding_to_char(d.encoding) AS encoding, d.datcollate, d.datctype,
       d.datlocprovider, coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS locale,
       d.datconnlimit, t.spcname
FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace
WHERE d.datname = %s
"""
LEFT_BEHIND = """
SELECT datname, pg_database_size(oid), shobj_description(oid, 'pg_database') = %s FROM pg_database
WHERE datname = ANY(%s) ORDER BY datname DESC
"""
HAS_RELATIONS = r"""
SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%' LIMIT 1
"""


class Leftover(NamedTuple):
    """A database that an interrupted restore left behind: its name and size, and whether it carries our mark."""

    name: str
    size: int  # bytes
    is_marked: bool


def name_of(engine: Engine) -> str:
    """Return the name of the database that the engine connects to."""
    if engine.url.database:
        return engine.url.database
    with engine.connect() as connection:
        return str(connection.exec_driver_sql("SELECT current_database()").scalar_one())


def filling(database: str) -> str:
    """Return the name of the database that is filled beside `database`."""
    return _with(database, "_restoring")


def replaced(database: str) -> str:
    """Return the name that `database` gets when it is replaced."""
    return _with(database, "_replaced")


def _with(database: str, ending: str) -> str:
    return database.encode()[: LONGEST_NAME - len(ending)].decode(errors="ignore") + ending


def connect(url: URL, database: str) -> psycopg.Connection:
    """Return a connection to another database of the server, in autocommit mode.

    It lasts as long as a restore: no timeout of the server ends it, and no network forgets it while it is silent.
    """
    address = url.set(drivername="postgresql", database=database).render_as_string(hide_password=False)
    connection = psycopg.connect(
        address,
        autocommit=True,
        connect_timeout=10,
        application_name=APPLICATION,
        client_encoding="UTF8",
        keepalives_idle=30,
        keepalives_interval=10,
    )
    settle(connection)
    return connection


@contextmanager
def serving(url: URL, database: str) -> Iterator[psycopg.Connection]:
    """Yield a connection to another database than `database`, from which that one can be renamed."""
    others = [name for name in SERVED_FROM if name != database]
    for name in others:
        try:
            connection = connect(url, name)
        except psycopg.OperationalError as error:
            refusal = error
            continue
        with closing(connection):
            yield connection
        return
    raise BackupError(
        f"A restore connects to the database {' or '.join(others)} of the same server, and may not: "
        f"{str(refusal).strip().splitlines()[-1]}",
        "Let the user of ONRECORD_DATABASE_URL connect to it. Nothing was changed.",
    )


def demand_rights(connection: psycopg.Connection, database: str) -> None:
    """Raise `BackupError` unless our user may make a database beside `database`, and rename both."""
    row = connection.execute(RIGHTS, [database]).fetchone()
    assert row is not None
    role, owner, owns, may_create = row
    if not may_create:
        statement = sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(role)).as_string(connection)
        raise BackupError(
            f"A restore makes a new database beside {database}, and the user {role} may not make databases.",
            f"Let an administrator run: {statement}; (and NOCREATEDB when it is done). Nothing was changed.",
        )
    if not owns:
        names = sql.Identifier(database), sql.Identifier(role)
        statement = sql.SQL("ALTER DATABASE {} OWNER TO {}").format(*names).as_string(connection)
        raise BackupError(
            f"A restore puts a new database in the place of {database}, which belongs to {owner}, not to {role}.",
            f"Let an administrator run: {statement}; Nothing was changed.",
        )


def create(connection: psycopg.Connection, database: str) -> str:
    """Make an empty database like `database` (encoding, locale, tablespace, owner) beside it; return its name."""
    row = connection.execute(LIKE, [database]).fetchone()
    assert row is not None
    owner, encoding, collate, ctype, provider, locale, limit, tablespace = row
    parts = [
        sql.SQL("create database {} template template0").format(sql.Identifier(filling(database))),
        sql.SQL("owner {}").format(sql.Identifier(owner)),
        sql.SQL("encoding {} lc_collate {} lc_ctype {}").format(*map(sql.Literal, (encoding, collate, ctype))),
        sql.SQL("connection limit {}").format(sql.Literal(limit)),
    ]
    if provider == "i":
        parts.append(sql.SQL("locale_provider icu icu_locale {}").format(sql.Literal(locale)))
    elif provider == "b":
        parts.append(sql.SQL("locale_provider builtin builtin_locale {}").format(sql.Literal(locale)))
    if tablespace != "pg_default":
        parts.append(sql.SQL("tablespace {}").format(sql.Identifier(tablespace)))
    connection.execute(sql.SQL(" ").join(parts))
    mark(connection, filling(database))
    return filling(database)


def mark(connection: psycopg.Connection, database: str) -> None:
    """Mark a database as one that may be dropped."""
    connection.execute(sql.SQL("comment on database {} is {}").format(sql.Identifier(database), sql.Literal(MARK)))


def left_behind(connection: psycopg.Connection, database: str) -> list[Leftover]:
    """Return the databases that interrupted restores of `database` left behind."""
    names = [filling(database), replaced(database)]
    return [Leftover(*row) for row in connection.execute(LEFT_BEHIND, [MARK, names]).fetchall()]


def drop_left_behind(connection: psycopg.Connection, url: URL, database: str) -> list[Leftover]:
    """Drop what interrupted restores left behind; return it. Raises `BackupError` if such a database is not ours."""
    leftovers = left_behind(connection, database)
    for leftover in leftovers:
        if not leftover.is_marked and has_relations(url, leftover.name):
            raise BackupError(
                f"There is a database {leftover.name}, a name that a restore needs, and no restore has made it.",
                "Rename or drop it. Nothing was changed.",
            )
        drop(connection, leftover.name)
    return leftovers


def has_relations(url: URL, database: str) -> bool:
    """True if a database holds anything; a restore that is killed at once leaves an empty one without a mark."""
    with closing(connect(url, database)) as connection:
        return connection.execute(HAS_RELATIONS).fetchone() is not None


def drop(connection: psycopg.Connection, database: str) -> None:
    """Drop a database, and end the sessions in it: those of a `pg_restore`, whose command was killed."""
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))
