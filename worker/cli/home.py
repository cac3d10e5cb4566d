"""Which HOME a command uses, when nobody named one: that of a folder above is named, and `up` asks first."""

import os
from pathlib import Path
from typing import Annotated

import typer

from worker.cli.answers import remark
from worker.cli.errors import Complaint, nearest_home

HomeOption = Annotated[
    str | None,
    typer.Option("--home", metavar="DIR", help="The HOME to use, or to make; it comes before ONRECORD_HOME."),
]


def choose_home(named: str | None) -> None:
    """Let `up` use the HOME that --home names. Complain if it names none and the nearest one is above this folder.

    That one is most likely another project's, so nothing is started in it without being asked for.
    """
    from worker.settings import settings

    if named is not None:
        if not named.strip():
            raise Complaint("The name of the HOME is empty.", "Name a folder.", code=2)
        os.environ["ONRECORD_HOME"] = named
        settings.cache_clear()
    configured = settings()
    if configured.home is not None or (configured.database_url and configured.broker_url):
        return
    above = home_above()
    if above is not None:
        raise Complaint(
            f"{above.parent}, above this folder, has an Onrecord with articles of its own.",
            f"Its HOME: onrecord up --home {above}. One for this folder: onrecord up --home {above.name}",
        )


def name_home_above() -> None:
    """Say which HOME is used, if it is in a folder above this one."""
    above = home_above()
    if above is not None:
        remark(f"(HOME is {above}, above this folder.)")


def home_above() -> Path | None:
    """Return the nearest HOME, if it is in a folder above the current one; None if it is here, or if there is none."""
    home = nearest_home()
    return home if home is not None and home.parent != Path.cwd() else None
