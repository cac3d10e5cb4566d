"""PostgreSQL's own programs: `pg_dump`, which writes a backup, and `pg_restore`, which reads one."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from typing import BinaryIO

from sqlalchemy import Engine

from worker.backups.errors import BackupError
from worker.waiting import waiting_for

VERSIONS_A_MAJOR = 10_000  # server_version_num is major * 10000 + minor


def run(engine: Engine, program: str, *arguments: str, output: BinaryIO | None = None) -> None:
    """Run a program on the engine's database, and copy its standard output into `output`. Raises `BackupError`.

    The program does not write there itself: `pg_dump` switches its output to appending, and its errors name no file.

    The password goes into the program's environment, since every user can read arguments in the list of processes.
    """
    address = engine.url.set(drivername="postgresql")
    environment = plain() | ({"PGPASSWORD": str(address.password)} if address.password else {})
    database = address._replace(password=None).render_as_string(hide_password=False)
    command = [binary(engine, program), *arguments, f"--dbname={database}"]
    printed = subprocess.DEVNULL if output is None else subprocess.PIPE
    with (
        waiting_for(program),
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
        message = first_error(errors.read().decode(errors="replace"))
    if status < 0:
        raise BackupError(f"{program} was ended by {signal.Signals(-status).name}.", "Nothing was changed.")
    if status:
        raise BackupError(f"{program} failed: {message}", "Nothing was changed.")


def output(command: Sequence[str], words: str = "") -> str:
    """Run a command that needs no server, with `words` as its input; return what it prints. Raises `BackupError`."""
    result = subprocess.run(
        command, env=plain(), input=words, capture_output=True, text=True, errors="replace", check=False
    )
    if result.returncode:
        raise BackupError(first_error(result.stderr))
    return result.stdout


def plain() -> dict[str, str]:
    """Return the environment of the programs: ours, with English messages, some of which we read, and UTF-8.

    Without the encoding, `pg_dump` would write in that of the role (`ALTER ROLE … SET client_encoding`). It and
    `pg_restore` set everything else that they rely on in their sessions themselves.
    """
    return {**os.environ, "LC_MESSAGES": "C", "LANGUAGE": "C", "PGCLIENTENCODING": "UTF8"}


def first_error(printed: str) -> str:
    """Return the first line that says what went wrong, without the program's name."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()] or ["no message"]
    line = next((line for line in lines if "error: " in line), lines[0])
    return line.partition("error: ")[2] or line


def binary(engine: Engine, program: str) -> str:
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
        raise BackupError(f"{program} is not installed.", f"Install PostgreSQL's client programs ({server}).") from None


def major_version(program: str) -> int:
    """Return 17 for a program that prints `pg_dump (PostgreSQL) 17.2 (Debian …)`; 0 if it prints no version."""
    printed = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    digits = printed.partition(") ")[2].partition(".")[0]
    return int(digits) if digits.isdigit() else 0
