"""What this machine gives us: processor cores, memory and open files. The limits of a container count too."""

import os
import resource
from collections.abc import Iterator
from pathlib import Path

MOST_PROCESSES = 32
"""Start at most so many pool processes by default.

One PostgreSQL serves all of them, and one watcher feeds them. More processes were never measured. Whoever wants more
sets ONRECORD_CONCURRENCY.
"""
PROCESS_BYTES = 400_000_000
"""Leave so many bytes of memory for each pool process, its parsing child and its connections to PostgreSQL."""
PROCESS_FILES = 6
"""Leave so many open files in a worker's parent for each pool process: pipes between the two."""
PROCESS_TASKS = 6
"""Leave so many threads for each pool process and its parsing child (5), where a container limits threads."""
OTHER_FILES = 64
"""Leave so many open files for everything else that a process opens."""
ENOUGH_FILES = 4096
"""Raise the limit of open files to at most this number."""

CGROUPS = Path("/sys/fs/cgroup")
OWN_CGROUP = Path("/proc/self/cgroup")


def pool_processes() -> int:
    """Return how many pool processes pay: one a core, as far as memory, threads and open files suffice."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = hard if hard != resource.RLIM_INFINITY else max(soft, ENOUGH_FILES)
    tasks = [int(limit) // PROCESS_TASKS for limit in limits("pids.max", "pids/pids.max") if limit.isdigit()]
    by_memory, by_files = memory() // PROCESS_BYTES, (files - OTHER_FILES) // PROCESS_FILES
    return max(1, min(cores(), by_memory, by_files, MOST_PROCESSES, *tasks))


def cores() -> int:
    """Return the number of cores that this process may use: those of its affinity, and its container's share."""
    number = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for limit in limits("cpu.max", "cpu/cpu.cfs_quota_us"):
        quota, _, period = limit.partition(" ")
        if quota.isdigit():  # else "max", or -1: no limit
            number = min(number, -(-int(quota) // int(period or 100_000)))
    return max(1, number)


def memory() -> int:
    """Return the bytes of memory that this process and its children may use."""
    number = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(
        [number, *(int(limit) for limit in limits("memory.max", "memory/memory.limit_in_bytes") if limit.isdigit())]
    )


def limits(name: str, older: str, root: Path = CGROUPS, own: Path = OWN_CGROUP) -> Iterator[str]:
    """Yield a limit of each control group that this process is in (Linux), from the inner to the outer one.

    `name` is the limit's file in version 2 of control groups, `older` its file in version 1, where the period of
    `cpu.cfs_quota_us` has its default. A container sees its own group as the outermost one.
    """
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return
    group = next((Path(line.removeprefix("0::/")) for line in lines if line.startswith("0::/")), Path())
    for file in (*(root / folder / name for folder in (group, *group.parents)), root / older):
        try:
            yield file.read_text().strip()
        except OSError:
            continue


def allow_open_files() -> None:
    """Raise this process's soft limit of open files as far as its hard limit allows, up to `ENOUGH_FILES`.

    The soft limit of macOS is 256. The children inherit the new limit.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(hard, ENOUGH_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
