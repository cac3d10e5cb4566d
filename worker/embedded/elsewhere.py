"""The data of a HOME that root's servers cannot enter: they are in a folder of the system, the store.

The store belongs to one HOME, not to a path: HOME holds the store's path and an id, and the store holds the same id
and the number (inode) of the HOME's folder. So a HOME that is moved finds its data, a new HOME at the old path gets a
store of its own, and a copy of a HOME is refused.
"""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from worker.embedded import identity
from worker.embedded.account import is_root
from worker.embedded.errors import EmbeddedError, HomeUnusable
from worker.embedded.home import open_to_servers
from worker.embedded.identity import Identity, identity_of
from worker.embedded.lock import FileLock

STORES = Path("/var/lib/onrecord")
POINTER = "elsewhere"
USERS_LOCK = "users.lock"


def pointed_at(home: Path) -> Path | None:
    """Return the store that a HOME names; None if its data are in HOME. Raises `HomeUnusable` for any other folder.

    HOME may belong to another user, who must not lead root to other folders or to data of others.
    """
    try:
        with os.fdopen(os.open(home / POINTER, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)) as file:
            store, writer = Path(file.read().strip()), os.fstat(file.fileno()).st_uid
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise HomeUnusable(f"{home / POINTER} cannot be read ({error}). Put it back from a backup.") from error
    if writer != 0:
        raise HomeUnusable(f"{home / POINTER} belongs to uid {writer}, but only root writes it. Give it back to root.")
    if store.parent != STORES:
        raise HomeUnusable(f"{home / POINTER} names {store}, which is no folder in {STORES}. Put back what it named.")
    return store


def where(home: Path) -> str | None:
    """Return a sentence about where the data of a HOME are, if they are elsewhere; otherwise None."""
    store = pointed_at(home) if is_root() else None
    if store is None:
        return None
    return (
        f"The data of {home} are in {store}, because the servers' user cannot enter {home}. You may move {home}; "
        f"a copy of it has no data; whoever removes it removes {store} too."
    )


def store_of(home: Path) -> Path | None:
    """Return the store of a HOME; None if its data are in HOME. Raises `HomeUnusable` if it is another HOME's."""
    store = pointed_at(home)
    if store is None:
        return None
    if not store.is_dir():
        raise HomeUnusable(
            f"The data of {home} were in {store}, which is not there any more. Put it back, or, to begin without data, "
            f"remove {home / POINTER} and try again."
        )
    owner = identity.read(store)
    if owner is not None and owner.is_of(home) and identity.read(home) == owner == owner.seen_at(home):
        return store
    with FileLock(store / identity.LOCK) as lock:
        lock.acquire(seconds=identity.LOCK_SECONDS)
        claim(home, store)
    return store


def claim(home: Path, store: Path) -> None:
    """Write into HOME and store that they belong together. Raises `HomeUnusable` if the store is another HOME's."""
    own, owner = identity.read(home), identity.read(store)
    if owner is None:  # an older release has made it
        owner = own if own is not None and own.is_of(home) else Identity.new(home)
    elif own is not None and own.id != owner.id:
        raise HomeUnusable(not_yours(home, store, owner))
    elif not owner.is_of(home):
        refuse_unless_moved(home, store, owner, own)
    owner = owner.seen_at(home)
    identity.write(store, owner)
    identity.write(home, owner)


def refuse_unless_moved(home: Path, store: Path, owner: Identity, own: Identity | None) -> None:
    """Raise `HomeUnusable` unless HOME was moved to another disk, where its folder got another number (inode)."""
    if owner.home != str(home) and is_there(owner):
        raise HomeUnusable(not_yours(home, store, owner))
    if own is None or owner.device == home.stat().st_dev:
        raise HomeUnusable(
            f"{home} is a copy, or was put back from one: the data in {store} belong to another folder, which was last "
            f"seen at {owner.home}. If no other copy uses them, remove {store / identity.NAME} and try again. "
            + begin_anew(home)
        )
    with FileLock(store / USERS_LOCK) as users:
        if not users.try_acquire():
            raise HomeUnusable(not_yours(home, store, owner))


def is_there(owner: Identity) -> bool:
    """True if the HOME that has this identity is where it was last seen."""
    try:
        own = identity.read(Path(owner.home))
    except EmbeddedError:
        return True  # we cannot know
    return own is not None and own.id == owner.id


def not_yours(home: Path, store: Path, owner: Identity) -> str:
    """Return the message about a HOME that is a copy: two HOMEs on one store would undo each other's work."""
    return (
        f"{home} is a copy of {owner.home}, and has no data: these are in {store}, and belong to {owner.home}. "
        "Use that HOME. " + begin_anew(home)
    )


def begin_anew(home: Path) -> str:
    """Return how a copy of a HOME gets data of its own."""
    return (
        f"To give {home} data of its own, remove {home / identity.NAME} and {home / POINTER}; "
        "`onrecord backup` there and `onrecord restore` here copy the data."
    )


def make_store(home: Path) -> Path:
    """Make a store for a HOME that has no data yet, and return its path."""
    STORES.mkdir(mode=0o755, parents=True, exist_ok=True)
    with FileLock(home / "store.lock") as lock:
        lock.acquire(seconds=identity.LOCK_SECONDS)
        store = pointed_at(home)  # another command may have made it meanwhile
        if store is not None:
            return store
        owner = identity_of(home)
        store = STORES / owner.id
        if store.exists() and identity.read(store) != owner:  # HOME has taken over somebody else's id
            owner = Identity.new(home)
            identity.write(home, owner)
            store = STORES / owner.id
        store.mkdir(mode=0o700, exist_ok=True)
        open_to_servers(store)
        identity.write(store, owner)
        fresh = home / f"{POINTER}.{secrets.token_hex(4)}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{store}\n")
        fresh.replace(home / POINTER)
        return store


def abandoned() -> Iterator[tuple[Path, str]]:
    """Yield each store whose HOME is gone, with the path where that HOME was last seen. Only root can see stores."""
    for store in sorted(STORES.glob("*")):
        try:
            owner = identity.read(store)
        except EmbeddedError:
            continue
        if owner is not None and not is_there(owner):
            yield store, owner.home
