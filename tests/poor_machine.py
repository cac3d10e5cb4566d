"""Runs a command on a machine that lacks something: `python -m tests.poor_machine '{"watches": 2}' COMMAND…`.

The command gets name spaces of its own (Linux): what it lacks, the other processes of this machine keep.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000  # linux/sched.h
MS_RDONLY, MS_REC, MS_PRIVATE = 1, 0x4000, 0x40000  # linux/mount.h


def surrounded(**lacks: Any) -> list[str]:
    """Return the words to put before a command.

    `watches`, `instances`: the most of inotify; `shared_memory`: the bytes of /dev/shm; `read_only`: empty folders that
    cannot be written, at these paths; `files`: the most open files; `umask`.
    """
    return [sys.executable, "-m", "tests.poor_machine", json.dumps(lacks)]


@cache
def can_be_had() -> bool:
    """True if this machine lets us make name spaces; in many containers it does not."""
    command = [*surrounded(watches=1, shared_memory=65536), "true"]
    return sys.platform == "linux" and subprocess.run(command, capture_output=True).returncode == 0


def check(result: int) -> None:
    """Raise `OSError` if a function of the C library has failed."""
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def enter(library: ctypes.CDLL) -> None:
    """Enter new name spaces for users and mounts, in which all users keep their numbers.

    Only somebody outside may map all numbers: a child that is forked before, if we are root. Others map their own.
    """
    everybody = os.geteuid() == 0
    first, number = (0, 65_536) if everybody else (os.geteuid(), 1)
    first_group = 0 if everybody else os.getegid()
    entering, entered = os.pipe()
    process = os.getpid()
    helper = os.fork() if everybody else None
    if helper == 0:
        os.read(entering, 1)
        Path(f"/proc/{process}/uid_map").write_text(f"{first} {first} {number}")
        Path(f"/proc/{process}/gid_map").write_text(f"{first_group} {first_group} {number}")
        os._exit(0)
    check(library.unshare(CLONE_NEWUSER | CLONE_NEWNS))
    os.write(entered, b"1")
    if helper is not None:
        os.waitpid(helper, 0)
    else:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{first} {first} {number}")
        Path("/proc/self/gid_map").write_text(f"{first_group} {first_group} {number}")
    check(library.mount(None, b"/", None, MS_REC | MS_PRIVATE, None))


def main() -> None:
    """Lack what the first argument says, and become the command in the others."""
    lacks, command = json.loads(sys.argv[1]), sys.argv[2:]
    library = ctypes.CDLL(None, use_errno=True)
    enter(library)
    for limit in ("watches", "instances"):
        if limit in lacks:
            Path(f"/proc/sys/user/max_inotify_{limit}").write_text(str(lacks[limit]))
    if "shared_memory" in lacks:
        options = f"size={lacks['shared_memory']},mode=1777".encode()
        check(library.mount(b"tmpfs", b"/dev/shm", b"tmpfs", 0, options))
    for folder in lacks.get("read_only", ()):
        check(library.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", MS_RDONLY, None))
    if "files" in lacks:
        resource.setrlimit(resource.RLIMIT_NOFILE, (lacks["files"], lacks["files"]))
    if "umask" in lacks:
        os.umask(lacks["umask"])
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
