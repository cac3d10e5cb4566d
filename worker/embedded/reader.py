"""The reader, which is the read-only role: its password, which is needed only on the TCP port, and its limits."""

import json
import os
import secrets
from pathlib import Path

import psycopg
from psycopg import sql

from worker.embedded.account import give_to_owner
from worker.embedded.postgres import READER

READER_NAME = sql.Identifier(READER)
MOST_CONNECTIONS = 20
"""At most so many connections of the reader at a time; the embedded server accepts 60 in all."""
BOUNDS = {
    "default_transaction_read_only": "on",
    "search_path": "report",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "10min",  # an open transaction keeps deleted rows on disk
    "temp_file_limit": "2GB",  # only a superuser may set it, so the reader cannot raise it
}
# PostgreSQL's own functions that every role may call although they write something or make other processes wait.
SIDE_EFFECTS = """
select p.oid::regprocedure::text from pg_proc p
where p.pronamespace = 'pg_catalog'::regnamespace
  and (p.proname ~ '^pg_(try_)?advisory_(xact_)?lock' or p.proname = any (array[
      'lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lo_open', 'lowrite', 'lo_truncate', 'lo_truncate64',
      'lo_unlink', 'pg_logical_emit_message', 'pg_notify']))
  and has_function_privilege('public', p.oid, 'execute')
"""


ROLE_EXISTS = "select 1 from pg_roles where rolname = %s"
SET_LOGIN = sql.SQL("alter role {} login password {}")
RESET_IN_DATABASE = sql.SQL("alter role {} in database {} reset all")
RESET = sql.SQL("alter role {} reset all")
SET_SETTING = sql.SQL("alter role {} set {} = {}")
LIMIT_CONNECTIONS = sql.SQL("alter role {} connection limit {}")
REVOKE_TEMPORARY = sql.SQL("revoke temporary on database {} from public")
REVOKE_LANGUAGE = "revoke usage on language plpgsql from public"
REVOKE_FUNCTION = sql.SQL("revoke execute on function {} from public")


def reader_password(home: Path) -> str:
    """Return the reader's password on this HOME. It is random, made at the first call, and kept in `secrets` (0600)."""
    kept = home / "secrets"
    if not kept.exists():
        fresh = home / f"secrets.{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"reader_password": secrets.token_urlsafe(24)}, file)
        give_to_owner(fresh, home)
        try:
            kept.hardlink_to(fresh)  # so the file is complete or does not exist, and never replaces an existing file
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return str(json.loads(kept.read_text())["reader_password"])


def grant_reader_login(connection: psycopg.Connection, password: str, *, ours: bool) -> bool:
    """Let the reader log in with `password`. Return False if the role does not exist (the migrations make it).

    `ours`: only Onrecord uses this server, so set the reader's limits, and revoke the rights that PostgreSQL gives to
    every role. On another server, keep the limits that the migrations or an administrator have set. We send only a
    SCRAM verifier, so the password is in no log and no catalogue.
    """
    if connection.execute(ROLE_EXISTS, [READER]).fetchone() is None:
        return False
    if ours:
        bound(connection)
        confine(connection)
    verifier = connection.pgconn.encrypt_password(password.encode(), READER.encode(), b"scram-sha-256").decode()
    connection.execute(SET_LOGIN.format(READER_NAME, sql.Literal(verifier)))
    return True


def bound(connection: psycopg.Connection) -> None:
    """Set the reader's limits, and reset its other settings: a role may always change its own settings."""
    database = sql.Identifier(connection.info.dbname)
    connection.execute(RESET_IN_DATABASE.format(READER_NAME, database))
    connection.execute(RESET.format(READER_NAME))
    for name, setting in BOUNDS.items():
        connection.execute(SET_SETTING.format(READER_NAME, sql.Identifier(name), sql.Literal(setting)))
    connection.execute(LIMIT_CONNECTIONS.format(READER_NAME, sql.Literal(MOST_CONNECTIONS)))


def confine(connection: psycopg.Connection) -> None:
    """Revoke the rights that PostgreSQL gives to every role by default. The owner of the database keeps its rights.

    With these rights, a role that should only read can also fill the disk (temporary tables, large objects), or take
    the advisory locks that the processes of Onrecord use so that only one of them does a thing at a time.
    """
    database = sql.Identifier(connection.info.dbname)
    connection.execute(REVOKE_TEMPORARY.format(database))
    connection.execute(REVOKE_LANGUAGE)
    for (signature,) in connection.execute(SIDE_EFFECTS).fetchall():
        connection.execute(REVOKE_FUNCTION.format(sql.SQL(signature)))
