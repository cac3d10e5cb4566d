"""`onrecord backup` and `onrecord restore`: write the whole database to one file, and read it back."""

from pathlib import Path
from typing import Annotated

import typer

from worker.cli.answers import write_line
from worker.cli.connection import engine_for, resolved
from worker.cli.errors import Complaint
from worker.cli.options import KEEP
from worker.cli.output import output_path, written

OURS_ONLY = "--exclude-schema=pg_catalog"
"""Keep rights to PostgreSQL's own functions out of the file.

The embedded server takes these rights away from every role (`worker.store.readers.confine`). If the file
said so and a superuser restored it on another server, nobody there could use the functions, not even Onrecord.
"""


def backup(
    file: Annotated[
        Path,
        typer.Argument(
            parser=output_path,
            metavar="FILE",
            help="The file to write; an existing file is replaced when the new one is complete. -: stdout.",
        ),
    ],
) -> None:
    """Write the whole database to one file (pg_dump)."""
    from worker.backups.programs import run

    with written(file, private=True) as out, resolved() as settings, engine_for(settings.database_url) as engine:
        if out.isatty():
            raise Complaint("A backup cannot be shown on a terminal.", "Name a file.")
        run(engine, "pg_dump", "--format=custom", "--no-owner", OURS_ONLY, output=out)
    if file.is_file():
        write_line(f"{file}: {file.stat().st_size / 1e6:,.1f} MB. `onrecord restore {file}` reads it back.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `onrecord backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Restore even if the rows stored now are lost.")] = False,
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Restore the rows as they are, even if some are wrong.")
    ] = False,
) -> None:
    """Restore a backup: all of it, or nothing.

    The backup is restored and checked beside the database, which it then replaces. Rows in the database are replaced
    only with --replace. Nothing is restored while workers run. What people had forgotten stays forgotten.
    """
    from worker.backups import marks_file
    from worker.backups.restoring import Wishes, restore
    from worker.cli import kept_marks
    from worker.cli.signature import user_name
    from worker.waiting import spoken, waiting_for

    def tell(sentence: str) -> None:
        write_line(sentence)
        spoken()

    with waiting_for("the restore"), resolved() as settings, engine_for(settings.database_url) as engine:
        marks = kept_marks.kept_in()
        if marks is not None:
            kept_marks.say_damaged(marks, marks_file.damaged(marks))
        wishes = Wishes(
            replace=replace,
            unchecked=unchecked,
            seen_seconds=settings.seen_seconds,
            marks=marks,
            who=user_name(),
            tell=tell,
        )
        restore(engine, file, wishes)
        kept_marks.keep(engine)
    tell(f"Restored from {file}.")


def register(app: typer.Typer) -> None:
    """Add both commands."""
    app.command(rich_help_panel=KEEP)(backup)
    app.command(rich_help_panel=KEEP)(restore)
