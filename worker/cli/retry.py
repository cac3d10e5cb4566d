"""`onrecord retry`: lets quarantined or ignored files wait again."""

from enum import StrEnum
from typing import Annotated

import typer

from worker.cli.answers import write_line
from worker.cli.connection import owner_engine
from worker.cli.errors import Complaint
from worker.cli.options import HAPPENED
from worker.store.states import State


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
    from worker.store.refused_files import try_again

    if file is None and not everything and state is None:
        raise Complaint("Say what to try again.", "Give --file FILE, --state quarantined, --state ignored, or --all.")
    tried_state = state or RefusedState.QUARANTINED
    with owner_engine() as engine:
        count = retry_on_conflict(engine, lambda connection: try_again(connection, tried_state.value, file))
    if not count:
        subject = f"{file} has nothing" if file else "There is nothing"
        raise Complaint(f"{subject} that is {tried_state.value}.", "`onrecord files` shows the states.")
    write_line(f"{count} wait again; a running worker takes them up within seconds (`onrecord status`).")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=HAPPENED)(retry)
