"""Is there room for a second database beside the old one? Asked before it is made, where we can see the disk."""

import os
import shutil
from pathlib import Path

from sqlalchemy import Engine, text

from worker.backups.errors import BackupError

GROWTH = 2.0
"""Expect at most so many bytes in a database for each byte of SQL: rows with their headers, and the indexes."""
AT_LEAST = 64_000_000
"""Expect this many bytes besides: an empty database, and the log of what is written."""

DATA_FOLDER = text("""SELECT setting FROM pg_settings WHERE name = 'data_directory'""")


def demand_space(engine: Engine, sql_bytes: int) -> None:
    """Raise `BackupError` if the disk of the server is too small for the new database.

    If the server is on another machine, or does not tell us its folder, nothing is checked: then the restore ends with
    the server's own message when the disk is full, and the new database is dropped.
    """
    folder = data_folder(engine)
    if folder is None:
        return
    free, needed = shutil.disk_usage(folder).free, int(sql_bytes * GROWTH) + AT_LEAST
    if free < needed:
        raise BackupError(
            f"A restore needs about {needed / 1e6:,.0f} MB beside the old database, and {folder} has "
            f"{free / 1e6:,.0f} MB free.",
            "Free some space. Nothing was changed.",
        )


def data_folder(engine: Engine) -> Path | None:
    """Return the server's data folder if it is on this machine and may be seen, else None."""
    host = engine.url.host or str(engine.url.query.get("host", ""))
    if not host.startswith("/") and host not in ("", "localhost", "127.0.0.1", "::1"):
        return None
    with engine.connect() as connection:
        setting = connection.execute(DATA_FOLDER).scalar()  # only some roles may see it
    try:
        return Path(setting) if setting and os.access(setting, os.X_OK) else None
    except OSError:
        return None
