"""Extensions in a backup that the user of the database may not make, or that its server does not have.

An administrator has made them (to watch the server, for example). Onrecord needs none, so a restore leaves them out.
Only the search uses one, `unaccent`. Where that is missing, the configurations of the search are made anew without it,
before the rows come (`worker.store.languages`).
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

EXTENSION = re.compile(r"^\d+; \d+ \d+ (?:COMMENT - EXTENSION|EXTENSION -) (\S+)")
"""A line of the list of contents that stands for an extension, or for the comment on one."""
OF_SEARCH = re.compile(r"^\d+; \d+ \d+ (?:TEXT SEARCH CONFIGURATION report words_|SCHEMA - report )")
"""A line of the list of contents that stands for a configuration of the search, or for the schema that they are in."""
UNACCENT = "unaccent"
MAY_MAKE = text(
    """
    SELECT a.name FROM pg_available_extensions a
    JOIN pg_available_extension_versions v ON v.name = a.name AND v.version = a.default_version
    WHERE NOT v.superuser OR v.trusted OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
    """
)


def left_out(engine: Engine, listed: str) -> list[str]:
    """Return the names of the extensions in a list of contents that cannot be made in the engine's database."""
    in_backup = {found[1] for line in listed.splitlines() if (found := EXTENSION.match(line))}
    if not in_backup:
        return []
    with engine.connect() as connection:
        return sorted(in_backup.difference(connection.execute(MAY_MAKE).scalars()))


@contextmanager
def without(listed: str, names: list[str]) -> Iterator[list[str]]:
    """Yield the options of `pg_restore` that leave these extensions out; no options if there are none.

    Without `unaccent`, the configurations of the search are left out as well, with their schema; the caller makes them.
    """
    if not names:
        yield []
        return
    lines = [line for line in listed.splitlines() if not ((found := EXTENSION.match(line)) and found[1] in names)]
    if UNACCENT in names:
        lines = [line for line in lines if not OF_SEARCH.match(line)]
    with tempfile.TemporaryDirectory(prefix="onrecord-restore-") as folder:
        file = Path(folder) / "contents"
        file.write_text("".join(f"{line}\n" for line in lines))
        yield [f"--use-list={file}"]
