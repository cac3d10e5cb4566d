"""`onrecord migrate`: bring the database to the newest schema."""

import typer

from worker.cli.connection import owner_engine
from worker.cli.options import KEEP


def migrate() -> None:
    """Bring the database to the newest schema."""
    from worker.store import schema

    with owner_engine() as engine:
        before = schema.current_revision(engine)
        schema.upgrade(engine)
        after = schema.current_revision(engine)
    if before == after:
        print(f"The schema is up to date ({after}).")
    else:
        print(f"The schema went from {before or 'nothing'} to {after}.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=KEEP)(migrate)
