"""How many files a process may have open, and how many those of this machine have (Linux)."""

import resource
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from worker.cli.checks.finding import Finding, ok, problem, warning

ENOUGH = 256
NEARLY = 0.8
PROC = Path("/proc")


def check_limit() -> Iterator[Finding]:
    """The limit that a process started from here gets."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < ENOUGH:
        said = f"Only {soft} files may be open at once in a process."
        yield warning("open files", said, "Raise it: `ulimit -n 1024`, or LimitNOFILE=1024 in the systemd unit.")
    else:
        shown = "any number of" if soft == resource.RLIM_INFINITY else f"{soft:,}"
        yield ok("open files", f"A process may have {shown} files open.")


def check_processes(processes: Iterable[Any], proc: Path = PROC) -> Iterator[Finding]:
    """The running processes of this machine that come near their limit."""
    for process in processes:
        place = proc / str(process["pid"])
        try:
            limits = (place / "limits").read_text().splitlines()
            allowed = next(line.split()[3] for line in limits if line.startswith("Max open files"))
            used = sum(1 for _ in (place / "fd").iterdir())
        except (OSError, StopIteration):
            continue  # not Linux, another user's, or it has just ended
        if allowed.isdigit() and used > NEARLY * int(allowed):
            said = f"{process['kind']} (process {process['pid']}) has {used} of {allowed} files open."
            yield problem("open files", said, "Raise the limit (`ulimit -n`, LimitNOFILE=) and restart it.")
