"""The checks of open files: how many files a process may open, and how many our processes have open (Linux)."""

import resource
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from worker.cli.checks.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from worker.cli.liveness import RunningProcess

ENOUGH = 256
"""At least this many open files must be allowed."""
NEARLY_ALL = 0.8
"""At most this share of the allowed files may be open."""
PROC = Path("/proc")


def check_limit() -> Iterator[Finding]:
    """Check the limit of open files that a process has if it is started from here; it raises its own soft limit."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < ENOUGH:
        message = f"Only {hard} files may be open at once in a process."
        yield warning(
            "open files",
            message,
            "Let an administrator allow 1,024: LimitNOFILE= in the systemd unit, or /etc/security/limits.conf.",
        )
    else:
        shown = "any number of" if hard == resource.RLIM_INFINITY else f"{hard:,}"
        yield ok("open files", f"A process may have {shown} files open.")


def check_processes(processes: Iterable["RunningProcess"], proc: Path = PROC) -> Iterator[Finding]:
    """Yield a problem for each of these processes of this machine that has nearly as many files open as it may."""
    for process in processes:
        place = proc / str(process.pid)
        try:
            limits = (place / "limits").read_text().splitlines()
            allowed = next(line.split()[3] for line in limits if line.startswith("Max open files"))
            used = sum(1 for _ in (place / "fd").iterdir())
        except (OSError, StopIteration):
            continue  # this is not Linux, the process is another user's, or it has just ended
        if allowed.isdigit() and used > NEARLY_ALL * int(allowed):
            message = f"{process.kind} (process {process.pid}) has {used} of {allowed} files open."
            yield problem("open files", message, "Raise the limit (`ulimit -n`, LimitNOFILE=) and restart it.")
