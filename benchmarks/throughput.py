"""Many different articles at once: the CPU of the whole stack beside that of reading alone, throughput, memory."""

import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import reading
from benchmarks.figure import Figure
from benchmarks.floor import Cost, Floor
from benchmarks.material import Material
from benchmarks.processes import COMPONENTS, Peaks, cpu_by_component, difference
from benchmarks.stack import Stack
from benchmarks.world import article

REST_SECONDS = 30.0
"""Wait so long after the last article: then all that follows it (counts, plans, the job `reconcile`) is done, too."""
IDLE_SECONDS = 20.0
"""Ticks of the CPU are 10 ms, so a shorter time shows little."""
WARMING = 40
SLICES = 5
"""The material is dropped in so many slices; each is also read alone, and the medians of the slices count."""
READ = 200
"""Read at most so many files of each slice alone, evenly spread."""
FIRST_WARMING = 2_000_000


@dataclass(frozen=True, slots=True)
class Slice:
    """Some of the material, dropped at once: what it cost the whole stack, and what reading it alone costs."""

    files: int
    seconds: float
    cpu: dict[str, float]  # CPU seconds by component
    reading: float  # CPU milliseconds a file of `onrecord extract`

    @property
    def stack(self) -> float:
        """CPU milliseconds of all processes per file."""
        return 1000 * sum(self.cpu.values()) / self.files


@dataclass(frozen=True, slots=True)
class Run:
    """The measured values of one run."""

    slices: list[Slice]
    stored: int
    idle: dict[str, float]  # CPU seconds per second by component, without work
    floor: Cost
    peaks: Peaks

    @property
    def files(self) -> int:
        """The number of files of all slices."""
        return sum(part.files for part in self.slices)

    @property
    def seconds(self) -> float:
        """The seconds that all slices took."""
        return sum(part.seconds for part in self.slices)

    @property
    def cpu_milliseconds(self) -> float:
        """CPU milliseconds of all processes per file."""
        return statistics.median(part.stack for part in self.slices)

    @property
    def reading(self) -> float:
        """CPU milliseconds per file of reading alone."""
        return statistics.median(part.reading for part in self.slices)

    def of(self, component: str) -> float:
        """CPU milliseconds of one component per file."""
        return statistics.median(1000 * part.cpu[component] / part.files for part in self.slices)


def run(stack: Stack, floor: Floor, material: Material) -> Run:
    """Drop the files of the material, slice by slice, and wait each time until all have reached a final state."""
    before = stack.ended()
    for number in range(FIRST_WARMING, FIRST_WARMING + WARMING):
        stack.drop(f"article-{number}.txt", article(number).encode())
    stack.wait_idle(before + WARMING)
    idle = idle_rates(stack)
    cost = floor.cost(idle)
    stored, peaks = stack.number("SELECT count(*) FROM articles"), Peaks()
    slices = [_slice(stack, material, places, peaks) for places in material.slices(SLICES)]
    stored = stack.number("SELECT count(*) FROM articles") - stored
    return Run(slices, stored, idle, cost, peaks)


def _slice(stack: Stack, material: Material, places: Sequence[int], peaks: Peaks) -> Slice:
    """Read some files of a slice alone, then drop all of its files."""
    alone = reading.milliseconds(material, places[:: -(-len(places) // READ)])
    before, used, began = stack.ended(), cpu_by_component(stack.up), time.monotonic()
    for place in places:
        file = material.article(place)
        stack.drop(file.name, file.content)

    def look() -> None:
        peaks.look(stack.up)
        if sys.stderr.isatty():
            print(f"\r{stack.ended() - before} of {len(places)} files", end="", file=sys.stderr, flush=True)

    stack.wait_idle(before + len(places), look)
    seconds = time.monotonic() - began
    cpu = difference(cpu_by_component(stack.up), used)
    return Slice(len(places), seconds, cpu, alone)


def idle_rates(stack: Stack, seconds: float = IDLE_SECONDS) -> dict[str, float]:
    """Return the CPU seconds per second that each component uses without work."""
    time.sleep(REST_SECONDS)
    before, began = cpu_by_component(stack.up), time.monotonic()
    time.sleep(seconds)
    wall = time.monotonic() - began
    return {component: used / wall for component, used in difference(cpu_by_component(stack.up), before).items()}


def ratio(run: Run) -> list[Figure]:
    """Return the first figure of all: what the whole stack costs, as a multiple of `onrecord extract`."""
    slices = [part.stack / part.reading for part in run.slices]
    spread = f"{min(slices):.2f} to {max(slices):.2f} by slice; aim at most 1.3×"
    return [
        Figure("CPU of the whole stack ÷ CPU of `onrecord extract`", statistics.median(slices), "×", aim=spread),
        Figure("… the whole stack, CPU a file", run.cpu_milliseconds, "ms"),
        Figure("… `onrecord extract`, CPU a file", run.reading, "ms"),
    ]


def throughput(run: Run) -> list[Figure]:
    """Return files per second and CPU per file."""
    name = f"{run.files:,} files" + ("" if run.stored == run.files else f" ({run.stored:,} articles stored)")
    floor = "two no-op tasks, 20 rows"
    figures = [
        Figure(f"{name}: a second", run.files / run.seconds, "/s", run.floor.units_a_second, floor),
        Figure(f"{name}: CPU each", run.cpu_milliseconds, "ms", run.floor.cpu_milliseconds, floor),
    ]
    figures += [Figure(f"… of which {component}", run.of(component), "ms") for component in COMPONENTS]
    figures.append(Figure("CPU of the idle stack", 100 * sum(run.idle.values()), "% of a core", aim="at most 1.5 %"))
    figures += [Figure(f"… of which {component}", 100 * run.idle[component], "% of a core") for component in COMPONENTS]
    return figures


def overhead(run: Run) -> list[Figure]:
    """Return the cost of everything but reading, as a multiple of the floor."""
    rest = statistics.median(part.stack - part.reading for part in run.slices)
    floor = run.floor.cpu_milliseconds
    return [
        Figure("everything but reading: CPU each", rest, "ms", floor, "two no-op tasks, 20 rows"),
        Figure("everything but reading as a multiple of its floor", rest / floor, "×", 1, "the floor", "at most 3×"),
    ]


def memory(run: Run) -> list[Figure]:
    """Return the peak memory of each kind of process during the run, and of all processes together."""
    figures = []
    for name, rss in sorted(run.peaks.rss.items(), key=lambda item: -item[1]):
        number = run.peaks.count.get(name, 1)
        several = f" (largest of {number})" if number > 1 else ""
        shared = f"PSS {run.peaks.pss[name] / 2**20:.0f} MiB"
        figures.append(Figure(f"peak RSS of {name}{several}", rss / 2**20, "MiB", aim=shared))
    figures.append(Figure("peak of all together (PSS)", run.peaks.together / 2**20, "MiB"))
    return figures
