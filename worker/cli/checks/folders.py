"""The checks of the watched folders and the archive: the folders exist, and we may read them and write where needed."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from worker.cli.checks.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from worker.settings import Settings
    from worker.watch.inbox import Inbox

MOUNTS = Path("/proc/self/mounts")
# Kinds of file systems that do not report changes made on another machine (inotify(7)).
REMOTE = ("nfs", "cifs", "smb", "9p", "fuse", "ceph", "afs", "virtiofs", "vboxsf")


def inboxes_of(settings: "Settings") -> "list[Inbox]":
    """Return the folders that the settings name, else `seeds/` if it exists. Raise `InboxError` for a bad folder."""
    from worker.watch.inbox import from_setting

    specs = settings.inbox or ("seeds" if Path("seeds").is_dir() else "")
    return from_setting(specs) if specs else []


def check_folders(settings: "Settings") -> Iterator[Finding]:
    """Check that every folder can be watched as the settings say."""
    from worker.cli.errors import nearest_home
    from worker.watch.inbox import InboxError, check_places

    try:
        inboxes = inboxes_of(settings)
    except InboxError as error:
        yield problem("folder", str(error), "Correct ONRECORD_INBOX, or make the folder.")
        return
    if not inboxes:
        yield warning("folder", "No folder is named in ONRECORD_INBOX.", "Name one there, or with up --inbox DIR.")
    for inbox in inboxes:
        yield check_folder(inbox.path, settings.after)
        if not settings.polling and (kind := file_system(inbox.path)) and kind.startswith(REMOTE):
            yield warning(
                "folder", f"{inbox.path} is on {kind}, which does not report what other machines change.",
                "Set ONRECORD_POLLING=1; without it, new files wait for the next scan.",
            )  # fmt: skip
    archive = settings.archive if settings.after == "archive" else None
    try:
        check_places(inboxes, archive, settings.home or nearest_home())
    except InboxError as error:  # `up` and `watch` refuse such folders with the same message
        yield problem("folder", str(error), "")
        return
    if settings.after == "archive":
        yield check_archive(archive, [inbox.path for inbox in inboxes])


def check_folder(folder: Path, after: str) -> Finding:
    """Check that we may list a folder and enter it. If stored files are moved or deleted, also check that we may write.

    This asks the kernel, since the mode of a folder does not show all rights (ACLs, read-only file systems).
    """
    advice = f"See `namei -l {folder}`; the user that runs Onrecord needs the rights."
    if not os.access(folder, os.R_OK):
        return problem("folder", f"{folder} cannot be read: we may not list what is in it.", advice)
    if not os.access(folder, os.X_OK):
        return problem("folder", f"{folder} cannot be entered: its files can be listed, but not opened.", advice)
    if after != "keep" and not os.access(folder, os.W_OK):
        message = f"{folder} cannot be written in, and ONRECORD_AFTER={after} takes stored files out of it."
        return problem("folder", message, f"Give us the right to write there, or set ONRECORD_AFTER=keep. {advice}")
    return ok("folder", f"{folder} can be {'read' if after == 'keep' else 'read and written'}.")


def check_archive(archive: Path | None, folders: list[Path]) -> Finding:
    """Check that stored files can be moved to the archive."""
    if archive is None:
        message = "ONRECORD_AFTER=archive, but no archive is named: stored files stay where they are."
        return problem("archive", message, "Set ONRECORD_ARCHIVE to a folder outside of those that are watched.")
    place = archive.expanduser().resolve()
    if any(folder in place.parents for folder in folders):
        message = f"The archive {place} lies inside a watched folder; a watcher without this setting reads it as news."
        return warning("archive", message, "Set ONRECORD_ARCHIVE for the watcher too, or put the archive outside.")
    if not place.exists():
        above = next(folder for folder in place.parents if folder.exists())
        if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
            return ok("archive", f"{place} will be made when the first file is archived.")
        return problem("archive", f"The archive {place} is not there and cannot be made.", "Make it, or name another.")
    if not place.is_dir():
        return problem("archive", f"The archive {place} is not a folder.", "Set ONRECORD_ARCHIVE to a folder.")
    if not os.access(place, os.W_OK | os.X_OK):
        return problem("archive", f"The archive {place} cannot be written in.", f"See `namei -l {place}`.")
    return ok("archive", f"{place} takes files.")


def file_system(folder: Path) -> str | None:
    """Return the kind of file system that a folder is on; None if the kind is not known, as outside Linux."""
    try:
        mounts = [line.split()[1:3] for line in MOUNTS.read_text().splitlines()]
    except OSError:
        return None
    above = [(point, kind) for point, kind in mounts if folder.is_relative_to(point)]
    return max(above, key=lambda mount: len(mount[0]))[1] if above else None
