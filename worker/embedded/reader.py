"""The password of the read-only role, which is asked for on the TCP port alone."""

import json
import os
import secrets
from pathlib import Path

import psycopg
from psycopg import sql

from worker.embedded.account import give_to_owner
from worker.embedded.postgres import READER


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


def grant_reader_login(connection: psycopg.Connection, password: str) -> bool:
    """Let the reader log in with `password`; False if the role is not there (the migrations make it).

    Only a SCRAM verifier is sent, so the password is in no log and no catalogue.
    """
    if connection.execute("select 1 from pg_roles where rolname = %s", [READER]).fetchone() is None:
        return False
    verifier = connection.pgconn.encrypt_password(password.encode(), READER.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("alter role {} login password {}").format(sql.Identifier(READER), sql.Literal(verifier))
    connection.execute(statement)
    return True
