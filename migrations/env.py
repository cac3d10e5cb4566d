"""How Alembic reaches the database: one migration at a time, never waiting long for a lock.

The address comes from the caller (`worker.store.db.schema`) or, for developers on the `alembic` command line, from
`ONRECORD_DATABASE_URL`.
"""

from typing import Any

from alembic import context
from sqlalchemy import Connection, text

from worker.settings import settings
from worker.store.db.engine import make_engine
from worker.store.tables.models import Base

# Any number will do, as long as only migrations use it: two of them at once take turns.
MIGRATION_LOCK = 0x6F6E7265636F7264


def ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compared_to: Any) -> bool:
    """Leave alone whatever else lives in the database, such as extensions' own tables."""
    return kind != "table" or name in Base.metadata.tables


def note(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
    """Tell the caller which revisions were taken: two commands at once take turns, and one of them finds it done."""
    context.config.attributes.get("taken", []).extend(step.up_revision_ids if step.is_upgrade else ())


def migrate(connection: Connection) -> None:
    """Run the migrations on one connection, in one transaction each."""
    connection.execute(text("SET lock_timeout = '10s'"))
    connection.execute(text("SET statement_timeout = '10min'"))
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
    connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=ours,
            transaction_per_migration=True,
            compare_server_default=True,
            on_version_apply=note,
        )
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": MIGRATION_LOCK})
        connection.commit()


if context.is_offline_mode():
    raise SystemExit("Onrecord's migrations look at the database as they run; give ONRECORD_DATABASE_URL.")

given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    url = settings().database_url
    if not url:
        raise SystemExit("Set ONRECORD_DATABASE_URL to the database that Alembic shall work on.")
    engine = make_engine(url)
    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()
