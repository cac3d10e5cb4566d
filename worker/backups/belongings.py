"""Looks at the old database before it is replaced: does it hold rows, and does it hold anything that is not ours?"""

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from worker.backups.errors import BackupError
from worker.report import views
from worker.store.tables.models import Base

FORMER_TABLES = ("alembic_version", "parts")
"""Tables that are ours, but that no model declares: Alembic's, and one that has another name today."""
MOST_NAMES = 5
"""At most so many names stand in the message."""

ANY_ROW = text(
    """
    (SELECT 1 FROM files LIMIT 1) UNION ALL (SELECT 1 FROM documents LIMIT 1)
    UNION ALL (SELECT 1 FROM decisions LIMIT 1)
    """
)
RELATIONS = text(
    """
    SELECT n.nspname || ' ' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
      AND NOT EXISTS (SELECT 1 FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1
    """
)


def has_rows(engine: Engine) -> bool:
    """True if any file was ever dropped, or if anybody decided anything; also if the tables are of another release."""
    try:
        with engine.connect() as connection:
            return connection.execute(ANY_ROW).first() is not None
    except ProgrammingError:
        return True


def refuse_others(engine: Engine, database: str, in_backup: frozenset[str]) -> None:
    """Raise `BackupError` if the database holds tables or views that are neither ours nor in the backup.

    A restore puts a new database in the place of the old one, so they would be lost.
    """
    with engine.connect() as connection:
        strange = strangers(connection, in_backup)
    if not strange:
        return
    names = ", ".join(name.replace(" ", ".", 1) for name in strange[:MOST_NAMES])
    more = f" and {len(strange) - MOST_NAMES} more" if len(strange) > MOST_NAMES else ""
    raise BackupError(
        f"The database {database} also holds what is neither Onrecord's nor in the backup: {names}{more}.",
        "A restore replaces the whole database. Drop or move these first, or restore into a database of its own. "
        "Nothing was changed.",
    )


def strangers(connection: Connection, in_backup: frozenset[str]) -> list[str]:
    """Return the tables and views that are not ours, each as `schema name`."""
    ours = {f"public {name}" for name in (*Base.metadata.tables, *FORMER_TABLES)}
    ours |= {f"report {name}" for name in views.made(connection)}
    return [name for name in connection.execute(RELATIONS).scalars() if name not in ours | in_backup]
