"""A look at a backup before anything is touched: is the file whole, is it of Onrecord, and of which schema and release?

A backup is an archive of `pg_dump` in the format `custom`: a header, a table of contents, and then the rows of each
table. `pg_restore` prints any part of it as SQL, without a server.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from worker.backups.errors import BackupError
from worker.backups.programs import first_error, output, plain
from worker.store.db import schema

MAGIC = b"PGDMP"
FORMAT_AT = 10  # the header is MAGIC, three bytes of version, the sizes of an integer and of an offset, the format
CUSTOM = 1

RELATION = re.compile(r"^\d+; 1259 \d+ (?:TABLE|VIEW|MATERIALIZED VIEW|FOREIGN TABLE) (\S+ .+) \S+$", re.MULTILINE)
"""The line of a table or view in the list of contents (1259 is `pg_class`): its schema and name, then its owner."""
OF_SCHEMA = re.compile(r"^\d+; \d+ \d+ (?:TABLE DATA \S+|COMMENT \S+ TABLE) alembic_version .*$", re.MULTILINE)
"""The lines of the schema's revision, and of the comment that names the release that made the schema."""
OF_ONRECORD = ("alembic_version", "documents", "articles", "article_sources", "statements")
"""Tables that every schema of Onrecord has."""
REVISION = re.compile(r"^COPY \S+alembic_version \(version_num\) FROM stdin;\n(\w+)$", re.MULTILINE)
PIECE = 1 << 20  # bytes read at a time

ANOTHER = "Give a file that `onrecord backup` wrote. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds: its schema's revision, the release that made the schema, its relations, its size as SQL."""

    revision: str
    release: str | None
    """None in backups of releases that did not write it down."""
    listed: str
    """The list of contents, as `pg_restore --list` prints it."""
    relations: frozenset[str]
    """Each table and view, as `schema name`."""
    sql_bytes: int
    """The size of the backup as SQL; in a database, the same rows and their indexes need more."""


def look(pg_restore: str, file: Path) -> Contents:
    """Read a backup from its beginning to its end. Raises `BackupError` if this release cannot restore it."""
    demand_archive(file)
    try:
        listed = output([pg_restore, "--list", str(file)])
        sql_bytes = read_to_the_end(pg_restore, file)
        lines = "\n".join(OF_SCHEMA.findall(listed))
        of_schema = output([pg_restore, "--file=-", "--use-list=/dev/stdin", str(file)], f"{lines}\n") if lines else ""
    except BackupError as error:
        raise unreadable(file, error.sentence) from None
    relations = frozenset(RELATION.findall(listed))
    revision = REVISION.search(of_schema)
    if revision is None or any(f"public {table}" not in relations for table in OF_ONRECORD):
        raise BackupError(f"{file} is a backup of another program: it has no tables of Onrecord.", ANOTHER)
    contents = Contents(revision[1], schema.release_in(of_schema), listed, relations, sql_bytes)
    refuse_newer(file, contents)
    return contents


def demand_archive(file: Path) -> None:
    """Raise `BackupError` unless the file begins as an archive does."""
    if not file.exists():
        raise BackupError(f"There is no file {file}.", "Check the path.")
    if not file.is_file():  # `pg_restore` goes back and forth in the file
        raise BackupError(f"{file} is no regular file, so it cannot be restored.", ANOTHER)
    with file.open("rb") as opened:
        header = opened.read(FORMAT_AT + 1)
    if not header:
        raise BackupError(f"{file} is empty.", ANOTHER)
    if not header.startswith(MAGIC) or header[FORMAT_AT:] != bytes([CUSTOM]):
        raise BackupError(f"{file} is no backup of Onrecord.", ANOTHER)


def read_to_the_end(pg_restore: str, file: Path) -> int:
    """Let `pg_restore` unpack the whole file; return the number of bytes. Raises `BackupError` if a part is missing."""
    size = 0
    with subprocess.Popen(
        [pg_restore, "--file=-", str(file)],
        env=plain(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as reading:
        assert reading.stdout is not None
        assert reading.stderr is not None
        try:
            while piece := reading.stdout.read(PIECE):
                size += len(piece)
            printed = reading.stderr.read().decode(errors="replace")
        except BaseException:
            reading.kill()
            raise
    if reading.returncode:
        raise BackupError(first_error(printed))
    return size


def unreadable(file: Path, why: str) -> BackupError:
    """Return the error about a file that begins as an archive, but that `pg_restore` cannot read."""
    if "unsupported version" in why:
        return BackupError(
            f"{file} was written by a newer pg_dump than the pg_restore here knows ({why}).",
            "Put PostgreSQL's newer client programs on PATH. Nothing was changed.",
        )
    return BackupError(f"{file} is cut short or damaged: {why}.", "Take another backup. Nothing was changed.")


def refuse_newer(file: Path, contents: Contents) -> None:
    """Raise `BackupError` if a newer release has made the backup's schema."""
    if schema.knows(contents.revision):
        return
    from worker import __version__

    made_by = f"release {contents.release}" if contents.release else "a newer release"
    raise BackupError(
        f"{file} needs {made_by} of Onrecord: its schema is {contents.revision}, and this release, {__version__}, "
        f"knows {schema.newest_revision()} at most.",
        f"Restore it with {made_by if contents.release else 'the release that wrote it'}, or a newer one. "
        "Nothing was changed.",
    )
