"""What reading an article costs, stage by stage, beside one bare pass of its pieces through the network.

The extractor's own functions are timed where they stand: while a `Meter` is on, those that `PLACES` names tell it when
they begin and end. A stage is what is spent in it and not in a stage called from it. One processor core, CPU time.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from types import ModuleType
from typing import Any, TypeVar
from unittest.mock import patch

import numpy as np

from benchmarks.figure import Figure
from benchmarks.processes import high_water
from worker.extract import Quotation, extract, extractor
from worker.extract.model import reader
from worker.extract.model.encoder import session
from worker.extract.model.pieces import Pieces
from worker.extract.model.windows import Window, framed
from worker.extract.version import Mode
from worker.parse import Limits, parse
from worker.speakers.within import resolve

PARSE, MARKS, PIECES, NETWORK, LINKS, RULES, NAMES = (
    "parse",
    "marks, sentences",
    "word pieces, windows",
    "network",
    "links, binding",
    "rules, union",
    "speakers within the article",
)
STAGES = (PARSE, MARKS, PIECES, NETWORK, LINKS, RULES, NAMES)
PLACES: tuple[tuple[str, ModuleType, tuple[str, ...]], ...] = (
    (MARKS, extractor, ("paragraphs", "regions", "items", "sentences")),
    (PIECES, reader, ("pieces", "near_marks", "windows")),
    (NETWORK, reader, ("read",)),
    (LINKS, extractor, ("quotations",)),  # what is left of it: decoding, links, binding
)
"""Where each stage's functions are called from, by name; what is left of `extract` is RULES."""
AIMS = {Mode.FULL: "at least 12", Mode.QUOTED: "at least 40"}
MEMORY_AIM = "at most 350 MiB"

Passed = tuple[Pieces, Sequence[Window]]
Inputs = dict[str, Any]
Result = TypeVar("Result")


@dataclass
class Meter:
    """CPU seconds by stage, and what the network was last given to read."""

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STAGES, 0.0))
    passed: Passed | None = None
    _stage: str | None = None
    _since: float = 0.0

    def timed(self, stage: str, function: Callable[..., Result]) -> Callable[..., Result]:
        """The function, telling when it begins and ends; the stage around it stands still meanwhile."""

        def told(*given: Any, **named: Any) -> Result:
            if stage == NETWORK:
                self.passed = (given[0], given[1])
            before = self._turn_to(stage)
            try:
                return function(*given, **named)
            finally:
                self._turn_to(before)

        return told

    @contextmanager
    def on(self) -> Iterator[None]:
        """Time the functions of `PLACES` wherever they are called."""
        with ExitStack() as stack:
            for stage, module, names in PLACES:
                for name in names:
                    stack.enter_context(patch.object(module, name, self.timed(stage, getattr(module, name))))
            yield

    def _turn_to(self, stage: str | None) -> str | None:
        now = time.process_time()
        if self._stage is not None:
            self.seconds[self._stage] += now - self._since
        before, self._stage, self._since = self._stage, stage, now
        return before


def read(raw: bytes, mode: Mode, meter: Meter) -> list[Quotation]:
    """Read one article as a worker does, on the meter; its quotations."""
    with meter.on():
        article = meter.timed(PARSE, parse)(raw, "text/plain", Limits())
        body = (article.body_start, article.body_end)
        found = meter.timed(RULES, extract)(article.text, body, article.language, mode)
        meter.timed(NAMES, resolve)(article.text, found, title=article.title, body=body)
    return found


def forward(passed: Passed) -> float:
    """CPU seconds of the network alone over windows that were made ready before."""
    inputs: list[Inputs] = []
    for window in passed[1]:
        ids, kinds, _ = framed(passed[0], window)
        inputs.append({"ids": np.array([ids]), "kinds": np.array([kinds]), "places": np.arange(len(ids))})
    begun = time.process_time()
    for each in inputs:
        session().run(None, each)
    return time.process_time() - begun


@dataclass
class Round:
    """All articles once, in both modes and through the bare network in turn; CPU seconds."""

    meters: dict[Mode, Meter] = field(default_factory=lambda: {mode: Meter() for mode in Mode})
    forward: float = 0.0

    def read(self, raw: bytes) -> None:
        """One article."""
        for mode, meter in self.meters.items():
            read(raw, mode, meter)
            if mode is Mode.FULL and meter.passed:
                self.forward += forward(meter.passed)


def rounds(articles: Sequence[bytes], number: int) -> list[Round]:
    """Several rounds over the same articles; what is loaded once is loaded before."""
    Round().read(articles[0])
    made = [Round() for _ in range(number)]
    for each in made:
        for raw in articles:
            each.read(raw)
    return made


def measure(articles: Sequence[bytes], number: int) -> list[Figure]:
    """Medians over `number` rounds, and memory."""
    made = rounds(articles, number)
    bare = 1000 * statistics.median(each.forward for each in made) / len(articles)
    length = statistics.mean(len(raw.decode()) for raw in articles)
    figures = [Figure("reading: length of an article, mean", length, "characters")]
    for mode in Mode:
        figures += figures_of(mode, [each.meters[mode].seconds for each in made], len(articles), bare)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        peak = pool.submit(peak_memory, list(articles)).result()
    return [*figures, Figure("peak RSS of a process that only reads", peak / 2**20, "MiB", aim=MEMORY_AIM)]


def figures_of(mode: Mode, seconds: Sequence[dict[str, float]], articles: int, bare: float) -> list[Figure]:
    """One mode's stages, their total, and the total beside the bare network's `bare` milliseconds."""

    def typical(chosen: Sequence[str]) -> float:
        return 1000 * statistics.median(sum(one[stage] for stage in chosen) for one in seconds) / articles

    total = typical(STAGES)
    figures = [Figure(f"reading, {mode}: {stage}: CPU each", typical([stage]), "ms") for stage in STAGES]
    floor = "one pass of the whole article through the network"
    return [
        *figures,
        Figure(f"reading, {mode}: CPU each", total, "ms", bare, floor),
        Figure(f"reading, {mode}: as a multiple of its floor", total / bare, "×", 1, "the floor"),
        Figure(f"reading, {mode}: articles per CPU-second", 1000 / total, "/s", 1000 / bare, floor, AIMS[mode]),
    ]


def peak_memory(articles: Sequence[bytes]) -> int:
    """The largest RSS of this process in bytes, after reading the articles in full; 0 if the system does not tell."""
    meter = Meter()
    for raw in articles:
        read(raw, Mode.FULL, meter)
    return high_water(os.getpid())
