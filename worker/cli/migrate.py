"""`onrecord migrate`: brings the database to the newest schema."""

from typing import TYPE_CHECKING

import typer

from worker.cli.answers import write_line
from worker.cli.connection import owner_engine
from worker.cli.options import KEEP
from worker.cli.plural import counted

if TYPE_CHECKING:
    from sqlalchemy import Connection


def migrate() -> None:
    """Bring the database to the newest schema."""
    from worker.report import views
    from worker.settings import settings
    from worker.store import floor, languages, readers
    from worker.store.db import schema

    with owner_engine() as engine:
        before = schema.current_revision(engine)
        steps = schema.upgrade(engine)
        with engine.begin() as connection:
            folded = languages.fold_later(connection)
        floor.keep(engine, settings().least_confidence)
        with engine.begin() as connection:
            # If two processes change the same right or role at once, PostgreSQL refuses one of them.
            schema.keep_others_waiting(connection)
            lend_login(connection)
            views.grant(connection)  # an administrator may have made the roles meanwhile
            left = readers.confine(connection)
            put_back(connection)
    if steps:
        write_line(f"The schema went from {before or 'nothing'} to {steps[-1]}.")
    else:
        write_line(f"The schema is up to date ({schema.newest_revision()}).")
    if folded is not None:
        write_line(f"The search takes accents away from now on; {counted(folded, 'quote')} indexed anew.")
    if left:
        write_line(
            "Readers may do more than they need, and only an administrator can change that: see `onrecord doctor`."
        )


def put_back(connection: "Connection") -> None:
    """Put back the settings of the analysts' role, if we may change that role; `onrecord doctor` names what is left."""
    from sqlalchemy.exc import DBAPIError

    from worker.store import readers

    try:
        with connection.begin_nested():
            if readers.exists(connection):
                readers.put_back(connection)
    except DBAPIError:
        return


def lend_login(connection: "Connection") -> None:
    """Give a reading role the password in ONRECORD_REPORT_URL, if that URL names the role and this host.

    If ONRECORD_READER_PASSWORD is set, the role of analysts gets that password.
    """
    from sqlalchemy.engine import make_url

    from worker.embedded.reader import grant_reader_login
    from worker.settings import settings
    from worker.store.roles import READER, REPORT

    passwords: dict[str, str] = {}
    if settings().reader_password:
        passwords[READER] = settings().reader_password.reveal()
    if settings().report_url:
        url = make_url(settings().report_url)
        if url.password and url.username in (READER, REPORT) and url.host == connection.engine.url.host:
            passwords[url.username] = str(url.password)
    driver = connection.connection.driver_connection
    assert driver is not None
    for role, password in passwords.items():
        grant_reader_login(driver, password, role)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=KEEP)(migrate)
