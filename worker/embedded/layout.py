"""The layout of one HOME: its folders, and the user that its servers run as."""

import os
import re
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from worker.embedded.account import Account, give_to_owner, is_root, owner_of, reduced_account
from worker.embedded.elsewhere import POINTER, make_store, store_of
from worker.embedded.errors import HomeUnusable
from worker.embedded.identity import LOCK, LOCK_SECONDS, NAME, identity_of
from worker.embedded.lock import FileLock

MAX_SOCKET_PATH = 103
"""At most so many bytes in the path of a Unix socket. With the final NUL, Linux allows 108 and macOS allows 104."""
LONGEST_SOCKET_NAME = ".s.PGSQL.65535"
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
"""Keep sockets only below a path that matches: commas, colons, blanks and quotes have a meaning in libpq and kombu.
"""

SHORT = (Path("/tmp"), Path("/run"), Path("/var/tmp"))  # noqa: S108 - our folder in it is private, and we check its owner
"""Make the folder of the sockets in the first of these that we can write, if a path in HOME would be too long."""


@dataclass(frozen=True)
class Layout:
    """The folders of one HOME. `store` holds the data: it is HOME, or a folder that root's servers can enter."""

    home: Path
    store: Path
    sockets: Path
    account: Account | None
    """The user that the servers run as; None means our own user."""

    @property
    def logs(self) -> Path:
        """The folder of the servers' logs."""
        return self.home / "logs"

    def make_owned(self, folder: Path) -> None:
        """Make a folder with mode 0700 that belongs to the servers' user, if it does not exist."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            return
        if self.account is not None:
            os.chown(folder, self.account.uid, self.account.gid)

    def make_sockets(self) -> None:
        """Make the folder of the sockets. Raises `HomeUnusable` if another user has made it (below `SHORT`)."""
        with FileLock(self.store / LOCK) as lock:  # another command may have made it, but not given it away yet
            lock.acquire(seconds=LOCK_SECONDS)
            self.make_owned(self.sockets)
        status = self.sockets.lstat()
        uid = self.account.uid if self.account else os.geteuid()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != uid or stat.S_IMODE(status.st_mode) & 0o077:
            raise HomeUnusable(
                f"{self.sockets} must be a folder that only uid {uid} can enter, and is not. Remove it and try again."
            )


def lay_out(home: Path) -> Layout:
    """Return the layout of an existing HOME. As root, choose the servers' user, and a data folder that it can enter.

    Raises `HomeUnusable`, for example if HOME is a copy of a HOME whose data are elsewhere.
    """
    if not is_writable(home):
        raise HomeUnusable(
            f"{home} cannot be written, and every command writes there. Give yourself the right to, mount its disk "
            "writable, or set ONRECORD_HOME to another folder."
        )
    store, account = home, None
    if is_root():
        store = store_of(home) or home
        account = owner_of(store / "postgres") or owner_of(home) or reduced_account()
        if store == home and not account.can_reach(home):
            refuse_to_leave_data(home)
            store = make_store(home)
    elif os.path.lexists(home / POINTER):
        raise HomeUnusable(
            f"The data of {home} are in a folder that only root can use. Run onrecord as root. To move the data into "
            f"{home}: make a backup as root (`onrecord backup`), remove {home / POINTER} and {home / NAME}, and "
            "restore it here."
        )
    identity = identity_of(home)
    layout = Layout(home, store, _sockets(store, account.uid if account else os.geteuid(), identity.id), account)
    layout.logs.mkdir(mode=0o700, exist_ok=True)
    give_to_owner(layout.logs, home)
    layout.make_sockets()
    return layout


def erase(home: Path) -> None:
    """Delete a HOME whose servers are stopped, also its folders outside the HOME (sockets, store)."""
    layout = lay_out(home)
    for folder in {layout.sockets, layout.store, layout.home}:
        shutil.rmtree(folder, ignore_errors=True)


def refuse_to_leave_data(home: Path) -> None:
    """Raise `HomeUnusable` if the data are in a HOME that their owner can no longer enter."""
    if (home / "postgres").exists():
        raise HomeUnusable(
            f"The owner of {home / 'postgres'} can no longer enter {home}, so PostgreSQL cannot start. "
            f"Give it back the right to pass (`namei -l {home}` shows where it stops), "
            "or set ONRECORD_HOME to another folder."
        )


def _sockets(store: Path, uid: int, home_id: str) -> Path:
    """Return the folder of the sockets. Outside HOME it has the HOME's id: several HOMEs may be at one path in turn.

    Raises `HomeUnusable` if there is no place for it.
    """
    folder = store / "sockets"
    fits = len(os.fsencode(folder / LONGEST_SOCKET_NAME)) <= MAX_SOCKET_PATH
    if fits and PLAIN_PATH.fullmatch(str(folder)):
        return folder
    folders = [short / f"onrecord-{uid}-{home_id}" for short in SHORT]
    for usable in (*filter(os.path.lexists, folders), *(folder for folder in folders if is_writable(folder.parent))):
        return usable
    raise HomeUnusable(
        f"The path {store} is too long for a socket, or has other characters than letters, digits and `. _ -`; and the "
        f"folders in its place cannot be written: {', '.join(map(str, SHORT))}. Set ONRECORD_HOME to a shorter path of "
        "such characters."
    )


def is_writable(folder: Path) -> bool:
    """True if we can make a file in the folder: we have the right to, and its disk is not mounted read-only."""
    return os.access(folder, os.W_OK | os.X_OK)
