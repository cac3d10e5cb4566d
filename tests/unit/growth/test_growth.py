"""The time of each stage of an article grows with its text, not with a higher power of it, whatever the text is.

The exponent of growth is the power of the size with which the time grows: 1 is linear, 2 is quadratic. It is measured
in CPU time of this process, between a small and a large text of the same shape. A busy machine makes single
measurements longer, so a stage that looks too slow is measured again, and the shortest times count.

The network itself does the same work for each piece of a text, so its output is replaced here by fixed scores.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pytest

from tests.unit.growth.shapes import SHAPES
from worker.dedupe.canonical import canonical_hash
from worker.dedupe.comparer import Comparer
from worker.dedupe.lookup import NewStatements, StatementInput
from worker.dedupe.sketch import names_differ, only_figures_differ, overlap, sketch
from worker.dedupe.wording import keys
from worker.extract import Quotation, extract
from worker.extract.model import reader
from worker.extract.model.encoder import Readings
from worker.extract.model.pieces import Pieces
from worker.extract.model.windows import Window, windows
from worker.parse import Limits, parse
from worker.reasons import Refused
from worker.speakers.within import Resolution, resolve
from worker.store.pairing import pair

Result = TypeVar("Result")

SHORT_FORM = (6_000, 24_000)
WIDER_FORM = (6_000, 96_000)
LONG_FORM = (50_000, 800_000)
"""Sizes of the small and of the large text, in code points."""
LONG_EXPONENT = 1.2
SHORT_EXPONENT = 1.5
"""The short and the wider form measure times of milliseconds, so they allow more; a quadratic stage has 2."""
FLOOR = 0.02
LONG_FLOOR = 0.05
"""Count a shorter time as this many seconds, since it cannot be measured well: caches make short work cheap."""
MOST_SECONDS = 30.0
"""At most this many seconds of CPU time for all stages of the large text, without the network."""
TRIES = 8
LIMITS = Limits(max_text=2_000_000)


def patterned(pieces: Pieces, text_windows: Sequence[Window]) -> Readings:
    """Return scores with which a source, a cue and a content are found in every forty pieces."""
    places = np.arange(len(pieces)) % 40
    tags = np.zeros((len(pieces), 7), np.float32)
    tags[:, 0] = 4
    for tag, first, last in ((1, 3, 4), (3, 5, 6), (5, 8, 9), (6, 9, 20)):
        tags[(places >= first) & (places < last), tag] = 8
    states = np.random.default_rng(1).normal(size=(40, 384)).astype(np.float32)
    return Readings(tags, states[places])


@pytest.fixture(autouse=True)
def without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "read", patterned)


@dataclass
class Stages:
    """Runs the stages of one text, and keeps the CPU seconds of each."""

    text: str
    seconds: dict[str, float] = field(default_factory=dict)

    def timed(self, name: str, stage: Callable[[], Result]) -> Result:
        started = time.process_time()
        result = stage()
        self.seconds[name] = time.process_time() - started
        return result

    def run(self) -> dict[str, float]:
        """Return the CPU seconds of each stage."""
        text = self.text
        self.timed("parse", lambda: parsed(text))
        quotations = self.timed("extract", lambda: extract(text))
        self.timed("extract without cues", lambda: extract(text, language="de"))
        resolution = self.timed("name", lambda: resolve(text, quotations, title="Anna speaks"))
        self.timed("hash", lambda: canonical_hash(text, title=None, outlet=None, url=None))
        self.timed("sketch", lambda: sketch(text))
        self.timed("compare texts", lambda: compared(text))
        self.timed("compare quotations", lambda: grouped(inputs(quotations, resolution)))
        old = [[(max(0, start - 2), end + 1) for start, end in quotation.parts] for quotation in quotations]
        self.timed("pair", lambda: pair(old, [quotation.parts for quotation in quotations]))
        return self.seconds


def parsed(text: str) -> None:
    try:
        parse(text.encode(), "text/plain", LIMITS)
    except Refused as refusal:
        assert refusal.message


def compared(text: str) -> None:
    """Compare the text with one that is nearly the same."""
    overlap(text, text[5:])
    only_figures_differ(text, text + "1")
    names_differ(text, text[5:])


def inputs(quotations: Sequence[Quotation], resolution: Resolution) -> list[StatementInput]:
    return [
        StatementInput(min(attribution.entities, default=-1), quotation.text)
        for quotation, attribution in zip(quotations, resolution.attributions, strict=True)
    ]


def grouped(quotations: Sequence[StatementInput]) -> None:
    """Look for each quotation's statement among those before it."""
    fresh = NewStatements(Comparer(len(quotations)))
    for quotation in quotations:
        if keys(quotation.text):
            fresh.place(quotation)


def too_steep(shape: str, sizes: tuple[int, int], most: float, floor: float) -> dict[str, float]:
    """Return the stages whose exponent is higher than `most`, with it; and check the time of the large text."""
    shortest: list[dict[str, float]] = [{}, {}]
    steep: dict[str, float] = {}
    for _ in range(TRIES):
        for number, size in enumerate(sizes):
            for stage, seconds in Stages(SHAPES[shape](size)).run().items():
                shortest[number][stage] = min(seconds, shortest[number].get(stage, math.inf))
        small, large = shortest
        exponents = {
            stage: math.log(max(large[stage], floor) / max(small[stage], floor)) / math.log(sizes[1] / sizes[0])
            for stage in large
        }
        steep = {stage: round(exponent, 2) for stage, exponent in exponents.items() if exponent > most}
        if not steep and sum(large.values()) < MOST_SECONDS:
            return {}
    assert sum(shortest[1].values()) < MOST_SECONDS, shortest[1]
    return steep


@pytest.mark.parametrize("shape", SHAPES)
def test_the_time_of_each_stage_grows_with_the_text(shape: str) -> None:
    # On a busy machine a time may be twice too long, which is half a power between these sizes, and a quarter between
    # the wider ones.
    if too_steep(shape, SHORT_FORM, SHORT_EXPONENT, FLOOR):
        assert too_steep(shape, WIDER_FORM, SHORT_EXPONENT, FLOOR) == {}


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("shape", SHAPES)
def test_no_exponent_of_a_large_text_is_above_1_2(shape: str) -> None:
    assert too_steep(shape, LONG_FORM, LONG_EXPONENT, LONG_FLOOR) == {}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_network_reads_each_piece_a_bounded_number_of_times(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[int, int]] = []

    def counted(pieces: Pieces, _: Sequence[Window]) -> Readings:
        text_windows = windows(pieces)
        read.append((sum(window.last - window.first for window in text_windows), len(pieces)))
        return patterned(pieces, text_windows)

    monkeypatch.setattr(reader, "read", counted)
    extract(SHAPES[shape](20_000))
    assert sum(pieces for pieces, _ in read) <= 1.5 * sum(pieces for _, pieces in read)
