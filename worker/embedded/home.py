"""The HOME: the folder with the data and logs of the embedded servers.

By default it is the nearest `.onrecord/`, in the current folder or in a folder above it.
"""

import os
from pathlib import Path

from worker.embedded.account import is_root, one_user_only, reduced_account
from worker.embedded.errors import HomeMissing, HomeUnusable

NAME = ".onrecord"


def find_home(folder: Path | None = None, *, create: bool = False) -> Path:
    """Return the HOME's real path: `folder`, or without it the nearest `.onrecord/` in this folder or above.

    If there is no such folder, `create` makes it, and without `create` `HomeMissing` is raised. Raises `HomeUnusable`
    if the folder belongs to another user.
    """
    if folder is not None:
        home = folder.expanduser().absolute()
        if home.is_dir():
            return _usable(home, named=True)
        if not create:
            raise HomeMissing(
                f"There is no folder {home} (ONRECORD_HOME). Start with `onrecord up`, which makes it, "
                "or correct ONRECORD_HOME."
            )
        return _make(home)
    here = Path.cwd()
    for outer in (here, *here.parents):
        if (outer / NAME).is_dir():
            return _usable(outer / NAME, named=False)
    if not create:
        raise HomeMissing(
            f"There is no {NAME}/ in {here} or above, so there are no embedded servers to ask. "
            "Run `onrecord up` here, or go to the folder where you ran it before, "
            "or set ONRECORD_HOME or ONRECORD_DATABASE_URL."
        )
    return _make(here / NAME)


def _usable(home: Path, *, named: bool) -> Path:
    owner = home.stat().st_uid
    # Another user may have made a folder above us as a trap (/tmp/.onrecord). So root uses another user's folder only
    # if ONRECORD_HOME names it.
    if owner != os.geteuid() and not (named and is_root()):
        advice = "set ONRECORD_HOME to it" if is_root() else "set ONRECORD_HOME to a folder of your own"
        raise HomeUnusable(f"{home} belongs to another user (uid {owner}). Run onrecord as that user, or {advice}.")
    return home.resolve()


def _make(home: Path) -> Path:
    try:
        home.mkdir(mode=0o700, parents=True)
        ignored = home / ".gitignore"
        ignored.write_text("*\n")
        ignored.chmod(0o600)  # whatever the umask is
    except FileExistsError:
        if home.is_dir():
            return _usable(home, named=True)  # another command has just made the folder
        raise HomeUnusable(f"{home} is not a folder. Remove it, or set ONRECORD_HOME to another path.") from None
    except OSError as error:
        raise HomeUnusable(
            f"The folder {home} cannot be made ({error.strerror}). "
            "Go to a folder you may write in, or set ONRECORD_HOME."
        ) from error
    if is_root():
        open_to_servers(home)
    return home.resolve()


def open_to_servers(folder: Path) -> None:
    """Let the servers' group pass through a folder that we made as root; the group cannot list it."""
    try:
        os.chown(folder, -1, reduced_account().gid)
    except OSError as error:
        raise one_user_only(error) from error
    folder.chmod(0o710)
