"""What the processes of a running stack use: CPU seconds with those of ended children, and memory."""

from dataclasses import dataclass, field
from pathlib import Path

import psutil

WATCHER, WORKERS, POSTGRES, VALKEY, REST = "watcher", "workers", "PostgreSQL", "Valkey", "up, beat, backfill"
PARTS = (WATCHER, WORKERS, POSTGRES, VALKEY, REST)
GONE = (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess)


def cpu_seconds(process: psutil.Process, *, children: bool = True) -> float:
    """User and system time of a process and all its descendants, those included that ended and were waited for."""
    family = [*process.children(recursive=True), process] if children else [process]
    total = 0.0
    for one in family:
        try:
            times = one.cpu_times()
        except GONE:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def part_of(process: psutil.Process) -> str:
    """Which part of the stack a child of `onrecord up` is."""
    command = process.cmdline()
    program, arguments = Path(command[0]).name if command else "", command[1:]
    if "postgres" in program:
        return POSTGRES
    if "valkey" in program:
        return VALKEY
    if "watch" in arguments:
        return WATCHER
    return WORKERS if "worker" in arguments[2:] and "backfill" not in arguments else REST


def children_by_part(up: psutil.Process) -> list[tuple[str, psutil.Process]]:
    """The children of `onrecord up` with their parts."""
    found = []
    for child in up.children():
        try:
            found.append((part_of(child), child))
        except GONE:
            continue
    return found


def cpu_by_part(up: psutil.Process) -> dict[str, float]:
    """CPU seconds that each part has used so far; `up` itself counts among the rest."""
    used = dict.fromkeys(PARTS, 0.0)
    used[REST] = cpu_seconds(up, children=False)
    for part, child in children_by_part(up):
        used[part] += cpu_seconds(child)
    return used


def difference(after: dict[str, float], before: dict[str, float]) -> dict[str, float]:
    """What was used in between, part by part."""
    return {part: after[part] - before[part] for part in after}


def name_of(part: str, process: psutil.Process, top: psutil.Process) -> str:
    """A process's name in the table of memory: the processes of one kind share one."""
    if "worker.bounded.child" in process.cmdline():
        return "parsing child"
    if part == WORKERS:
        return "worker, parent" if process == top else "worker, pool process"
    if part == POSTGRES and process != top:
        title = " ".join(process.cmdline())  # "postgres: onrecord onrecord [local] idle"
        return "PostgreSQL, connection" if "[local]" in title else "PostgreSQL, background process"
    if part == REST:
        return " ".join(word for word in process.cmdline()[3:] if not word.startswith("-")) or part
    return part


@dataclass
class Peaks:
    """The largest memory seen of each kind of process, in bytes, over repeated looks.

    RSS is the kernel's own high-water mark where /proc has it, so nothing is missed between two looks; PSS (shared
    pages divided among their users) is as seen.
    """

    rss: dict[str, int] = field(default_factory=dict)
    pss: dict[str, int] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)
    together: int = 0

    def look(self, up: psutil.Process) -> None:
        """Look at all processes once."""
        seen: dict[str, int] = {}
        together = self._note("up", up)
        for part, top in children_by_part(up):
            for process in (top, *top.children(recursive=True)):
                try:
                    name = name_of(part, process, top)
                    together += self._note(name, process)
                except GONE:
                    continue
                seen[name] = seen.get(name, 0) + 1
        for name, number in seen.items():
            self.count[name] = max(number, self.count.get(name, 0))
        self.together = max(self.together, together)

    def _note(self, name: str, process: psutil.Process) -> int:
        """Remember one process's memory; its PSS, or RSS where there is none."""
        full = process.memory_full_info()
        proportional = int(getattr(full, "pss", 0)) or int(full.rss)
        self.rss[name] = max(self.rss.get(name, 0), high_water(process.pid) or int(full.rss))
        self.pss[name] = max(self.pss.get(name, 0), proportional)
        return proportional


def high_water(pid: int) -> int:
    """The largest RSS a process ever had, in bytes; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "")
    return int(line.split()[1]) * 1024 if line else 0
