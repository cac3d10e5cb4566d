"""The login of the read-only role: its password, which is asked for on the TCP port alone, and its bounds."""

import json
import os
import secrets
from pathlib import Path

import psycopg
from psycopg import sql

from worker.embedded.account import give_to_owner
from worker.embedded.postgres import READER

READER_NAME = sql.Identifier(READER)
MOST_CONNECTIONS = 20  # of the 60 that the embedded server takes
BOUNDS = {
    "default_transaction_read_only": "on",
    "search_path": "report",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "10min",  # an open question keeps deleted rows from being cleaned away
    "temp_file_limit": "2GB",  # only a superuser may set it, so the reader cannot raise it
}
# Functions of PostgreSQL itself that every role may call, and that leave something behind or keep others waiting.
SIDE_EFFECTS = """
select p.oid::regprocedure::text from pg_proc p
where p.pronamespace = 'pg_catalog'::regnamespace
  and (p.proname ~ '^pg_(try_)?advisory_(xact_)?lock' or p.proname = any (array[
      'lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lo_open', 'lowrite', 'lo_truncate', 'lo_truncate64',
      'lo_unlink', 'pg_logical_emit_message', 'pg_notify']))
  and has_function_privilege('public', p.oid, 'execute')
"""


def reader_password(home: Path) -> str:
    """The reader's password on this HOME: random, made the first time, kept in the 0600 file `secrets`."""
    kept = home / "secrets"
    if not kept.exists():
        fresh = home / f"secrets.{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"reader_password": secrets.token_urlsafe(24)}, file)
        give_to_owner(fresh, home)
        try:
            kept.hardlink_to(fresh)  # whole or not at all, and never over another's
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return str(json.loads(kept.read_text())["reader_password"])


def grant_reader_login(connection: psycopg.Connection, password: str, *, ours: bool) -> bool:
    """Let the reader log in with `password`; False if the role is not there (the migrations make it).

    `ours`: nobody but Onrecord uses this server, so the reader is bounded, and what PostgreSQL gives every role is
    taken back. On a server of others the bounds that the migrations set, or an administrator after them, stay. Only a
    SCRAM verifier is sent, so the password is in no log and no catalogue.
    """
    if connection.execute("select 1 from pg_roles where rolname = %s", [READER]).fetchone() is None:
        return False
    if ours:
        bound(connection)
        confine(connection)
    verifier = connection.pgconn.encrypt_password(password.encode(), READER.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("alter role {} login password {}").format(sql.Identifier(READER), sql.Literal(verifier))
    connection.execute(statement)
    return True


def bound(connection: psycopg.Connection) -> None:
    """Set the reader's bounds.

    What a role may always do is change its own password and settings; so they are put back each time.
    """
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("alter role {} in database {} reset all").format(READER_NAME, database))
    connection.execute(sql.SQL("alter role {} reset all").format(READER_NAME))
    for name, setting in BOUNDS.items():
        setting_it = sql.SQL("alter role {} set {} = {}")
        connection.execute(setting_it.format(READER_NAME, sql.Identifier(name), sql.Literal(setting)))
    limiting = sql.SQL("alter role {} connection limit {}")
    connection.execute(limiting.format(READER_NAME, sql.Literal(MOST_CONNECTIONS)))


def confine(connection: psycopg.Connection) -> None:
    """Take from every role but the owner what PostgreSQL gives it by default.

    Without it, a role that can read may also fill the disk (temporary tables, large objects), or take the advisory
    locks by which the parts of Onrecord know one another.
    """
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("revoke temporary on database {} from public").format(database))
    connection.execute("revoke usage on language plpgsql from public")
    for (signature,) in connection.execute(SIDE_EFFECTS).fetchall():
        connection.execute(sql.SQL("revoke execute on function {} from public").format(sql.SQL(signature)))
