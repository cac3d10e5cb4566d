"""The schema of a database: its revision, and the migrations, which are part of the installed package.

Alembic is loaded only to migrate. Every process asks for the revision, and Alembic would take it 0.1 s and 15 MB.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from worker.store.db.engine import single_statements

if TYPE_CHECKING:
    from alembic.config import Config

ALONE = text("""SET LOCAL lock_timeout = '10s'; LOCK TABLE migration_lock IN EXCLUSIVE MODE""")
IS_MIGRATED = text("""SELECT to_regclass('alembic_version') IS NOT NULL""")
REVISION = text("""SELECT version_num FROM alembic_version""")
RELEASE = text("""SELECT obj_description(to_regclass('alembic_version'), 'pg_class')""")
SAID_RELEASE = re.compile(r"Schema made by Onrecord ([^\s']+)")
"""The comment of the table `alembic_version`. A backup contains it, so an older release can name the one it needs."""
PACKAGE = Path(__file__).resolve().parents[2]


def migrations_folder() -> Path:
    """Return the folder of the migrations: inside the installed package, or beside it in a checkout."""
    inside = PACKAGE / "migrations"
    return inside if inside.is_dir() else PACKAGE.parent / "migrations"


def configuration() -> "Config":
    """Return Alembic's configuration, without reading a file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def newest_revision() -> str:
    """Return the revision that this release needs."""
    return max(revisions())


def knows(revision: str) -> bool:
    """True if this release has the migration; False for a migration of a newer release."""
    return revision in revisions()


def revisions() -> set[str]:
    """Return the revisions of this release: the numbers with which the names of the migrations' files begin."""
    return {path.name.partition("_")[0] for path in (migrations_folder() / "versions").glob("[0-9]*_*.py")}


def current_revision(engine: Engine) -> str | None:
    """Return the revision that the database has; None for an empty database."""
    with engine.connect() as connection:
        if not connection.execute(IS_MIGRATED).scalar_one():
            return None
        revision: str | None = connection.execute(REVISION).scalar_one_or_none()
        return revision


def release_in(comment: str) -> str | None:
    """Return the release that made a schema, as the comment of `alembic_version` says; None if it does not say."""
    said = SAID_RELEASE.search(comment)
    return said[1].rstrip(".") if said else None


def note_release(connection: Connection, *, anew: bool) -> None:
    """Write this release into the comment of `alembic_version`; without `anew`, only if there is no such comment."""
    from worker import __version__

    if anew or release_in(connection.execute(RELEASE).scalar() or "") is None:
        connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS 'Schema made by Onrecord {__version__}'")


class OtherSchema(Exception):
    """The database does not have the schema that this release works with; the message says what to do."""


@lru_cache(maxsize=1)
def needed_revision() -> str:
    """Return `newest_revision()` as of the first call: an update may replace the files while this process runs."""
    return newest_revision()


def demand(engine: Engine) -> None:
    """Raise `OtherSchema` unless the database has the schema that this release needs."""
    needed, current = needed_revision(), current_revision(engine)
    if current == needed:
        return
    refuse_newer(current)
    raise OtherSchema(
        f"The schema is at {current or 'nothing'}, and this release needs {needed}. Run `onrecord migrate` (or"
        " `onrecord up`, which does it); what was dropped waits meanwhile, and nothing is lost."
    )


def refuse_newer(revision: str | None) -> None:
    """Raise `OtherSchema` if the database was migrated by a newer release."""
    if revision is not None and not knows(revision):
        raise OtherSchema(
            f"The schema is at {revision}, which a newer release of Onrecord made; this one knows {needed_revision()}"
            " at most. Start the newer release here, too; what was dropped waits meanwhile, and nothing is lost."
        )


def changed(engine: Engine) -> bool:
    """True if the database was migrated since this process began to work with it."""
    with single_statements(engine) as connection:
        current = connection.execute(REVISION).scalar()
    return current != needed_revision()


def known_to_have_changed(engine: Engine) -> bool:
    """Ask `changed` after an error of the database; False if the database does not answer.

    If it is True, another release has migrated the database, and the error is no fault of what was asked.
    """
    try:
        return changed(engine)
    except SQLAlchemyError:
        return False


def keep_others_waiting(connection: Connection) -> None:
    """Wait at most 10 s until no other process is in its `onrecord migrate`, and keep others waiting."""
    connection.execute(ALONE)


def upgrade(engine: Engine, revision: str = "head") -> list[str]:
    """Migrate up to `revision`; return the applied revisions in order.

    The list is empty if another command has already applied them. Raise `OtherSchema` if a newer release has migrated
    the database.
    """
    from alembic import command

    refuse_newer(current_revision(engine))
    config = configuration()
    taken: list[str] = []
    with engine.connect() as connection:
        config.attributes |= {"connection": connection, "taken": taken}
        command.upgrade(config, revision)
    return taken


def downgrade(engine: Engine, revision: str) -> None:
    """Migrate down to `revision` (`base` removes everything)."""
    from alembic import command

    config = configuration()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def check(engine: Engine) -> None:
    """Raise `alembic.util.CommandError` when the models and the migrated schema differ."""
    from alembic import command

    config = configuration()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)
