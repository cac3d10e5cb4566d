"""`onrecord retry`: try again what was refused."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.connection import owner_engine
from worker.cli.errors import Complaint
from worker.cli.options import HAPPENED
from worker.store.states import State

if TYPE_CHECKING:
    from sqlalchemy import Connection

# A file with one bad member of a hundred is stored, so its members count too.
REFUSED = """
SELECT f.id FROM files f
WHERE f.current AND (f.state = :state OR (:state = 'quarantined' AND f.members_quarantined > 0))
  AND (CAST(:file AS text) IS NULL OR f.shown = :file OR right(:file, length(f.shown) + 1) = '/' || f.shown)
ORDER BY f.id
"""


class Refused(StrEnum):
    """States that a file can be taken out of."""

    QUARANTINED = State.QUARANTINED
    IGNORED = State.IGNORED


def retry(
    file: Annotated[str | None, typer.Option("--file", help="Only this file.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that is quarantined.")] = False,
    state: Annotated[Refused | None, typer.Option("--state", help="All in this state, or the file if it is.")] = None,
) -> None:
    """Try again what was quarantined.

    The files (with --state ignored, those) and their members wait again, with no strike against them.
    """
    if file is None and not everything and state is None:
        raise Complaint("Say what to try again.", "Give --file FILE, --state quarantined, --state ignored, or --all.")
    with owner_engine() as engine, engine.begin() as connection:
        tried = try_again(connection, state or Refused.QUARANTINED, file)
    if not tried:
        what = f"{file} has nothing" if file else "There is nothing"
        raise Complaint(f"{what} that is {(state or Refused.QUARANTINED).value}.", "`onrecord files` shows the states.")
    print(f"{tried} wait again; a running worker takes them up within seconds (`onrecord status`).")


def try_again(connection: "Connection", state: Refused, file: str | None) -> int:
    """Put the rows back to waiting; workers ring for waiting rows by themselves."""
    from sqlalchemy import text

    from worker.store.retrying import retry_files

    found = connection.execute(text(REFUSED), {"state": state.value, "file": file}).scalars()
    return retry_files(connection, list(found))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=HAPPENED)(retry)
