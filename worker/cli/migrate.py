"""`onrecord migrate`: brings the database to the newest schema."""

from typing import TYPE_CHECKING

import typer

from worker.cli.answers import write_line
from worker.cli.connection import READER, owner_engine
from worker.cli.options import KEEP

if TYPE_CHECKING:
    from sqlalchemy import Engine


def migrate() -> None:
    """Bring the database to the newest schema."""
    from worker.store.db import schema

    with owner_engine() as engine:
        before = schema.current_revision(engine)
        steps = schema.upgrade(engine)
        lend_login(engine)
    if steps:
        write_line(f"The schema went from {before or 'nothing'} to {steps[-1]}.")
    else:
        write_line(f"The schema is up to date ({schema.newest_revision()}).")


def lend_login(engine: "Engine") -> None:
    """Give the role `onrecord_reader` the password in ONRECORD_REPORT_URL, if that URL names this role and host."""
    from sqlalchemy.engine import make_url

    from worker.embedded.reader import grant_reader_login
    from worker.settings import settings

    report_url = settings().report_url
    if not report_url:
        return
    url = make_url(report_url)
    if url.password and url.username == READER and url.host == engine.url.host:
        with engine.begin() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            grant_reader_login(driver, str(url.password), ours=False)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=KEEP)(migrate)
