"""The timing of reading: a timed reading finds the same quotations, and each stage gets exactly its own time."""

import time

import pytest

from benchmarks.generated import article
from benchmarks.stages import NETWORK, PIECES, PLACES, RULES, STAGES, Meter, Round, figures_of, read
from worker.extract import extract
from worker.extract.version import Mode
from worker.parse import Limits, parse

RAW = article(1).encode()[:1500]


@pytest.mark.parametrize("mode", Mode)
def test_a_timed_reading_finds_the_same_and_its_stages_are_all_of_it(mode: Mode) -> None:
    plain = parse(RAW, "text/plain", Limits())
    expected = extract(plain.text, (plain.body_start, plain.body_end), plain.language, mode)
    meter = Meter()
    begun = time.process_time()
    found = read(RAW, mode, meter)
    took = time.process_time() - begun
    assert found == expected
    assert found
    assert all(meter.seconds[stage] > 0 for stage in STAGES)
    assert sum(meter.seconds.values()) <= took


def test_the_functions_are_themselves_again_afterwards() -> None:
    before = [getattr(module, name) for _, module, names in PLACES for name in names]
    with Meter().on():
        assert [getattr(module, name) for _, module, names in PLACES for name in names] != before
    assert [getattr(module, name) for _, module, names in PLACES for name in names] == before


def test_a_stage_stands_still_while_one_that_it_calls_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 3.0, 6.0])
    monkeypatch.setattr(time, "process_time", lambda: next(clock))
    meter = Meter()
    inner = meter.timed(PIECES, lambda: "found")
    assert meter.timed(RULES, lambda: inner())() == "found"
    assert (meter.seconds[RULES], meter.seconds[PIECES]) == (1.0 + 3.0, 2.0)


def test_the_bare_network_reads_what_the_extractor_read() -> None:
    each = Round()
    each.read(RAW)
    full, quoted = each.meters[Mode.FULL].passed, each.meters[Mode.QUOTED].passed
    assert full and quoted
    assert len(full[0]) >= len(quoted[0]) > 0
    assert each.forward > 0


def test_figures_are_medians_an_article() -> None:
    seconds = [dict.fromkeys(STAGES, 0.0) | {NETWORK: spent} for spent in (0.2, 9.0, 0.4)]
    figures = {each.name.removeprefix("reading, full: "): each for each in figures_of(Mode.FULL, seconds, 4, 50.0)}
    assert figures[f"{NETWORK}: CPU each"].value == pytest.approx(100)
    assert figures["CPU each"].value == pytest.approx(100)
    assert figures["as a multiple of its floor"].value == pytest.approx(2)
    assert figures["articles per CPU-second"].value == pytest.approx(10)
    assert figures["articles per CPU-second"].floor == pytest.approx(20)
