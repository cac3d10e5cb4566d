"""The short form of fuzzing: a few inputs for every target, other ones each time; the seed is in the message."""

import random
from collections.abc import Iterator

import pytest

from tests.fuzz import targets
from tests.fuzz.campaign import run

TARGETS = targets.targets()
INPUTS = 1000
WHOLE = sum(target.share for target in TARGETS)


@pytest.fixture(scope="module", autouse=True)
def _child() -> Iterator[None]:
    yield
    targets.parser().close()
    targets.parser.cache_clear()


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_whatever_comes_is_read_or_refused(target: targets.Target) -> None:
    tally = run(target, max(5, round(INPUTS * target.share / WHOLE)), random.randrange(1 << 30))
    assert not tally.failures, tally.failures
    assert tally.inputs > 0 and tally.outcomes
