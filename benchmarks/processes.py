"""The CPU seconds and the memory of the processes of a running stack. CPU seconds include children that have ended."""

from dataclasses import dataclass, field
from pathlib import Path

import psutil

WATCHER, WORKERS, POSTGRES, VALKEY, REST = "watcher", "workers", "PostgreSQL", "Valkey", "up, beat, backfill"
COMPONENTS = (WATCHER, WORKERS, POSTGRES, VALKEY, REST)
GONE = (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess)


def cpu_seconds(process: psutil.Process, *, children: bool = True) -> float:
    """Return user and system time of a process and its descendants, also of descendants that ended and were reaped."""
    family = [*process.children(recursive=True), process] if children else [process]
    total = 0.0
    for member in family:
        try:
            times = member.cpu_times()
        except GONE:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def component_of(process: psutil.Process) -> str:
    """Return the component of the stack that a child of `onrecord up` belongs to."""
    command = process.cmdline()
    program, arguments = Path(command[0]).name if command else "", command[1:]
    if "postgres" in program:
        return POSTGRES
    if "valkey" in program:
        return VALKEY
    if "watch" in arguments:
        return WATCHER
    return WORKERS if "worker" in arguments[2:] and "backfill" not in arguments else REST


def children_by_component(up: psutil.Process) -> list[tuple[str, psutil.Process]]:
    """Return the children of `onrecord up`, each with its component."""
    children = []
    for child in up.children():
        try:
            children.append((component_of(child), child))
        except GONE:
            continue
    return children


def cpu_by_component(up: psutil.Process) -> dict[str, float]:
    """Return the CPU seconds that each component has used so far; `up` itself counts as `REST`."""
    used = dict.fromkeys(COMPONENTS, 0.0)
    used[REST] = cpu_seconds(up, children=False)
    for component, child in children_by_component(up):
        used[component] += cpu_seconds(child)
    return used


def difference(after: dict[str, float], before: dict[str, float]) -> dict[str, float]:
    """Return the CPU seconds between two looks, by component."""
    return {component: after[component] - before[component] for component in after}


def name_of(component: str, process: psutil.Process, top: psutil.Process) -> str:
    """Return the name of a process in the table of memory; processes of one kind have the same name."""
    if "worker.bounded.child" in process.cmdline():
        return "parsing child"
    if component == WORKERS:
        return "worker, parent" if process == top else "worker, pool process"
    if component == POSTGRES and process != top:
        title = " ".join(process.cmdline())  # "postgres: onrecord onrecord [local] idle"
        return "PostgreSQL, connection" if "[local]" in title else "PostgreSQL, background process"
    if component == REST:
        return " ".join(word for word in process.cmdline()[3:] if word and not word.startswith("-")) or component
    return component


@dataclass
class Peaks:
    """The largest memory of each kind of process over repeated looks, in bytes.

    RSS is the kernel's high-water mark if /proc has it, so it includes the peaks between two looks. PSS divides the
    memory of shared pages among the processes that share them; it is measured only at the looks.
    """

    rss: dict[str, int] = field(default_factory=dict)
    pss: dict[str, int] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)
    together: int = 0

    def look(self, up: psutil.Process) -> None:
        """Look at all processes once."""
        counts: dict[str, int] = {}
        together = self._note("up", up)
        for component, top in children_by_component(up):
            for process in (top, *top.children(recursive=True)):
                try:
                    name = name_of(component, process, top)
                    together += self._note(name, process)
                except GONE:
                    continue
                counts[name] = counts.get(name, 0) + 1
        for name, number in counts.items():
            self.count[name] = max(number, self.count.get(name, 0))
        self.together = max(self.together, together)

    def _note(self, name: str, process: psutil.Process) -> int:
        """Record the memory of one process; return its PSS, or its RSS if the system has no PSS."""
        full = process.memory_full_info()
        proportional = int(getattr(full, "pss", 0)) or int(full.rss)
        self.rss[name] = max(self.rss.get(name, 0), high_water(process.pid) or int(full.rss))
        self.pss[name] = max(self.pss.get(name, 0), proportional)
        return proportional


def high_water(pid: int) -> int:
    """Return the largest RSS that a process ever had, in bytes; 0 if the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "")
    return int(line.split()[1]) * 1024 if line else 0
