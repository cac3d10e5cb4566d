"""Child processes and their logs. The caller chooses whether a child ends with us or goes on running."""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from worker.embedded.account import Account, give_to_owner

# PostgreSQL needs a locale of the C library besides its built-in locale, and macOS has no C.UTF-8.
LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
# No variable of the caller (PGDATA, PGPORT, LC_MESSAGES, …) may reach the servers.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": LOCALE, "TZ": "UTC"}

MAX_LOG_BYTES = 5_000_000
"""Keep at most so many bytes in a log when a server starts; a larger log is renamed."""
PR_SET_PDEATHSIG = 1  # linux/prctl.h

_left_running: list[subprocess.Popen[bytes]] = []


def spawn(
    arguments: Sequence[str | Path],
    account: Account | None,
    output: int,
    *,
    inherit: int,
    dies_with_us: signal.Signals | None = None,
    memory_bytes: int = 0,
) -> subprocess.Popen[bytes]:
    """Start a server in its own session, so that Ctrl-C does not reach it.

    The server inherits the descriptor `inherit` (of its lock). With `dies_with_us` (Linux only), the kernel sends the
    server that signal when the calling thread ends. The calling thread must be the main thread.

    `output`: the descriptor that the server writes its messages to; it is closed here. `memory_bytes`: the memory that
    each process of the server may have for itself (Linux only; 0: no limit).
    """
    arrangements: list[Callable[[], None]] = []
    if dies_with_us is not None:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("supervised servers must be started from the main thread")
        arrangements.append(die_with_parent(dies_with_us))
    if memory_bytes and sys.platform == "linux":
        arrangements.append(limit_memory(memory_bytes))
    try:
        return subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",  # the servers' user may have no right to enter our current folder
            env=ENVIRONMENT,
            pass_fds=(inherit,),
            preexec_fn=all_of(arrangements) if arrangements else None,
            start_new_session=True,
            umask=0o077,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    finally:
        os.close(output)


def die_with_parent(with_signal: signal.Signals) -> Callable[[], None]:
    """Return a function that the child runs before exec. Then the kernel ends the child when we end (Linux only)."""
    if sys.platform != "linux":
        return lambda: None
    library = ctypes.CDLL(None)  # loaded before the fork, because after it the child must not load anything
    parent = os.getpid()

    def arrange() -> None:
        library.prctl(PR_SET_PDEATHSIG, int(with_signal))
        if os.getppid() != parent:  # the parent ended before the line above
            os._exit(1)

    return arrange


def limit_memory(memory_bytes: int) -> Callable[[], None]:
    """Return a function that the child runs before exec: it limits the memory that each of its processes may write to.

    `RLIMIT_DATA` counts neither the server's shared memory nor the stack. (If the stack counted, a full memory could
    end a process in the middle of a call; so the question gets the error "out of memory", and the session goes on.)
    """

    def arrange() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))

    return arrange


def all_of(arrangements: Sequence[Callable[[], None]]) -> Callable[[], None]:
    """Return a function that runs all of these."""

    def arrange() -> None:
        for one in arrangements:
            one()

    return arrange


def open_log(log: Path) -> int:
    """Open a log to append to it. It belongs to the owner of its folder."""
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    give_to_owner(output, log.parent)
    return output


def let_go(process: subprocess.Popen[bytes]) -> None:
    """Leave a server running for other commands. Keep the `Popen`; else Python warns of a process that still runs."""
    _left_running[:] = [left for left in _left_running if left.poll() is None]
    _left_running.append(process)


def works_in(pid: int, folder: Path) -> bool:
    """True if `folder` is the working folder of process `pid`.

    Each server works in its own folder, so this shows that `pid` is not a different process that got the same number.
    Without Linux's /proc we cannot know that, and return True.
    """
    if sys.platform != "linux":
        return True
    try:
        return Path(f"/proc/{pid}/cwd").samefile(folder)
    except OSError:
        return False


def rotate(log: Path) -> None:
    """Rename a log that has grown too large. It replaces the log that was renamed before."""
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        log.rename(log.with_suffix(".log.1"))


def tail(log: Path, lines: int = 8) -> str:
    """Return the last lines of a log, for a message."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4096))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
