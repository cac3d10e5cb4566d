"""From a drop to a row, one article at a time on an idle stack."""

import random
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from benchmarks.figure import Figure
from benchmarks.floor import Floor
from benchmarks.generated import article
from benchmarks.stack import Stack, Stuck

POLL = 0.001
SECONDS = 30.0
"""A drop that takes longer is not late but lost."""
FIRST = 1_000_000
"""Numbers of articles from here on are dropped here."""

# The key keeps the look cheap: on an idle stack nothing but this drop's quotes is newer.
QUOTED = "SELECT 1 FROM report.quotes WHERE quote_id > :last AND file = :file LIMIT 1"
FLOOR = "SELECT 1 FROM floor_rows WHERE unit = :unit LIMIT 1"


def moved(folder: Path, path: Path, content: str) -> float:
    """Write aside, then rename into the folder; when."""
    aside = folder / "aside" / path.name
    aside.write_text(content, encoding="utf-8")
    now = time.perf_counter()
    aside.rename(path)
    return now


def closed(_folder: Path, path: Path, content: str) -> float:
    """Write in the folder and close; when it was closed."""
    with path.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        return time.perf_counter()  # the file is closed right after


WAYS: dict[str, Callable[[Path, Path, str], float]] = {"moved in": moved, "written and closed": closed}


def measure(stack: Stack, floor: Floor, drops: int) -> list[Figure]:
    """Figures for both ways of dropping a file, each with its floor."""
    _warm_up(stack)
    figures = []
    for place, (name, way) in enumerate(WAYS.items()):
        first = FIRST + 2 * place * drops
        product = [_drop(stack, first + n, way) for n in range(drops)]
        bare = [_drop_floor(floor, first + n, way) for n in range(drops)]
        for share, aim in ((0.5, "under 250 ms"), (0.99, "under 1 s")):
            title = f"drop to row, {name}, p{share * 100:.0f} of {drops}"
            figures.append(
                Figure(title, at(product, share), "ms", at(bare, share), "event, two no-op tasks, 20 rows", aim)
            )
    return figures


def at(seconds: list[float], share: float) -> float:
    """The quantile in milliseconds: the smallest value that `share` of all do not pass."""
    ordered = sorted(seconds)
    return 1000 * ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def _warm_up(stack: Stack) -> None:
    """Let every pool process have loaded what it loads at its first articles."""
    before = stack.ended()
    for number in range(20):
        stack.drop(f"warm-{number}.txt", article(FIRST - 1 - number))
    stack.wait_idle(before + 20)


def _drop(stack: Stack, number: int, way: Callable[[Path, Path, str], float]) -> float:
    """Seconds from one drop until its quotes can be read."""
    name = f"drop-{number}.txt"
    ended, last = stack.ended(), stack.number("SELECT max(id) FROM quotes")
    dropped = way(stack.folder, stack.inbox / name, article(number))
    seconds = _seen(stack, QUOTED, dropped, last=last, file=name)
    stack.wait_idle(ended + 1)
    _rest()
    return seconds


def _drop_floor(floor: Floor, number: int, way: Callable[[Path, Path, str], float]) -> float:
    """The same for the floor."""
    dropped = way(floor.stack.folder, floor.folder / f"{number}.txt", article(number))
    seconds = _seen(floor.stack, FLOOR, dropped, unit=number)
    _rest()
    return seconds


def _seen(stack: Stack, query: str, dropped: float, **values: object) -> float:
    look = text(query)
    while stack.connection.execute(look, values).first() is None:
        if time.perf_counter() - dropped > SECONDS:
            raise Stuck(f"Nothing came of a drop within {SECONDS:.0f} s: {values}")
        time.sleep(POLL)
    return time.perf_counter() - dropped


def _rest() -> None:
    """Pause so long that drops and the stack's own pulses do not fall into step."""
    time.sleep(random.uniform(0.02, 0.12))
