"""Many distinct articles at once: articles per second, CPU per article by component, overhead, memory."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import reading
from benchmarks.figure import Figure
from benchmarks.floor import Cost, Floor
from benchmarks.generated import article
from benchmarks.processes import COMPONENTS, Peaks, cpu_by_component, difference
from benchmarks.stack import Stack

IDLE_SECONDS = 10.0
WARMING = 40
READ = 400
"""Read so many articles again without the rest of the work, to measure the cost of reading alone."""
FIRST_WARMING = 2_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """The measured values of one run."""

    articles: int
    stored: int
    seconds: float
    cpu: dict[str, float]  # CPU seconds by component
    idle: dict[str, float]  # CPU seconds per second by component, without work
    reading: float  # CPU milliseconds per article for parsing, extracting and naming
    floor: Cost
    peaks: Peaks

    @property
    def cpu_milliseconds(self) -> float:
        """CPU milliseconds of all processes per article."""
        return 1000 * sum(self.cpu.values()) / self.articles


def run(stack: Stack, floor: Floor, articles: int) -> Run:
    """Drop `articles` files and wait until all of them have reached a final state."""
    before = stack.ended()
    _drop_all(stack, range(FIRST_WARMING, FIRST_WARMING + WARMING))
    stack.wait_idle(before + WARMING)
    idle = idle_rates(stack)
    cost = floor.cost(idle)
    alone = reading.milliseconds(range(min(READ, articles)))
    before, used, began = stack.ended(), cpu_by_component(stack.up), time.monotonic()
    stored = stack.number("SELECT count(*) FROM articles")
    _drop_all(stack, range(articles))
    peaks = Peaks()

    def look() -> None:
        peaks.look(stack.up)
        if sys.stderr.isatty():
            print(f"\r{stack.ended() - before} of {articles} articles", end="", file=sys.stderr, flush=True)

    stack.wait_idle(before + articles, look)
    seconds = time.monotonic() - began

    cpu = difference(cpu_by_component(stack.up), used)
    stored = stack.number("SELECT count(*) FROM articles") - stored
    return Run(articles, stored, seconds, cpu, idle, alone, cost, peaks)


def idle_rates(stack: Stack, seconds: float = IDLE_SECONDS) -> dict[str, float]:
    """Return the CPU seconds per second that each component uses without work."""
    before, began = cpu_by_component(stack.up), time.monotonic()
    time.sleep(seconds)
    wall = time.monotonic() - began
    return {component: used / wall for component, used in difference(cpu_by_component(stack.up), before).items()}


def _drop_all(stack: Stack, numbers: Sequence[int]) -> None:
    for number in numbers:
        stack.drop(f"article-{number:07}.txt", article(number))


def throughput(run: Run) -> list[Figure]:
    """Return articles per second and CPU per article."""
    name = f"{run.articles:,} articles" + ("" if run.stored == run.articles else f" ({run.stored:,} distinct)")
    floor = "two no-op tasks, 20 rows"
    figures = [
        Figure(f"{name}: a second", run.articles / run.seconds, "/s", run.floor.units_a_second, floor),
        Figure(f"{name}: CPU each", run.cpu_milliseconds, "ms", run.floor.cpu_milliseconds, floor),
    ]
    figures += [
        Figure(f"… of which {component}", 1000 * run.cpu[component] / run.articles, "ms") for component in COMPONENTS
    ]
    figures.append(Figure("CPU of the idle stack", 100 * sum(run.idle.values()), "% of a core"))
    return figures


def overhead(run: Run) -> list[Figure]:
    """Return the cost of everything but parsing, extracting and naming, as a multiple of the floor."""
    rest = run.cpu_milliseconds - run.reading
    floor = run.floor.cpu_milliseconds
    return [
        Figure("parse, extract and name: CPU each", run.reading, "ms"),
        Figure("everything else: CPU each", rest, "ms", floor, "two no-op tasks, 20 rows"),
        Figure("everything else as a multiple of its floor", rest / floor, "×", 1, "the floor", "at most 3×"),
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
