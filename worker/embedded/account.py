"""The user that the servers run as when we are root: PostgreSQL refuses to run as root, and Valkey has no need to."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from worker.embedded.errors import HomeUnusable, OneUserOnly

CANDIDATES = ("postgres", "nobody")
"""Try these users in this order. A database user is better than `nobody`, which other services use too."""

GIVE_URLS = (
    "Run onrecord as an ordinary user, or give it servers of your own "
    "with ONRECORD_DATABASE_URL and ONRECORD_BROKER_URL."
)


@dataclass(frozen=True)
class Account:
    """One user of this machine: its user id and group id."""

    uid: int
    gid: int

    def can_reach(self, path: Path) -> bool:
        """True if this user can enter the folder or run the file `path`. It runs `test -x` as that user, so ACLs count.

        Raises `OneUserOnly` if we may not become that user (a container with one user id).
        """
        try:
            result = subprocess.run(
                [shutil.which("test") or "/usr/bin/test", "-x", str(path)],
                user=self.uid,
                group=self.gid,
                extra_groups=[],
                cwd="/",
                check=False,
            )
        except OSError as error:
            raise one_user_only(error) from error
        return result.returncode == 0


def one_user_only(error: OSError) -> OneUserOnly:
    """Return the error to raise if the system does not let us use another user id."""
    return OneUserOnly(
        f"PostgreSQL refuses to run as root, and this container has no other user id for it ({error.strerror}). "
        + GIVE_URLS
    )


def owner_of(path: Path) -> Account | None:
    """Return the ordinary user that owns `path`; None if root owns it or if there is no such path."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return Account(status.st_uid, status.st_gid) if status.st_uid != 0 else None


def give_to_owner(file: int | Path, folder: Path) -> None:
    """If we are root, give `file` (a path or a descriptor) to the user that owns `folder`, where we made it."""
    if is_root():
        status = folder.stat()
        os.chown(file, status.st_uid, status.st_gid)


def reduced_account() -> Account:
    """Return the user that root's servers run as. It must have a passwd entry, because initdb looks it up."""
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


def must_be_known(uid: int) -> None:
    """Raise `HomeUnusable` if the password file has no entry for the user number: initdb looks it up.

    Containers often run with such a number (`docker run --user 12345`).
    """
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise HomeUnusable(
            f"PostgreSQL cannot be set up by user number {uid}, for which /etc/passwd has no entry. Add one (for "
            f"example `onrecord:x:{uid}:{os.getegid()}::/:/bin/false`), or run onrecord as another user, or give it "
            "servers of your own with ONRECORD_DATABASE_URL and ONRECORD_BROKER_URL."
        ) from None


def is_root() -> bool:
    """True if we run as root."""
    return os.geteuid() == 0
