"""The password of the reader, which is the role of analysts. It is needed only on the TCP port."""

import json
import os
import secrets
from pathlib import Path

import psycopg
from psycopg import sql

from worker.embedded.account import give_to_owner
from worker.store.roles import READER

ROLE_EXISTS = "select 1 from pg_roles where rolname = %s"
PASSWORD_OF = "select rolpassword from pg_authid where rolname = %s"  # noqa: S105 - a question, no password
PATIENCE = "set lock_timeout = '5s'"  # somebody may change the role in an open transaction
SET_LOGIN = sql.SQL("alter role {} login password {}")


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


def grant_reader_login(connection: psycopg.Connection, password: str, role: str = READER) -> str | None:
    """Let the role log in with `password`. Return None if the role does not exist (the migrations make it).

    We send only a SCRAM verifier, and return it. So the password is in no log and no catalogue.
    """
    if connection.execute(ROLE_EXISTS, [role]).fetchone() is None:
        return None
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(PATIENCE)
    connection.execute(SET_LOGIN.format(sql.Identifier(role), sql.Literal(verifier)))
    return verifier


def has_password(connection: psycopg.Connection, verifier: str) -> bool:
    """True if the reader's password is still the one of `verifier`: a role may change its own password."""
    return connection.execute(PASSWORD_OF, [READER]).fetchone() == (verifier,)
