"""Finds the one file that a person names by its exact path: below its inbox, or with the inbox's name or folder."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from worker.cli.errors import Complaint
from worker.store import forgettable
from worker.store.forgettable import Inbox, Version


@dataclass(frozen=True, slots=True)
class NamedFile:
    """One path below one inbox, and every content that was seen there."""

    inbox: Inbox
    shown: str
    versions: Sequence[Version]

    @property
    def name(self) -> str:
        """Return the path with the name of its inbox before it."""
        return f"{self.inbox.name}/{self.shown}"

    @property
    def absolute(self) -> str:
        """Return the path with the folder of its inbox before it."""
        return f"{_folder(self.inbox)}/{self.shown}"


def find(connection: Connection, name: str) -> NamedFile:
    """Return the file with this exact path; complain if there is none, or if several inboxes hold one."""
    found = _all(connection, name)
    if not found:
        raise Complaint(
            f"No file is called {name}.",
            "Give its whole path below its inbox, as `onrecord files` lists it.",
        )
    if len(found) > 1:
        ways = [_way(connection, file) for file in found]
        raise Complaint(f"Several inboxes hold a file {name}.", f"Give one of: {', '.join(ways)}.")
    return found[0]


def shortest(connection: Connection, inbox: str, shown: str) -> str:
    """Return what to type so that only the file at this path below this inbox is meant."""
    found = [file for file in _all(connection, f"{inbox}/{shown}") if (file.inbox.name, file.shown) == (inbox, shown)]
    return shown if len(_all(connection, shown)) == 1 else _way(connection, found[0])


def _way(connection: Connection, file: NamedFile) -> str:
    return next((name for name in (file.name, file.absolute) if len(_all(connection, name)) == 1), file.absolute)


def _all(connection: Connection, name: str) -> list[NamedFile]:
    """Return the files that have this path; an absolute path that leads into two inboxes means the inner one."""
    inboxes = forgettable.inboxes(connection)
    files = [
        NamedFile(inbox, shown, versions)
        for inbox in inboxes
        for shown in _below(inbox, name)
        if (versions := forgettable.versions(connection, inbox.id, shown))
    ]
    if name.startswith("/"):
        return sorted(files, key=lambda file: len(file.inbox.path))[-1:]
    return files


def _below(inbox: Inbox, name: str) -> set[str]:
    """Return the paths below the inbox that a name can mean."""
    if name.startswith("/"):
        whole, folder = os.path.normpath(name), os.path.normpath(_folder(inbox))
        return {whole.removeprefix(f"{folder}/")} if whole.startswith(f"{folder}/") else set()
    with_inbox = {name.removeprefix(f"{inbox.name}/")} if name.startswith(f"{inbox.name}/") else set()
    return {name, *with_inbox}


def _folder(inbox: Inbox) -> str:
    return inbox.path.decode("utf-8", "backslashreplace")
