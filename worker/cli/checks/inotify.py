"""The check that the kernel lets us watch all folders (Linux; see `inotify(7)`)."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from worker.cli.checks.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from worker.settings import Settings

LIMITS = Path("/proc/sys/fs/inotify")
PROCESSES = Path("/proc")
MANY_FOLDERS = 200_000
"""Stop counting at this many folders; above it, the exact number does not matter."""
WALK_SECONDS = 5.0
"""Stop counting after this many seconds."""
RAISE = "Raise it: `sysctl fs.inotify.{}={}` (and in /etc/sysctl.d to keep it), or set ONRECORD_POLLING=1."


def check_inotify(settings: "Settings", limits: Path = LIMITS, processes: Path = PROCESSES) -> Iterator[Finding]:
    """Compare the number of folders to watch, and the watches already in use, with this user's limits."""
    from worker.cli.checks.folders import inboxes_of
    from worker.watch.inbox import InboxError

    try:
        inboxes = [inbox.path for inbox in inboxes_of(settings)]
    except InboxError:
        return  # the check of folders reports it
    if settings.polling or not inboxes or not limits.is_dir():
        return
    watches = int((limits / "max_user_watches").read_text())
    instances = int((limits / "max_user_instances").read_text())
    needed = sum(count_folders(folder) for folder in inboxes)
    used_instances, used_watches = in_use(processes)
    folders = f"{needed:,} folder{'' if needed == 1 else 's'} to watch"
    if needed + used_watches > watches:
        message = f"{folders}, {used_watches:,} watches used by other programs, and only {watches:,} allowed."
        yield problem("inotify", message, RAISE.format("max_user_watches", raised(needed + used_watches)))
    elif needed + used_watches > watches / 2:
        message = f"{folders}, {used_watches:,} watches used by other programs, of {watches:,} allowed."
        yield warning("inotify", message, RAISE.format("max_user_watches", raised(needed + used_watches)))
    elif used_instances >= instances:
        message = f"All {instances:,} inotify instances of this user are taken, so no new watcher gets one."
        yield problem("inotify", message, RAISE.format("max_user_instances", raised(instances)))
    elif used_instances + 2 > instances:
        message = f"{used_instances:,} of {instances:,} inotify instances of this user are taken."
        yield warning("inotify", message, RAISE.format("max_user_instances", raised(instances)))
    else:
        yield ok("inotify", f"{folders}, {watches:,} watches and {instances:,} instances allowed.")


def raised(needed: int) -> int:
    """Return a limit with room to grow: twice the need, rounded up to a power of two, and at least 1,024."""
    return max(1024, 1 << (2 * needed - 1).bit_length())


def count_folders(root: Path) -> int:
    """Count the folders at and below `root`, without following links; stop at `MANY_FOLDERS` or `WALK_SECONDS`."""
    count, deadline = 0, time.monotonic() + WALK_SECONDS
    for _ in os.walk(root):
        count += 1
        if count >= MANY_FOLDERS or time.monotonic() > deadline:
            break
    return count


def in_use(processes: Path = PROCESSES) -> tuple[int, int]:
    """Return how many inotify instances this user has, and how many watches.

    The watches of `onrecord watch` are left out, since `check_inotify` counts the folders that it watches.
    """
    instances = watches = 0
    for process in processes.glob("[0-9]*"):
        try:
            if process.stat().st_uid != os.geteuid():
                continue
            is_ours = is_watcher((process / "cmdline").read_bytes())
            for descriptor in (process / "fd").iterdir():
                if "inotify" not in str(descriptor.readlink()):
                    continue
                instances += 1
                if not is_ours:
                    watches += (process / "fdinfo" / descriptor.name).read_text().count("inotify wd:")
        except OSError:
            continue  # the process has ended, or we may not look at it
    return instances, watches


def is_watcher(command: bytes) -> bool:
    """True if a command line starts `onrecord watch`; its words are separated by NUL, as in /proc."""
    words = command.split(b"\0")
    return b"watch" in words and any(word in (b"worker", b"onrecord") or word.endswith(b"/onrecord") for word in words)
