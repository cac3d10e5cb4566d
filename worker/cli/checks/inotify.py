"""Whether the kernel lets us watch as many folders as there are (Linux; `inotify(7)`)."""

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
MANY_FOLDERS = 200_000  # enough to know; nobody waits for an exact count
WALK_SECONDS = 5.0
RAISE = "Raise it: `sysctl fs.inotify.{}={}` (and in /etc/sysctl.d to keep it), or set ONRECORD_POLLING=1."


def check_inotify(given: "Settings", limits: Path = LIMITS, processes: Path = PROCESSES) -> Iterator[Finding]:
    """The folders below the inboxes, and what is used already, against the limits of this user."""
    from worker.cli.checks.folders import inboxes_of
    from worker.watch.inbox import InboxError

    try:
        inboxes = [inbox.path for inbox in inboxes_of(given)]
    except InboxError:
        return  # the check of folders says so
    if given.polling or not inboxes or not limits.is_dir():
        return
    watches = int((limits / "max_user_watches").read_text())
    instances = int((limits / "max_user_instances").read_text())
    needed = sum(count_folders(folder) for folder in inboxes)
    used_instances, used_watches = in_use(processes)
    folders = f"{needed:,} folder{'' if needed == 1 else 's'} to watch"
    if needed + used_watches > watches:
        said = f"{folders}, {used_watches:,} watches used by other programs, and only {watches:,} allowed."
        yield problem("inotify", said, RAISE.format("max_user_watches", raised(needed + used_watches)))
    elif needed + used_watches > watches / 2:
        said = f"{folders}, {used_watches:,} watches used by other programs, of {watches:,} allowed."
        yield warning("inotify", said, RAISE.format("max_user_watches", raised(needed + used_watches)))
    elif used_instances >= instances:
        said = f"All {instances:,} inotify instances of this user are taken, so no new watcher gets one."
        yield problem("inotify", said, RAISE.format("max_user_instances", raised(instances)))
    elif used_instances + 2 > instances:
        said = f"{used_instances:,} of {instances:,} inotify instances of this user are taken."
        yield warning("inotify", said, RAISE.format("max_user_instances", raised(instances)))
    else:
        yield ok("inotify", f"{folders}, {watches:,} watches and {instances:,} instances allowed.")


def raised(needed: int) -> int:
    """A limit with room: the power of two at or above twice of what is needed, 1,024 at least."""
    return max(1024, 1 << (2 * needed - 1).bit_length())


def count_folders(root: Path) -> int:
    """Folders at and below `root` that are watched, links not followed; as many as can be counted in five seconds."""
    count, until = 0, time.monotonic() + WALK_SECONDS
    for _ in os.walk(root):
        count += 1
        if count >= MANY_FOLDERS or time.monotonic() > until:
            break
    return count


def in_use(processes: Path = PROCESSES) -> tuple[int, int]:
    """Instances of this user, and watches of other programs than our watchers (whose folders are counted anyway)."""
    instances = watches = 0
    for process in processes.glob("[0-9]*"):
        try:
            if process.stat().st_uid != os.geteuid():
                continue
            ours = is_watcher((process / "cmdline").read_bytes())
            for descriptor in (process / "fd").iterdir():
                if "inotify" not in str(descriptor.readlink()):
                    continue
                instances += 1
                if not ours:
                    watches += (process / "fdinfo" / descriptor.name).read_text().count("inotify wd:")
        except OSError:
            continue  # it has ended, or is not ours to look at
    return instances, watches


def is_watcher(command: bytes) -> bool:
    """Whether a command line is that of `onrecord watch`."""
    words = command.split(b"\0")
    return b"watch" in words and any(word == b"worker" or word.endswith(b"/onrecord") for word in words)
