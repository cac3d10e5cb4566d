"""The user that the servers run as when we are root: PostgreSQL refuses to run as root, and Valkey need not."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from worker.embedded.errors import OneUserOnly

# an existing database user first; `nobody` is on every system, but shared with other services
CANDIDATES = ("postgres", "nobody")

GIVE_URLS = (
    "Run onrecord as an ordinary user, or give it servers of your own "
    "with ONRECORD_DATABASE_URL and ONRECORD_BROKER_URL."
)


@dataclass(frozen=True)
class Account:
    """One user of this machine, by its numbers."""

    uid: int
    gid: int

    def can_reach(self, path: Path) -> bool:
        """Whether this user can enter the folder or run the file `path`: tried for real, so ACLs count too.

        Raises `OneUserOnly` where we may not become that user (a container with one user id).
        """
        try:
            done = subprocess.run(
                [shutil.which("test") or "/usr/bin/test", "-x", str(path)],
                user=self.uid,
                group=self.gid,
                extra_groups=[],
                cwd="/",
                check=False,
            )
        except OSError as error:
            raise one_user_only(error) from error
        return done.returncode == 0


def one_user_only(error: OSError) -> OneUserOnly:
    """What to raise when the system does not let us use another user id."""
    return OneUserOnly(
        f"PostgreSQL refuses to run as root, and this container has no other user id for it ({error.strerror}). "
        + GIVE_URLS
    )


def owner_of(path: Path) -> Account | None:
    """The ordinary user that owns `path`; None if it is root's or not there."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return Account(status.st_uid, status.st_gid) if status.st_uid != 0 else None


def give_to_owner(made: int | Path, folder: Path) -> None:
    """Give what we made in `folder` (a path or an open file) to the folder's owner, whom root would lock out."""
    if is_root():
        status = folder.stat()
        os.chown(made, status.st_uid, status.st_gid)


def reduced_account() -> Account:
    """The user that servers of root's run as; it must have a passwd entry, because initdb looks it up."""
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid)
    raise OneUserOnly(
        "PostgreSQL refuses to run as root, and there is neither a user `postgres` nor a user `nobody` here. "
        + GIVE_URLS
    )


def is_root() -> bool:
    """Whether we run as root."""
    return os.geteuid() == 0
