"""The inboxes: folders to watch, which the user names as `[NAME=]DIR`."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NAME = re.compile(r"[^/=:\x00-\x1f]+")


class InboxError(ValueError):
    """A folder that cannot be watched; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """A folder to watch: its name in reports, and its path (absolute, links resolved)."""

    name: str
    path: Path

    @property
    def root(self) -> bytes:
        """The path as the bytes that the file system uses."""
        return os.fsencode(self.path)


def from_setting(text: str) -> list[Inbox]:
    """Return the inboxes of the setting `ONRECORD_INBOX`, in which `:` separates inboxes. Raises `InboxError`."""
    return from_specs(spec for spec in text.split(":") if spec)


def from_specs(specs: Iterable[str]) -> list[Inbox]:
    """Return the inboxes that are written as `[NAME=]DIR`, one spec for each inbox.

    Raises `InboxError` if there is no spec, if a folder is missing, if two inboxes have the same name, or if one is
    inside the other.
    """
    inboxes: list[Inbox] = []
    for spec in specs:
        inbox = _from_spec(spec)
        for other in inboxes:
            _check_pair(other, inbox)
        inboxes.append(inbox)
    if not inboxes:
        raise InboxError("No folder to watch: name one with --inbox DIR, or set ONRECORD_INBOX.")
    return inboxes


def _from_spec(spec: str) -> Inbox:
    name, equals, folder = spec.partition("=")
    if not equals or "/" in name:  # the = is part of the folder's name
        name, folder = "", spec
    elif not NAME.fullmatch(name):
        raise InboxError(f"{spec!r} has no usable name before the `=`; write NAME=DIR.")
    if not folder.strip():
        raise InboxError(f"{spec!r} names no folder; write NAME=DIR.")
    try:
        path = Path(folder).expanduser().resolve()
    except RuntimeError as error:  # `~` of an unknown user, or links in a circle
        raise InboxError(f"The folder {folder} cannot be found ({error}); name another.") from error
    if not path.is_dir():
        problem = "is not a folder" if path.exists() else "does not exist"
        raise InboxError(f"The folder {folder} {problem}; make it, or name another.")
    name = name or os.fsencode(path.name).decode("utf-8", "backslashreplace")
    if not name:
        raise InboxError(f"The folder {folder} needs a name; write NAME={folder}.")
    return Inbox(name, path)


def _check_pair(one: Inbox, other: Inbox) -> None:
    """Raise `InboxError` if two inboxes have one name or one path, or if one is inside the other."""
    if one.path == other.path:
        raise InboxError(f"The folder {one.path} is named twice; name it once.")
    if one.name == other.name:
        raise InboxError(
            f"{one.path} and {other.path} would both be called {one.name!r}; give one another name: NAME={other.path}."
        )
    if one.path in other.path.parents or other.path in one.path.parents:
        raise InboxError(f"{one.path} and {other.path} lie inside one another; watch only the outer one.")


def check_places(inboxes: Iterable[Inbox], archive: Path | None, home: Path | None) -> None:
    """Raise `InboxError` if Onrecord would read its own files: the files of its HOME, or files that it archived.

    Two folders are allowed inside an inbox, because scans do not enter them: the archive, and a HOME that is a folder
    whose name begins with a dot, or is in one.
    """
    watched = list(inboxes)
    for inbox in watched:
        if archive is not None:
            place = archive.expanduser().resolve()
            target = place / inbox.name
            if any(
                place == other.path or (_overlap(target, other.path) and other.path not in place.parents)
                for other in watched
            ):
                raise InboxError(
                    f"Files of {inbox.path} would be archived to {target}, from where they would be read again. "
                    "Set ONRECORD_ARCHIVE to a folder elsewhere, or to one below the watched folder."
                )
        if home is None:
            continue
        place = home.expanduser().resolve()
        entered = inbox.path in place.parents and not _hidden(place.relative_to(inbox.path))
        if entered or place == inbox.path or place in inbox.path.parents:
            raise InboxError(
                f"{inbox.path} and the HOME of Onrecord, {place}, lie inside one another, so it would read its own "
                "data. Watch another folder, or set ONRECORD_HOME to one elsewhere."
            )


def _overlap(one: Path, other: Path) -> bool:
    return one == other or one in other.parents or other in one.parents


def _hidden(path: Path) -> bool:
    return any(name.startswith(".") for name in path.parts)
