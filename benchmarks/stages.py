"""The cost of reading an article, stage by stage. The floor is one pass of the article through the network alone.

The extractor's own functions are timed. While a `Meter` is on, the functions in `PLACES` report when they begin and
end. The time of a stage does not contain the time of other stages that it calls. All times are CPU times on one core.
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
    (LINKS, extractor, ("quotations",)),  # without the network: decoding, links, binding
)
"""For each stage, the module that calls its functions, and the names of these functions.

All other functions of `extract` count as RULES.
"""
AIMS = {Mode.FULL: "at least 12", Mode.QUOTED: "at least 40"}
MEMORY_AIM = "at most 350 MiB"

Passed = tuple[Pieces, Sequence[Window]]
Inputs = dict[str, Any]
Result = TypeVar("Result")


@dataclass
class Meter:
    """The CPU seconds of each stage, and the last input of the network."""

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STAGES, 0.0))
    passed: Passed | None = None
    _stage: str | None = None
    _since: float = 0.0

    def timed(self, stage: str, function: Callable[..., Result]) -> Callable[..., Result]:
        """Return the function such that its time counts for `stage`, and not for the stage of its caller."""

        def measured(*arguments: Any, **options: Any) -> Result:
            if stage == NETWORK:
                self.passed = (arguments[0], arguments[1])
            before = self._turn_to(stage)
            try:
                return function(*arguments, **options)
            finally:
                self._turn_to(before)

        return measured

    @contextmanager
    def on(self) -> Iterator[None]:
        """Time the functions of `PLACES` inside the `with`."""
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
    """Read one article as a worker does, with the meter on; return its quotations."""
    with meter.on():
        article = meter.timed(PARSE, parse)(raw, "text/plain", Limits())
        body = (article.body_start, article.body_end)
        quotations = meter.timed(RULES, extract)(article.text, body, article.language, mode)
        meter.timed(NAMES, resolve)(article.text, quotations, title=article.title, body=body)
    return quotations


def forward(passed: Passed) -> float:
    """Return the CPU seconds of the network alone. Its input (the windows of the text) is prepared beforehand."""
    inputs: list[Inputs] = []
    for window in passed[1]:
        ids, kinds, _ = framed(passed[0], window)
        inputs.append({"ids": ids[None], "kinds": kinds[None], "places": np.arange(len(ids))})
    began = time.process_time()
    for window_input in inputs:
        session().run(None, window_input)
    return time.process_time() - began


@dataclass
class Round:
    """The CPU seconds of one round. In a round every article is read in both modes, and passes the network alone."""

    meters: dict[Mode, Meter] = field(default_factory=lambda: {mode: Meter() for mode in Mode})
    forward: float = 0.0

    def read(self, raw: bytes) -> None:
        """Read one article."""
        for mode, meter in self.meters.items():
            read(raw, mode, meter)
            if mode is Mode.FULL and meter.passed:
                self.forward += forward(meter.passed)


def rounds(articles: Sequence[bytes], number: int) -> list[Round]:
    """Return several rounds over the same articles. Models and lists are loaded before the first round."""
    Round().read(articles[0])
    finished = [Round() for _ in range(number)]
    for one_round in finished:
        for raw in articles:
            one_round.read(raw)
    return finished


def measure(articles: Sequence[bytes], number: int) -> list[Figure]:
    """Return the medians over `number` rounds, and the peak memory."""
    finished = rounds(articles, number)
    bare = 1000 * statistics.median(one_round.forward for one_round in finished) / len(articles)
    length = statistics.mean(len(raw.decode()) for raw in articles)
    figures = [Figure("reading: length of an article, mean", length, "characters")]
    for mode in Mode:
        figures += figures_of(mode, [one_round.meters[mode].seconds for one_round in finished], len(articles), bare)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        peak = pool.submit(peak_memory, list(articles)).result()
    return [*figures, Figure("peak RSS of a process that only reads", peak / 2**20, "MiB", aim=MEMORY_AIM)]


def figures_of(mode: Mode, seconds: Sequence[dict[str, float]], articles: int, bare: float) -> list[Figure]:
    """Return one mode's figures: its stages, their sum, and the sum with its floor `bare`, the network alone."""

    def median(stages: Sequence[str]) -> float:
        return 1000 * statistics.median(sum(by_stage[stage] for stage in stages) for by_stage in seconds) / articles

    total = median(STAGES)
    figures = [Figure(f"reading, {mode}: {stage}: CPU each", median([stage]), "ms") for stage in STAGES]
    floor = "one pass of the whole article through the network"
    return [
        *figures,
        Figure(f"reading, {mode}: CPU each", total, "ms", bare, floor),
        Figure(f"reading, {mode}: as a multiple of its floor", total / bare, "×", 1, "the floor"),
        Figure(f"reading, {mode}: articles per CPU-second", 1000 / total, "/s", 1000 / bare, floor, AIMS[mode]),
    ]


def peak_memory(articles: Sequence[bytes]) -> int:
    """Return the largest RSS of this process in bytes after it read all articles in full; 0 if it is unknown."""
    meter = Meter()
    for raw in articles:
        read(raw, Mode.FULL, meter)
    return high_water(os.getpid())
