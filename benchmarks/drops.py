"""Large drops: a folder of many files, and one file of many articles; and single drops that come meanwhile.

While a large drop is read, a new article is dropped every few seconds, and the time until it is stored is measured. A
few times a second it is looked whether every pool process has an article: while rows wait, a process without one is
idle. So this does not depend on what else the machine does. A drop is measured for `MOST_SECONDS` at most.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import text

from benchmarks.figure import Figure
from benchmarks.processes import Peaks
from benchmarks.stack import Stack, running_stack
from benchmarks.world import article
from worker.machine import pool_processes

MOST_SECONDS = 300.0
"""Measure a drop for so many seconds at most; the table says how much of it was done."""
LOOK_SECONDS = 0.1
MEMORY_SECONDS = 5.0
SINGLE_SECONDS = 5.0
"""Drop a single article so many seconds after the last one was stored."""
PATIENCE = 120.0
"""A single drop that is not stored after so many seconds counts as stored then."""
WARMING = 20
FIRST_WARMING, FIRST_OF_FILE, FIRST_SINGLE = 3_000_000, 4_000_000, 5_000_000

LOOK = text("""
SELECT (SELECT count(*) FROM documents WHERE state = 'working') + (SELECT count(*) FROM files WHERE state = 'reading')
         AS working,
       (SELECT count(*) FROM (SELECT FROM documents WHERE state = 'waiting' LIMIT 100) d)
         + (SELECT count(*) FROM (SELECT FROM files WHERE state = 'waiting' LIMIT 100) f) AS waiting
""")
STORED = text("""SELECT count(*) FROM documents WHERE state NOT IN ('waiting', 'working')""")
IS_STORED = text("""SELECT EXISTS (SELECT FROM files WHERE shown = :name AND finished_at IS NOT NULL)""")


@dataclass
class Watched:
    """What was seen while a large drop was read."""

    processes: int
    busy: list[float] = field(default_factory=list)
    """Of each look while rows waited: the share of the pool processes that had something to do."""
    memory: list[int] = field(default_factory=list)
    """All processes together (PSS), in bytes, every few seconds."""
    singles: list[float] = field(default_factory=list)
    """Seconds from a single drop to its row."""
    articles: int = 0
    seconds: float = 0.0


def measure(files: int, articles: int) -> list[Figure]:
    """Return the figures of a folder with so many files, and of a file with so many articles."""
    figures = []
    for name, drop, count in (
        (f"a folder of {files:,} files", drop_folder, files),
        (f"a file of {articles:,} articles", drop_file, articles),
    ):
        with running_stack() as stack:
            for number in range(FIRST_WARMING, FIRST_WARMING + WARMING):
                stack.drop(f"warming-{number}.txt", article(number).encode())
            stack.wait_idle(WARMING)
            figures += figures_of(name, watched(stack, partial(drop, stack, count)))
    return figures


def drop_folder(stack: Stack, files: int) -> None:
    """Move a folder with so many files into the inbox."""
    aside = stack.folder / "aside" / "folder"
    aside.mkdir()
    for number in range(files):
        (aside / f"article-{number}.txt").write_text(article(number), encoding="utf-8")
    aside.rename(stack.inbox / "folder")


def drop_file(stack: Stack, articles: int) -> None:
    """Move a file of JSON Lines with so many articles into the inbox."""
    aside = stack.folder / "aside" / "large.jsonl"
    with aside.open("w", encoding="utf-8") as file:
        for number in range(FIRST_OF_FILE, FIRST_OF_FILE + articles):
            file.write(json.dumps({"title": f"Article {number}", "text": article(number)}) + "\n")
    aside.rename(stack.inbox / "large.jsonl")


class Single:
    """Drops one article after the other, and measures for each how long it takes until it is stored.

    It looks at every call of `look`, so a time may be `LOOK_SECONDS` too long.
    """

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._count = 0
        self._name = ""
        self._dropped: float | None = None
        self._next = time.monotonic() + SINGLE_SECONDS

    def look(self) -> list[float]:
        """Drop the next article if it is time; return the seconds that the last one took, if it is stored now."""
        now = time.monotonic()
        if self._dropped is None:
            if now > self._next:
                self._count += 1
                number = FIRST_SINGLE + self._stack.ended() * 1000 + self._count
                self._name = f"single-{number}.txt"
                self._stack.drop(self._name, article(number).encode())
                self._dropped = time.monotonic()
            return []
        took = now - self._dropped
        if took < PATIENCE and not self._stack.connection.execute(IS_STORED, {"name": self._name}).scalar_one():
            return []
        self._dropped, self._next = None, now + SINGLE_SECONDS
        return [took]


def watched(stack: Stack, drop: Callable[[], None]) -> Watched:
    """Drop, and look until nothing waits any more or `MOST_SECONDS` are over; drop single articles meanwhile."""
    seen, single, before = Watched(processes=pool_processes()), Single(stack), documents(stack)
    drop()
    began = looked = time.monotonic()
    while (now := time.monotonic()) - began < MOST_SECONDS:
        row = stack.connection.execute(LOOK).one()
        if row.waiting:
            seen.busy.append(min(1.0, row.working / seen.processes))
        elif not row.working and seen.busy:
            break
        if now - looked > MEMORY_SECONDS:
            looked, peaks = now, Peaks()
            peaks.look(stack.up)
            seen.memory.append(peaks.together)
        seen.singles += single.look()
        if sys.stderr.isatty():
            print(f"\r{documents(stack) - before:,} articles", end="", file=sys.stderr, flush=True)
        time.sleep(LOOK_SECONDS)
    seen.seconds, seen.articles = time.monotonic() - began, documents(stack) - before
    return seen


def documents(stack: Stack) -> int:
    """Return how many articles' documents have ended."""
    return int(stack.connection.execute(STORED).scalar_one())


def figures_of(name: str, seen: Watched) -> list[Figure]:
    """Return the figures of one large drop."""
    third = max(1, len(seen.memory) // 3)
    first, last = (statistics.median(part) if part else 0 for part in (seen.memory[:third], seen.memory[-third:]))
    singles = sorted(seen.singles) or [PATIENCE]
    at = singles[min(len(singles) - 1, int(0.95 * len(singles)))]
    return [
        Figure(f"{name}: done in {seen.seconds:.0f} s", seen.articles, "articles"),
        Figure("… a second", seen.articles / seen.seconds, "/s"),
        Figure("… pool processes with an article", 100 * statistics.mean(seen.busy or [0]), "%", aim="all the time"),
        Figure("… memory in the first third (PSS)", first / 2**20, "MiB"),
        Figure("… memory in the last third (PSS)", last / 2**20, "MiB", aim="flat"),
        Figure(f"… a single drop meanwhile, 95th percentile of {len(seen.singles)}", at, "s", aim="at most 2 s"),
        Figure("… a single drop meanwhile, median", statistics.median(singles), "s"),
    ]
