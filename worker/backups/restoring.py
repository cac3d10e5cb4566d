"""Restores a backup: all of it, or nothing.

1. Look at the backup, and at the database that it would replace, before anything is touched.
2. Keep writers out of the old database (`freeze`); everybody may go on reading it.
3. Fill a new database beside it (`databases`), migrate it, give the rights again (`rights`), and check it.
4. Put the new database in the place of the old one, in one transaction (`swap`), and drop the old one.

Whatever happens before the swap, the old database is as it was. If the restore is killed, a half-filled database, or
the old one, is left under another name; the next restore drops it, and `onrecord doctor` says that it is there.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL, Engine
from sqlalchemy.exc import SQLAlchemyError

from worker.backups import archive, belongings, databases, rights
from worker.backups.archive import Contents
from worker.backups.errors import BackupError
from worker.backups.freeze import frozen
from worker.backups.programs import binary, run
from worker.backups.space import demand_space
from worker.backups.swap import swap
from worker.report import views
from worker.store import restored
from worker.store.db import schema
from worker.store.db.engine import make_engine

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Restore:
    """One restore: the backup, the database to replace, and how to tell the user what happens."""

    engine: Engine
    database: str
    file: Path
    contents: Contents
    seen_seconds: float
    tell: Tell


def restore(engine: Engine, file: Path, *, replace: bool, seen_seconds: float, tell: Tell) -> None:
    """Put what a backup holds in the place of the engine's database. Raises `BackupError` if that is not possible.

    `replace`: rows that are stored now may be lost. `seen_seconds`: a process that was seen within this time runs.
    """
    tell(f"Reading {file} …")
    contents = archive.look(binary(engine, "pg_restore"), file)
    database = databases.name_of(engine)
    schema.refuse_newer(schema.current_revision(engine))
    belongings.refuse_others(engine, database, contents.relations)
    if schema.current_revision(engine) is None:
        schema.upgrade(engine)  # makes the reader's role: a backup gives rights to this role, but contains no roles
    of = Restore(engine, database, file, contents, seen_seconds, tell)
    url = engine.url
    with databases.serving(url, database) as server:
        databases.demand_rights(server, database)
        with frozen(url, database, seen_seconds) as freeze:
            if not replace and belongings.has_rows(engine):
                raise BackupError("The database has rows, and a restore would replace them.", "Add --replace to do so.")
            for leftover in databases.drop_left_behind(server, url, database):
                tell(f"Dropped {leftover.name}, which an interrupted restore had left ({leftover.size / 1e6:,.0f} MB).")
            demand_space(engine, contents.sql_bytes)
            try:
                fill(of, databases.create(server, database))
                engine.dispose()
                tell("Taking its place …")
                ended = swap(url, database, freeze)
            except BaseException:
                drop_half(url, database)
                raise
    if ended:
        tell(f"Ended {ended} sessions that were connected to the old database.")
    drop_old(url, database, tell)


def fill(of: Restore, new: str) -> None:
    """Fill the database `new` with the backup, migrate it, and give it the rights of the old one."""
    of.tell(f"Restoring beside the database {of.database} …")
    engine = make_engine(of.engine.url.set(database=new).render_as_string(hide_password=False))
    try:
        run(engine, "pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", str(of.file))
        of.tell("Migrating and checking it …")
        schema.upgrade(engine)
        missing = rights.of_backup(of.engine, of.file, of.contents.listed, new)
        if missing:
            of.tell(f"Left out the rights of roles that this server does not have: {', '.join(missing)}.")
        rights.of_old(of.engine, new)
        with databases.serving(of.engine.url, of.database) as server:
            rights.of_database(server, of.database, new)
        with engine.begin() as connection:
            views.grant(connection)
            restored.wait_again(connection)
    finally:
        engine.dispose()


def drop_half(url: URL, database: str) -> None:
    """Drop the database that is not complete. If the server does not answer, the next restore drops it."""
    with suppress(psycopg.Error, SQLAlchemyError, BackupError), databases.serving(url, database) as server:
        databases.drop(server, databases.filling(database))


def drop_old(url: URL, database: str, tell: Tell) -> None:
    """Drop the database that was replaced; if that fails, say so, since all is restored."""
    name = databases.replaced(database)
    try:
        with databases.serving(url, database) as server:
            databases.drop(server, name)
    except (psycopg.Error, BackupError) as error:
        reason = str(error).strip().splitlines()[0]
        tell(f"The old rows are still there, in the database {name} ({reason}). The next restore drops it.")
