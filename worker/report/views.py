"""The views of the schema `report`: their SQL is in `views.sql`, and this module puts them into a database.

The comment of the schema holds a fingerprint of the SQL that made the views. `onrecord migrate` compares it with the
fingerprint of this release's SQL, and makes the views again if the two differ. So to change a view, change `views.sql`;
no migration is needed.
"""

import re
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from worker.store import readers
from worker.store.db import schema
from worker.store.roles import READER, REPORT

VIEWS = (Path(__file__).parent / "views.sql").read_text(encoding="utf-8")
"""The statements that make every view and the search, with their comments."""

ROLES = (READER, REPORT)
"""The roles that read the views: analysts, and our commands. The migrations make them if they have the right to."""

FUNCTIONS = "report.search(text), report.matching(text), report.asked(text), report.queries(text)"
"""The functions that `views.sql` makes."""

RIGHTS = f"""
GRANT USAGE ON SCHEMA report TO {{role}};
GRANT SELECT ON ALL TABLES IN SCHEMA report TO {{role}};
GRANT EXECUTE ON FUNCTION {FUNCTIONS}, report.words_of(text), report.stems_of(text) TO {{role}};
"""
"""The rights of each role. PostgreSQL removes them when a view is dropped, so they are granted again each time."""

# This reads only the catalogue, so it does not wait for sessions that read or change the views.
COMMENT = text("""SELECT obj_description(to_regnamespace('report'), 'pg_namespace')""")

TITLE = "What people ask: read-only views over what Onrecord stored."
FINGERPRINT = re.compile(r"^Made from ([0-9a-f]+): (.*)$", re.MULTILINE)
"""The line of the schema's comment that holds the fingerprint, and the names of the views that were made."""


def names() -> list[str]:
    """Return the names of this release's views, without the schema."""
    return re.findall(r"^CREATE VIEW report\.(\w+)", VIEWS, re.MULTILINE)


def fingerprint() -> str:
    """Return 16 hexadecimal digits that change when the SQL of a view or the reader's rights change."""
    return sha256((VIEWS + RIGHTS + " ".join(ROLES)).encode()).hexdigest()[:16]


def are_current(connection: Connection) -> bool:
    """True if the database holds the views of this release. This reads the schema's comment and locks no view."""
    line = FINGERPRINT.search(connection.execute(COMMENT).scalar() or "")
    return line is not None and line[1] == fingerprint()


def migrate(engine: Engine) -> None:
    """Migrate the database to the newest revision and make the views. If it has both, Alembic is not even loaded."""
    if schema.current_revision(engine) == schema.newest_revision():
        with engine.connect() as connection:
            if are_current(connection):
                return
    schema.upgrade(engine)


def made(connection: Connection) -> list[str]:
    """Return the names of the views that this release, or the release that made this database's views, makes."""
    line = FINGERPRINT.search(connection.execute(COMMENT).scalar() or "")
    return sorted({*names(), *(line[2].split(", ") if line else ())})


def drop(connection: Connection) -> None:
    """Drop the search and every view that Onrecord made, in the caller's transaction.

    A migration calls this before it changes a column that a view uses. Other objects in the schema stay; PostgreSQL
    refuses to drop a view on which another object depends, and names that object.
    """
    if connection.execute(COMMENT).scalar() is None:
        return
    ours = ", ".join(f"report.{name}" for name in made(connection))
    readers.run(connection, f"DROP FUNCTION IF EXISTS {FUNCTIONS}")
    readers.run(connection, f"DROP VIEW IF EXISTS {ours}")
    readers.run(connection, f"COMMENT ON SCHEMA report IS '{TITLE}'")


def apply(connection: Connection) -> None:
    """Drop the views and make those of this release, with comments and rights, in the caller's transaction.

    The schema must exist. Rights are granted if the reader exists; an administrator may have to create it.
    """
    drop(connection)
    readers.run(connection, VIEWS)
    grant(connection)
    readers.run(connection, f"COMMENT ON SCHEMA report IS '{TITLE}\nMade from {fingerprint()}: {', '.join(names())}'")


def grant(connection: Connection) -> None:
    """Give the readers their rights, as far as the roles exist."""
    for role in ROLES:
        if readers.exists(connection, role):
            readers.run(connection, RIGHTS.format(role=role))
