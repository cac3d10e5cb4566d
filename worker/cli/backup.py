"""`onrecord backup` and `onrecord restore`: write the whole database to one file, and read it back."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from worker.cli.connection import engine_for, resolved
from worker.cli.errors import Complaint, first_line
from worker.cli.options import KEEP
from worker.cli.output import output_path, written
from worker.report.printable import printable

if TYPE_CHECKING:
    from sqlalchemy import Engine

OURS_ONLY = "--exclude-schema=pg_catalog"
"""Keep rights to PostgreSQL's own functions out of the file.

The embedded server takes these rights away from every role (`worker.embedded.reader.confine`). If the file
said so and a superuser restored it on another server, nobody there could use the functions, not even Onrecord.
"""

VERSIONS_A_MAJOR = 10_000  # server_version_num is major * 10000 + minor

LIVING_PROCESS = """
SELECT kind, host, pid FROM processes WHERE stopped_at IS NULL AND last_seen > now() - make_interval(secs => :seen)
"""
ANY_ROW = """
(SELECT 1 FROM files LIMIT 1) UNION ALL (SELECT 1 FROM documents LIMIT 1) UNION ALL (SELECT 1 FROM decisions LIMIT 1)
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
    with written(file, private=True) as out, resolved() as settings, engine_for(settings.database_url) as engine:
        if out.isatty():
            raise Complaint("A backup cannot be shown on a terminal.", "Name a file.")
        run(engine, "pg_dump", "--format=custom", "--no-owner", OURS_ONLY, output=out)
    if file.is_file():
        print(printable(f"{file}: {file.stat().st_size / 1e6:,.1f} MB. `onrecord restore {file}` reads it back."))


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `onrecord backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Restore even if the rows stored now are lost.")] = False,
) -> None:
    """Restore a backup: all of it, or nothing.

    Rows in the database are replaced only with --replace. Nothing is restored while workers run.
    """
    from worker.store.db import schema

    if not file.is_file():
        raise Complaint(f"There is no file {file}.", "Check the path.")
    with resolved() as settings, engine_for(settings.database_url) as engine:
        schema.upgrade(engine)  # makes the reader role: a backup grants rights to this role, but contains no roles
        refuse_if_running(engine, settings.seen_seconds)
        if not replace and has_rows(engine):
            raise Complaint("The database has rows, and a restore would replace them.", "Add --replace to do so.")
        engine.dispose()
        run(engine, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(file))
        schema.upgrade(engine)
    print(f"Restored from {file}.")


def has_rows(engine: "Engine") -> bool:
    """True if any file was ever dropped, or if anybody decided anything."""
    from sqlalchemy import text

    with engine.connect() as connection:
        return connection.execute(text(ANY_ROW)).first() is not None


def refuse_if_running(engine: "Engine", seen_seconds: float) -> None:
    """Raise if a process of Onrecord runs: a restore would wait for its locks, or would be mixed with its work."""
    from sqlalchemy import text

    with engine.connect() as connection:
        process = connection.execute(text(LIVING_PROCESS), {"seen": seen_seconds}).first()
    if process is not None:
        raise Complaint(
            f"A {process.kind} is running (process {process.pid} on {process.host}).", "Stop `onrecord up` first."
        )


def run(engine: "Engine", program: str, *arguments: str, output: BinaryIO | None = None) -> None:
    """Run one of PostgreSQL's programs on the engine's database, and copy its standard output into `output`.

    It does not write there itself: `pg_dump` switches its output to appending, and its errors name no file.

    The password goes into the program's environment, since every user can read arguments in the list of processes.
    """
    address = engine.url.set(drivername="postgresql")
    environment = {**os.environ, **({"PGPASSWORD": str(address.password)} if address.password else {})}
    database = address._replace(password=None).render_as_string(hide_password=False)
    command = [binary(engine, program), *arguments, f"--dbname={database}"]
    printed = subprocess.DEVNULL if output is None else subprocess.PIPE
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=printed, stderr=errors) as process,
    ):
        try:
            if output is not None and process.stdout is not None:
                shutil.copyfileobj(process.stdout, output)
            status = process.wait()
        except BaseException:
            process.kill()
            raise
        errors.seek(0)
        message = first_line(errors.read().decode(errors="replace"))
    if status < 0:
        raise Complaint(f"{program} was ended by {signal.Signals(-status).name}.", "Nothing was changed.")
    if status:
        raise Complaint(f"{program} failed: {message}", "Nothing was changed.")


def binary(engine: "Engine", program: str) -> str:
    """Return the path of the program to use.

    First choice: the program on PATH, if it has the server's major version. Second choice: the program that comes with
    Onrecord. Third choice: the program on PATH, with any version.

    `pg_dump` refuses servers newer than itself, and an older server may not know the statements of a newer
    `pg_restore`.
    """
    on_path = shutil.which(program)
    with engine.connect() as connection:
        server = connection.connection.driver_connection.info.server_version // VERSIONS_A_MAJOR  # type: ignore[union-attr]
    if on_path and major_version(on_path) == server:
        return on_path
    from worker.embedded.binaries import postgres_binary
    from worker.embedded.errors import EmbeddedError

    try:
        return str(postgres_binary(program))
    except EmbeddedError:
        if on_path:
            return on_path
        raise Complaint(f"{program} is not installed.", f"Install PostgreSQL's client programs ({server}).") from None


def major_version(program: str) -> int:
    """Return 17 for a program that prints `pg_dump (PostgreSQL) 17.2 (Debian …)`; 0 if it prints no version."""
    printed = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    digits = printed.partition(") ")[2].partition(".")[0]
    return int(digits) if digits.isdigit() else 0


def register(app: typer.Typer) -> None:
    """Add both commands."""
    app.command(rich_help_panel=KEEP)(backup)
    app.command(rich_help_panel=KEEP)(restore)
