"""`onrecord migrate`: bring the database to the newest schema."""

from typing import TYPE_CHECKING

import typer

from worker.cli.connection import READER, owner_engine
from worker.cli.options import KEEP

if TYPE_CHECKING:
    from sqlalchemy import Engine


def migrate() -> None:
    """Bring the database to the newest schema."""
    from worker.store.db import schema

    with owner_engine() as engine:
        before = schema.current_revision(engine)
        taken = schema.upgrade(engine)
        lend_login(engine)
    if taken:
        print(f"The schema went from {before or 'nothing'} to {taken[-1]}.")
    else:
        print(f"The schema is up to date ({schema.newest_revision()}).")


def lend_login(engine: "Engine") -> None:
    """Give the reader the password that ONRECORD_REPORT_URL logs in with, where that names the same server."""
    from sqlalchemy.engine import make_url

    from worker.embedded.reader import grant_reader_login
    from worker.settings import settings

    given = settings().report_url
    if not given:
        return
    url = make_url(given)
    if url.password and url.username == READER and url.host == engine.url.host:
        with engine.begin() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            grant_reader_login(driver, str(url.password), ours=False)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=KEEP)(migrate)
