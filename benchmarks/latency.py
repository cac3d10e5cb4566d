"""The time from a drop to a row, for one article at a time on an idle stack."""

import random
import time
from collections.abc import Callable
from itertools import count, islice
from pathlib import Path

from sqlalchemy import TextClause, text

from benchmarks.figure import Figure
from benchmarks.floor import Floor
from benchmarks.stack import Stack, Stuck
from benchmarks.world import article

POLL = 0.001
"""Wait so many seconds between two queries of the tables."""
SECONDS = 30.0
"""Wait at most so many seconds for the rows of a dropped file; after that it counts as lost."""
FIRST = 1_000_000
"""The number of the first article that is dropped here."""

# `quote_id` keeps the query cheap: on an idle stack only the quotes of this drop are newer.
QUOTED = text("""SELECT 1 FROM report.quotes WHERE quote_id > :last AND file = :file LIMIT 1""")
FLOOR = text("""SELECT 1 FROM floor_rows WHERE unit = :unit LIMIT 1""")


def moved(folder: Path, path: Path, content: str) -> float:
    """Write a file elsewhere, then rename it into the folder; return the time before the rename."""
    aside = folder / "aside" / path.name
    aside.write_text(content, encoding="utf-8")
    began = time.perf_counter()
    aside.rename(path)
    return began


def closed(_folder: Path, path: Path, content: str) -> float:
    """Write a file in the folder, and close it; return the time right before the close."""
    with path.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        return time.perf_counter()


WAYS: dict[str, Callable[[Path, Path, str], float]] = {"moved in": moved, "written and closed": closed}


def measure(stack: Stack, floor: Floor, drops: int) -> list[Figure]:
    """Return the figures for the two ways to drop a file, each with its floor."""
    _warm_up(stack)
    figures = []
    for place, (name, way) in enumerate(WAYS.items()):
        first = FIRST + 2 * place * drops
        numbers = [*islice(filter(_quotes, count(first)), drops)]
        product = [_drop(stack, number, way) for number in numbers]
        bare = [_drop_floor(floor, number, way) for number in numbers]
        for share, aim in ((0.5, "under 250 ms"), (0.99, "under 1 s")):
            title = f"drop to row, {name}, p{share * 100:.0f} of {drops}"
            figures.append(
                Figure(title, at(product, share), "ms", at(bare, share), "event, two no-op tasks, 20 rows", aim)
            )
    return figures


def _quotes(number: int) -> bool:
    """True if the article has words in quotation marks: one in sixty quotes nobody, and would never have a row."""
    return "“" in article(number)


def at(seconds: list[float], share: float) -> float:
    """Return a quantile in milliseconds: the smallest value that at least `share` of all values do not exceed."""
    ordered = sorted(seconds)
    return 1000 * ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def _warm_up(stack: Stack) -> None:
    """Let every pool process read its first articles, because that makes it load models and lists."""
    before = stack.ended()
    for number in range(20):
        stack.drop(f"warm-{number}.txt", article(FIRST - 1 - number).encode())
    stack.wait_idle(before + 20)


def _drop(stack: Stack, number: int, way: Callable[[Path, Path, str], float]) -> float:
    """Drop one file; return the seconds until its quotes can be read."""
    name = f"drop-{number}.txt"
    ended, last = stack.ended(), stack.number("SELECT max(id) FROM quotes")
    dropped = way(stack.folder, stack.inbox / name, article(number))
    seconds = _seconds_until(stack, QUOTED, dropped, last=last, file=name)
    stack.wait_idle(ended + 1)
    _rest()
    return seconds


def _drop_floor(floor: Floor, number: int, way: Callable[[Path, Path, str], float]) -> float:
    """Drop one file for the floor; return the seconds until its rows can be read."""
    dropped = way(floor.stack.folder, floor.folder / f"{number}.txt", article(number))
    seconds = _seconds_until(floor.stack, FLOOR, dropped, unit=number)
    _rest()
    return seconds


def _seconds_until(stack: Stack, query: TextClause, dropped: float, **values: object) -> float:
    while stack.connection.execute(query, values).first() is None:
        if time.perf_counter() - dropped > SECONDS:
            raise Stuck(f"Nothing came of a drop within {SECONDS:.0f} s: {values}")
        time.sleep(POLL)
    return time.perf_counter() - dropped


def _rest() -> None:
    """Pause for a random time, so that drops do not always meet a heartbeat of the stack."""
    time.sleep(random.uniform(0.02, 0.12))
