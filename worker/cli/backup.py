"""`onrecord backup` and `onrecord restore`: write the whole database to one file, and read it back."""

import os
from pathlib import Path
from typing import Annotated

import typer

from worker.cli.connection import engine_for, resolved
from worker.cli.options import KEEP

OURS_ONLY = "--exclude-schema=pg_catalog"
"""Keep rights to PostgreSQL's own functions out of the file.

The embedded server takes these rights away from every role (`worker.embedded.reader.confine`). If the file
said so and a superuser restored it on another server, nobody there could use the functions, not even Onrecord.
"""


def backup(
    file: Annotated[
        Path, typer.Argument(help="The file to write; an existing file is replaced when the new one is complete.")
    ],
) -> None:
    """Write the whole database to one file (pg_dump)."""
    from worker.backups.programs import run

    partial = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
        with resolved() as settings, engine_for(settings.database_url) as engine:
            run(engine, "pg_dump", "--format=custom", "--no-owner", OURS_ONLY, f"--file={partial}")
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
    print(f"{file}: {file.stat().st_size / 1e6:,.1f} MB. `onrecord restore {file}` reads it back.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `onrecord backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Restore even if the rows stored now are lost.")] = False,
) -> None:
    """Restore a backup: all of it, or nothing.

    The backup is restored beside the database, which it then replaces. Rows in the database are replaced only with
    --replace. Nothing is restored while workers run.
    """
    from worker.backups import restoring
    from worker.report.printable import printable

    def tell(sentence: str) -> None:
        print(printable(sentence), flush=True)

    with resolved() as settings, engine_for(settings.database_url) as engine:
        restoring.restore(engine, file, replace=replace, seen_seconds=settings.seen_seconds, tell=tell)
    tell(f"Restored from {file}.")


def register(app: typer.Typer) -> None:
    """Add both commands."""
    app.command(rich_help_panel=KEEP)(backup)
    app.command(rich_help_panel=KEEP)(restore)
