"""The short form of fuzzing: each run makes a few new inputs for every target. A failure names its seed."""

import random
from collections.abc import Iterator

import pytest

from tests.fuzz import targets
from tests.fuzz.campaign import run

TARGETS = targets.targets()
INPUTS = 1000
TOTAL_SHARE = sum(target.share for target in TARGETS)


@pytest.fixture(scope="module", autouse=True)
def _child() -> Iterator[None]:
    yield
    targets.parser().close()
    targets.parser.cache_clear()


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_input_is_read_or_refused(target: targets.Target) -> None:
    tally = run(target, max(5, round(INPUTS * target.share / TOTAL_SHARE)), random.randrange(1 << 30))
    assert not tally.failures, tally.failures
    assert tally.inputs > 0 and tally.outcomes
