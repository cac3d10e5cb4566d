"""Rights and settings that people gave on the old database, given again on the new one.

Roles belong to the server, with their passwords and memberships; a restore does not touch them. Rights on schemas,
tables and views, default rights, and the rights and settings of the database itself belong to one database.
"""

import re
import tempfile
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, Engine

from worker.backups.databases import connect
from worker.backups.programs import binary, output, run

RIGHT = re.compile(r"^\d+; \d+ \d+ (?:DEFAULT )?ACL .*$", re.MULTILINE)
"""A line of the list of contents that stands for rights on one thing, or for default rights."""
OF_POSTGRESQL = re.compile(r"ACL (?:- LANGUAGE|pg_catalog) ")
"""Leave out these rights of a backup: they are about PostgreSQL's own functions, on the server where it was made."""
MISSING_ROLE = re.compile(r'role "(.+)" does not exist')

DATABASE_RIGHTS = """
SELECT r.privilege_type, r.grantee, pg_get_userbyid(r.grantee), r.is_grantable
FROM pg_database d, aclexplode(d.datacl) r WHERE d.datname = %s
"""
DATABASE_SETTINGS = """
SELECT CASE WHEN s.setrole <> 0 THEN pg_get_userbyid(s.setrole) END, setting
FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) setting
WHERE d.datname = %s
"""
LISTS = (
    "search_path",
    "temp_tablespaces",
    "local_preload_libraries",
    "session_preload_libraries",
    "shared_preload_libraries",
)
"""Settings whose stored value is a list that is quoted already, and so is written as it is (as `pg_dump` does)."""


def of_backup(engine: Engine, file: Path, listed: str, database: str) -> list[str]:
    """Give the rights that the backup has in the new database; return the roles that this server does not have."""
    lines = [line for line in RIGHT.findall(listed) if not OF_POSTGRESQL.search(line)]
    return give(engine.url, database, printed(engine, file, lines))


def of_old(engine: Engine, database: str) -> None:
    """Give the rights on the engine's database in the new one as well, and the database's own rights and settings."""
    with tempfile.TemporaryDirectory(prefix="onrecord-restore-") as folder:
        file = Path(folder) / "schema.dump"
        run(engine, "pg_dump", "--format=custom", "--schema-only", "--no-owner", f"--file={file}")
        listed = output([binary(engine, "pg_restore"), "--list", str(file)])
        statements = printed(engine, file, RIGHT.findall(listed))
    give(engine.url, database, statements)


def printed(engine: Engine, file: Path, lines: Iterable[str]) -> list[str]:
    """Return the statements behind some lines of an archive's list of contents. `pg_dump` writes one on each line."""
    listed = "".join(f"{line}\n" for line in lines)
    if not listed:
        return []
    command = [binary(engine, "pg_restore"), "--file=-", "--no-owner", "--use-list=/dev/stdin", str(file)]
    script = output(command, listed)
    beginnings = ("GRANT ", "REVOKE ", "ALTER DEFAULT PRIVILEGES ", "SET SESSION AUTHORIZATION ", "RESET SESSION AUTH")
    return [line for line in script.splitlines() if line.startswith(beginnings)]


def give(url: URL, database: str, statements: Iterable[str]) -> list[str]:
    """Run statements that give rights, each on its own; return the missing roles.

    What cannot be given is left out: a right on a thing that the backup does not contain, or of a role that is gone.
    """
    missing: set[str] = set()
    with closing(connect(url, database)) as connection:
        for statement in statements:
            try:
                connection.execute(statement.encode())
            except psycopg.Error as error:
                role = MISSING_ROLE.search(str(error))
                missing |= {role[1]} if role else set()
    return sorted(missing)


def of_database(connection: psycopg.Connection, old: str, new: str) -> None:
    """Give the database `new` the rights and settings of the database `old`, as far as our user may."""
    name = sql.Identifier(new)
    statements: list[sql.Composed] = []
    rights = connection.execute(DATABASE_RIGHTS, [old]).fetchall()
    if rights:
        statements.append(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    for privilege, grantee, role, is_grantable in rights:
        to = sql.Identifier(role) if grantee else sql.SQL("PUBLIC")
        ending = sql.SQL(" WITH GRANT OPTION" if is_grantable else "")
        statements.append(sql.SQL("GRANT {} ON DATABASE {} TO {}{}").format(sql.SQL(privilege), name, to, ending))
    for role, setting in connection.execute(DATABASE_SETTINGS, [old]).fetchall():
        key, _, written = setting.partition("=")
        value = sql.SQL(written) if key.lower() in LISTS else sql.Literal(written)
        whose = sql.SQL("ROLE {} IN ").format(sql.Identifier(role)) if role else sql.SQL("")
        parameter = sql.Identifier(*key.split("."))
        statements.append(sql.SQL("ALTER {}DATABASE {} SET {} = {}").format(whose, name, parameter, value))
    for statement in statements:
        with suppress(psycopg.errors.InsufficientPrivilege):  # an administrator made it, and only they may
            connection.execute(statement)
