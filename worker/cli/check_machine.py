"""Checks of this machine: folders, inotify, disk."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from worker.cli.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from worker.settings import Settings

INOTIFY = Path("/proc/sys/fs/inotify")
MOUNTS = Path("/proc/self/mounts")
FEW_INSTANCES = 16
MANY_FOLDERS = 200_000  # enough to know; nobody waits for an exact count
# Changes made on another machine are not reported by these (inotify(7)).
REMOTE = ("nfs", "cifs", "smb", "9p", "fuse", "ceph", "afs", "virtiofs", "vboxsf")


def check_machine(given: "Settings") -> Iterator[Finding]:
    """Every check that needs no server."""
    folders = list(check_folders(given))
    yield from (finding for _, finding in folders)
    watched = [folder for folder, finding in folders if folder is not None and finding.level == "ok"]
    if watched and INOTIFY.is_dir() and not given.polling:
        yield check_inotify(watched)
    for folder in watched:
        if not given.polling and (kind := file_system(folder)) and kind.startswith(REMOTE):
            yield warning(
                "folder", f"{folder} is on {kind}, which does not report what other machines change.",
                "Set ONRECORD_POLLING=1; without it, new files wait for the next scan.",
            )  # fmt: skip
    yield check_disk(given, given.home or Path.cwd())


def check_folders(given: "Settings") -> Iterator[tuple[Path | None, Finding]]:
    """Whether the folders to watch are there and can be read."""
    from worker.watch.inbox import InboxError, from_setting

    named = given.inbox or ("seeds" if Path("seeds").is_dir() else "")
    if not named:
        yield (
            None,
            warning("folder", "No folder is named in ONRECORD_INBOX.", "Name one there, or with up --inbox DIR."),
        )
        return
    try:
        inboxes = from_setting(named)
    except InboxError as error:
        yield None, problem("folder", str(error), "Correct ONRECORD_INBOX.")
        return
    for inbox in inboxes:
        rights = os.R_OK | os.X_OK | (os.W_OK if given.after != "keep" else 0)
        if os.access(inbox.path, rights):
            yield inbox.path, ok("folder", f"{inbox.path} can be read.")
        else:
            need = "read" if given.after == "keep" else f"read and written, since ONRECORD_AFTER is {given.after}"
            yield inbox.path, problem("folder", f"{inbox.path} cannot be {need}.", f"See `namei -l {inbox.path}`.")
    if given.after == "archive" and (given.archive is None or not os.access(given.archive, os.W_OK | os.X_OK)):
        yield None, problem("archive", f"{given.archive or 'No folder'} cannot take files.", "Set ONRECORD_ARCHIVE.")


def check_inotify(folders: list[Path]) -> Finding:
    """Whether the kernel lets us watch so many folders."""
    most = int((INOTIFY / "max_user_watches").read_text())
    instances = int((INOTIFY / "max_user_instances").read_text())
    needed = sum(count_folders(folder) for folder in folders)
    raising = "`sysctl fs.inotify.{}=524288`, or set ONRECORD_POLLING=1."
    if needed > most:
        return problem("inotify", f"{needed:,} folders, {most:,} watches.", raising.format("max_user_watches"))
    if needed > most / 2:
        return warning("inotify", f"{needed:,} folders of {most:,} watches.", raising.format("max_user_watches"))
    if instances < FEW_INSTANCES:
        return warning("inotify", f"Only {instances} watchers a user.", "`sysctl fs.inotify.max_user_instances=512`.")
    return ok("inotify", f"{needed:,} folder{'' if needed == 1 else 's'}, {most:,} watches allowed.")


def count_folders(root: Path) -> int:
    """Folders at and below `root`, those that begin with a dot left out."""
    count = 0
    for _, below, _ in os.walk(root):
        below[:] = [name for name in below if not name.startswith(".")]
        count += 1
        if count >= MANY_FOLDERS:
            break
    return count


def file_system(folder: Path) -> str | None:
    """The kind of file system that a folder is on (Linux)."""
    try:
        mounts = [line.split()[1:3] for line in MOUNTS.read_text().splitlines()]
    except OSError:
        return None
    above = [(point, kind) for point, kind in mounts if folder.is_relative_to(point)]
    return max(above, key=lambda mount: len(mount[0]))[1] if above else None


def check_disk(given: "Settings", folder: Path) -> Finding:
    """Whether there is room for what comes in."""
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:,.1f} GB free at {folder}."
    if free < given.min_free_bytes:
        return problem("disk", said, f"Make room: intake pauses below {given.min_free_bytes / 1e9:,.1f} GB.")
    if free < 3 * given.min_free_bytes:
        return warning("disk", said, f"Make room soon: intake pauses below {given.min_free_bytes / 1e9:,.1f} GB.")
    return ok("disk", said)
