"""`onrecord retry`: lets quarantined or ignored files wait again."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.answers import write_line
from worker.cli.connection import owner_engine
from worker.cli.errors import Complaint
from worker.cli.options import HAPPENED
from worker.store.states import STATE_OF_MEMBER, State

if TYPE_CHECKING:
    from sqlalchemy import Connection

# A file with one bad member of a hundred is stored, so files with such members are chosen too.
REFUSED_FILES = f"""
SELECT f.id FROM files f
WHERE f.current AND (f.state = :state OR (:state = 'quarantined' AND f.members_quarantined > 0)
    OR (:state = 'ignored' AND EXISTS (
        SELECT FROM file_documents fd LEFT JOIN documents d ON d.id = fd.document_id
        WHERE fd.file_id = f.id AND {STATE_OF_MEMBER} = 'ignored')))
  AND (CAST(:file AS text) IS NULL OR f.shown = :file OR right(:file, length(f.shown) + 1) = '/' || f.shown)
ORDER BY f.id
"""  # noqa: S608


class RefusedState(StrEnum):
    """The states from which a file can be tried again."""

    QUARANTINED = State.QUARANTINED
    IGNORED = State.IGNORED


def retry(
    file: Annotated[str | None, typer.Option("--file", help="Only this file.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All quarantined files.")] = False,
    state: Annotated[RefusedState | None, typer.Option("--state", help="Only files in this state.")] = None,
) -> None:
    """Try quarantined files again; with --state ignored, try ignored files again.

    The files and their members wait again, with no strike against them.
    """
    from worker.store.db.conflicts import retry_on_conflict

    if file is None and not everything and state is None:
        raise Complaint("Say what to try again.", "Give --file FILE, --state quarantined, --state ignored, or --all.")
    tried_state = state or RefusedState.QUARANTINED
    with owner_engine() as engine:
        count = retry_on_conflict(engine, lambda connection: try_again(connection, tried_state, file))
    if not count:
        subject = f"{file} has nothing" if file else "There is nothing"
        raise Complaint(f"{subject} that is {tried_state.value}.", "`onrecord files` shows the states.")
    write_line(f"{count} wait again; a running worker takes them up within seconds (`onrecord status`).")


def try_again(connection: "Connection", state: RefusedState, file: str | None) -> int:
    """Set refused files and members to waiting; return how many. The workers ring for waiting rows by themselves."""
    from sqlalchemy import text

    from worker.store.retrying import retry_files

    file_ids = connection.execute(text(REFUSED_FILES), {"state": state.value, "file": file}).scalars()
    return retry_files(connection, list(file_ids))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=HAPPENED)(retry)
