"""The identity of a HOME: a random id, and the folder that has it. A copy of the folder is another folder."""

import json
import os
import re
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from worker.embedded.account import give_to_owner
from worker.embedded.errors import HomeUnusable
from worker.embedded.lock import FileLock

NAME = "id"
ID = re.compile("[0-9a-f]{16}")
"""Ignore other ids: an id becomes the name of a folder, and HOME may belong to another user than root."""
LOCK = "layout.lock"
"""The lock of a HOME or a store while a command writes its identity or makes its folders."""
LOCK_SECONDS = 30.0
"""Wait at most so many seconds while another command does that; it takes milliseconds."""


@dataclass(frozen=True)
class Identity:
    """The id of a HOME, and the folder that has it: its path when it was last seen, its device and inode numbers."""

    id: str
    home: str
    device: int
    inode: int

    @classmethod
    def new(cls, home: Path) -> Self:
        """Return a new identity for the folder `home`."""
        return cls(secrets.token_hex(8), "", 0, 0).seen_at(home)

    def seen_at(self, home: Path) -> Self:
        """Return the same id for the folder `home`."""
        status = home.stat()
        return replace(self, home=str(home), device=status.st_dev, inode=status.st_ino)

    def is_of(self, home: Path) -> bool:
        """True if `home` is the folder that has this id. A moved folder keeps its inode, a copied one has another.

        The number of a device may change when the machine starts again, so it counts only for a folder that moved.
        """
        status = home.stat()
        return status.st_ino == self.inode and (status.st_dev == self.device or str(home) == self.home)


def read(folder: Path) -> Identity | None:
    """Return the identity that is written in a folder; None if there is none. Raises `HomeUnusable` if it is damaged.

    Follows no link: if we are root, the folder may belong to another user.
    """
    try:
        with os.fdopen(os.open(folder / NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)) as file:
            found = Identity(**json.loads(file.read()))
            if not ID.fullmatch(found.id):
                raise ValueError("it holds no id")
            return found
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, TypeError) as error:
        raise HomeUnusable(
            f"{folder / NAME} cannot be read ({error}). It is made again if you remove it and try again."
        ) from error


def write(folder: Path, identity: Identity) -> None:
    """Write an identity into a folder; it replaces the one there."""
    fresh = folder / f"{NAME}.{secrets.token_hex(4)}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(identity), file)
        give_to_owner(file.fileno(), folder)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / NAME)


def identity_of(home: Path) -> Identity:
    """Return the identity of a HOME that holds its data itself. A copy gets a new one, as it has data of its own."""
    found = read(home)
    if found is not None and found.is_of(home):
        return found
    with FileLock(home / LOCK) as lock:
        lock.acquire(seconds=LOCK_SECONDS)
        found = read(home)  # another command may have written it meanwhile
        if found is None or not found.is_of(home):
            found = Identity.new(home)
            write(home, found)
        return found
