"""How Alembic reaches the database: only one migration runs at a time, and it never waits long for a lock.

The caller (`worker.store.db.schema`) gives the address; for developers on the `alembic` command line it comes from
`ONRECORD_DATABASE_URL`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from alembic.migration import MigrationContext
from psycopg.errors import (
    DependentObjectsStillExist,
    DuplicateObject,
    DuplicateTable,
    LockNotAvailable,
    UniqueViolation,
)
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from worker.report import views
from worker.settings import settings
from worker.store.db.engine import make_engine, may_be_silent
from worker.store.db.schema import OtherSchema, keep_others_waiting, note_release
from worker.store.tables.models import Base

MAKE_LOCK = """CREATE TABLE migration_lock ()"""
SAY_WHAT_IT_IS = (
    """COMMENT ON TABLE migration_lock IS 'No columns; locked so that only one migration runs at a time.'"""
)
REMOVE_LOCK = """DROP TABLE migration_lock"""
LOCK_EXISTS = """SELECT to_regclass('migration_lock') IS NOT NULL"""


def ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compared_to: Any) -> bool:
    """True for the tables that Onrecord declares; Alembic leaves all others alone, such as those of extensions."""
    return kind != "table" or name in Base.metadata.tables


def after_step(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
    """Tell the caller each revision that was applied; after a step down, drop the views.

    If two commands run at once, the second waits, and then finds nothing left to apply. The views belong to the newest
    revision, so the database has none at an older one. This runs in the transaction of the step.
    """
    if step.is_upgrade:
        context.config.attributes.get("taken", []).extend(step.up_revision_ids)
        note_release(ctx.connection, anew=True)
    else:
        views.drop(ctx.connection)


def refusal(error: DBAPIError) -> OtherSchema | None:
    """Return an error that says why the views cannot be made again, if another user of the database is the reason."""
    if isinstance(error.orig, DependentObjectsStillExist):
        return OtherSchema(
            f"The views of the schema report must be made anew, but {error.orig.diag.message_detail}. Drop that, run"
            " `onrecord migrate`, and make it again; nothing else is missing."
        )
    if isinstance(error.orig, LockNotAvailable):
        return OtherSchema(
            "The views of the schema report must be made anew, but a query is reading them. Run `onrecord migrate` once"
            " more when it has ended; nothing else is missing."
        )
    return None


def apply_views(connection: Connection) -> None:
    """Make the views of this release, if the command has reached the newest revision and the database has other views.

    Older databases do not say which release made their schema; they get this release's name.

    They are made in one transaction, under the migration lock. If this is interrupted, the next command repeats it.
    """
    try:
        context.get_revision_argument()
    except KeyError:  # a command that changes no revision, for example `check`
        return
    if set(context.get_context().get_current_heads()) != set(context.script.get_heads()):
        return
    note_release(connection, anew=False)
    if not views.are_current(connection):
        try:
            views.apply(connection)
        except DBAPIError as error:
            sentence = refusal(error)
            if sentence is None:
                raise
            raise sentence from error
    connection.commit()


@contextmanager
def alone(url: URL) -> Iterator[None]:
    """Wait until no other migration runs, and keep others waiting.

    The lock is a table without columns. (Anybody who can connect could hold an advisory lock, and so stop every start.)
    It is held by a transaction on a connection of its own, since each migration commits.
    """
    engine = make_engine(url.render_as_string(hide_password=False), application="onrecord migrate")
    try:
        with engine.connect() as connection:
            if not connection.exec_driver_sql(LOCK_EXISTS).scalar_one():
                make_lock(connection)
            connection.commit()
            may_be_silent(connection)
            keep_others_waiting(connection)
            yield
            if MigrationContext.configure(connection).get_current_revision() is None:  # everything was taken back
                connection.exec_driver_sql(REMOVE_LOCK)
            connection.commit()
    finally:
        engine.dispose()


def make_lock(connection: Connection) -> None:
    """Make the table that is locked. If another migration makes it at the same moment, PostgreSQL refuses ours.

    Only the process that made the table comments on it. If two comment at once, PostgreSQL refuses one of them, with an
    error that has no code of its own.
    """
    try:
        connection.exec_driver_sql(MAKE_LOCK)
        connection.exec_driver_sql(SAY_WHAT_IT_IS)
        connection.commit()
    except DBAPIError as error:
        connection.rollback()
        if not isinstance(error.orig, UniqueViolation | DuplicateTable | DuplicateObject):
            raise


def migrate(connection: Connection) -> None:
    """Run the migrations on one connection, each in a transaction of its own; then make the views if needed."""
    connection.execute(text("SET lock_timeout = '10s'"))
    connection.execute(text("SET statement_timeout = '10min'"))
    connection.commit()
    with alone(connection.engine.url):
        try:
            run(connection)
        finally:
            connection.rollback()


def run(connection: Connection) -> None:
    """Run the migrations and make the views; no other migration runs."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=ours,
        transaction_per_migration=True,
        compare_server_default=True,
        on_version_apply=after_step,
    )
    with context.begin_transaction():
        context.run_migrations()
    apply_views(connection)


if context.is_offline_mode():
    raise SystemExit("Onrecord's migrations look at the database as they run; give ONRECORD_DATABASE_URL.")

caller_connection = context.config.attributes.get("connection")
if caller_connection is not None:
    migrate(caller_connection)
else:
    url = settings().database_url
    if not url:
        raise SystemExit("Set ONRECORD_DATABASE_URL to the database that Alembic works on.")
    engine = make_engine(url)
    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()
