"""Restores a backup: all of it, or nothing.

1. Look at the backup, and at the database that it would replace, before anything is touched.
2. Keep writers out of the old database (`freeze`); everybody may go on reading it.
3. Fill a new database beside it (`databases`), migrate it, give the rights again (`rights`), forget again what people
   had forgotten (`forgetting_again`), and check it (`checking`).
4. Put the new database in the place of the old one, in one transaction (`swap`), and drop the old one.

Whatever happens before the swap, the old database is as it was. If the restore is killed, a half-filled database, or
the old one, is left under another name; the next restore drops it, and `onrecord doctor` says that it is there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from worker.backups import archive, belongings, checking, databases, extensions, rights
from worker.backups.archive import Contents
from worker.backups.errors import BackupError
from worker.backups.forgetting_again import demand_marks, forget_again
from worker.backups.freeze import frozen
from worker.backups.programs import binary, run
from worker.backups.space import demand_space
from worker.backups.swap import swap
from worker.report import views
from worker.store import languages, restored, telling, watch_lists
from worker.store.db import schema
from worker.store.db.engine import make_engine

ANALYZE = text("""ANALYZE""")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user wants, and how to tell the user what happens.

    `replace`: rows that are stored now may be lost. `unchecked`: rows of the backup may be wrong; they stay as they
    are. `seen_seconds`: a process of Onrecord that was seen within this time runs. `marks`: the file of what people had
    forgotten. `who` restores.
    """

    replace: bool
    unchecked: bool
    seen_seconds: float
    marks: Path | None
    who: str
    tell: Callable[[str], None]


def restore(engine: Engine, file: Path, wishes: Wishes) -> None:
    """Put what a backup holds in the place of the engine's database. Raises `BackupError` if that is not possible."""
    with said_who_ended_us():
        ended = put_in_place(engine, file, wishes)
    if ended:
        wishes.tell(f"Ended {ended} sessions that were connected to the old database.")
    drop_old(engine.url, databases.name_of(engine), wishes.tell)


def put_in_place(engine: Engine, file: Path, wishes: Wishes) -> int:
    """Do all of it but dropping the old database; return how many sessions of others were ended for that."""
    tell, url = wishes.tell, engine.url
    tell(f"Reading {file} …")
    contents = archive.look(binary(engine, "pg_restore"), file)
    database = databases.name_of(engine)
    schema.refuse_newer(schema.current_revision(engine))
    belongings.refuse_others(engine, database, contents.relations)
    if schema.current_revision(engine) is None:
        schema.upgrade(engine)  # makes the reader's role: a backup gives rights to this role, but contains no roles
    demand_marks(engine)
    with databases.serving(url, database) as server:
        databases.demand_rights(server, database)
        with frozen(url, database, wishes.seen_seconds) as freeze:
            if not wishes.replace and belongings.has_rows(engine):
                raise BackupError("The database has rows, and a restore would replace them.", "Add --replace to do so.")
            for leftover in databases.drop_left_behind(server, url, database):
                size = f"{leftover.size / 1e6:,.0f} MB"
                tell(f"Dropped {leftover.name}, which an interrupted restore had left ({size}).")
            demand_space(engine, contents.sql_bytes)
            try:
                new = databases.create(server, database)
                tell(f"Restoring beside the database {database} …")
                fill(engine, file, contents, new, wishes)
                rights.of_database(server, database, new)
                engine.dispose()
                tell("Taking its place …")
                return swap(url, database, freeze)
            except BaseException:
                drop_half(url, database)
                raise


@contextmanager
def said_who_ended_us() -> Iterator[None]:
    """Raise `BackupError` if the server ends one of our sessions.

    Of two restores at once, one waits for the locks of the other, which ends all sessions before its swap.
    """
    try:
        yield
    except (psycopg.Error, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, psycopg.errors.AdminShutdown):
            raise
        raise BackupError(
            "The server ended our connection: another restore has taken the database's place, or somebody stopped us.",
            "Look at what is stored now, then try again if you still want to.",
        ) from None


def fill(old: Engine, file: Path, contents: Contents, database: str, wishes: Wishes) -> None:
    """Fill the new `database` with the backup, migrate it, give it the rights on the old one, and check it."""
    with old.connect() as connection:
        last_before = telling.last_if_any(connection)
        last_delivery = watch_lists.last_given_if_any(connection)
    new = make_engine(old.url.set(database=database).render_as_string(hide_password=False))
    try:
        strange = extensions.left_out(new, contents.listed)
        with extensions.without(contents.listed, strange) as options:
            if extensions.UNACCENT in strange:
                languages.make_alone(new)
            run(new, "pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", *options, str(file))
        if strange:
            wishes.tell(f"Left out extensions that our user may not make, or this server lacks: {', '.join(strange)}.")
        wishes.tell("Migrating and checking it …")
        schema.upgrade(new)
        missing = rights.of_backup(old, file, contents.listed, database)
        if missing:
            wishes.tell(f"Left out the rights of roles that this server does not have: {', '.join(missing)}.")
        rights.of_old(old, database)
        with new.begin() as connection:
            views.grant(connection)
            waiting = restored.wait_again(connection)
            telling.tell_of_restore(connection, last_before)
            silent = restored.pause_receivers(connection, last_delivery)
            connection.execute(ANALYZE)  # the questions of the check need it, and so does whoever asks first
        if waiting:
            wishes.tell(f"Rows that were being worked on when the backup was made wait again: {waiting}.")
        if silent:
            wishes.tell(
                f"Receivers of watch-lists are paused, so that nothing is told twice: {silent}."
                " `onrecord watch-list resume NAME` lets them go on, with --skip without what came since the backup."
            )
        forget_again(old, new, wishes.marks, wishes.who, wishes.tell)
        if not wishes.unchecked:
            checking.demand_well(new, wishes.tell)
    finally:
        new.dispose()


def drop_half(url: URL, database: str) -> None:
    """Drop the database that is not complete. If the server does not answer, the next restore drops it."""
    with suppress(psycopg.Error, SQLAlchemyError, BackupError), databases.serving(url, database) as server:
        databases.drop(server, databases.filling(database))


def drop_old(url: URL, database: str, tell: Callable[[str], None]) -> None:
    """Drop the database that was replaced; if that fails, say so, since all is restored."""
    name = databases.replaced(database)
    try:
        with databases.serving(url, database) as server:
            databases.drop(server, name)
    except (psycopg.Error, BackupError) as error:
        reason = str(error).strip().splitlines()[0]
        tell(f"The old rows are still there, in the database {name} ({reason}). The next restore drops it.")
