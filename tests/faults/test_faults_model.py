"""Files are changed in any order while processes die. When all is at rest, the tables must agree with a model."""

import itertools
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from tests.faults.model.by_hand import ByHand, MachineByHand
from tests.faults.model.processes import MachineOfProcesses, Running
from tests.faults.newsroom import Newsroom
from worker.bounded.parser import BoundedParser
from worker.checks.check import check
from worker.parse.format import Limits
from worker.settings import settings as onrecord
from worker.tasks.app import make_app

APART = 10  # one example may use so many numbers of articles


@pytest.fixture
def parser(monkeypatch: pytest.MonkeyPatch, broker_url: str) -> Iterator[BoundedParser]:
    """The parser of a pool process. This process can send messages, and reads only quotations in marks."""
    monkeypatch.setenv("ONRECORD_EXTRACTOR", "quoted")
    onrecord.cache_clear()
    app = make_app(broker_url)
    monkeypatch.setattr("worker.tasks.app.app", app)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with BoundedParser(Limits(), 1_500_000_000, 10.0) as made:
        yield made
    structlog.reset_defaults()
    app.close()
    onrecord.cache_clear()


def seeded(examples: int, steps: int, *, shrink: bool = True) -> settings:
    """Return settings of hypothesis that give the same examples in each run, until the model or the product changes."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )


def run_by_hand(engine: Engine, parser: BoundedParser, folder: Path, examples: int, steps: int) -> None:
    """Run examples, each in its own folder, but all on the same tables; at the end `onrecord check` finds nothing."""
    aside = folder / "aside"
    aside.mkdir()
    numbers = itertools.count()

    def machine() -> MachineByHand:
        number = next(numbers)
        own = folder / f"example{number}"
        own.mkdir()
        return MachineByHand(ByHand(engine, parser, own, own.name), own, aside, number * APART)

    run_state_machine_as_test(cast(Any, machine), settings=seeded(examples, steps))
    assert list(map(str, check(engine))) == []


@pytest.mark.timeout(900)  # before a failure is shown, hypothesis searches for a shorter one
def test_the_tables_hold_what_the_model_says(engine: Engine, parser: BoundedParser, folder: Path) -> None:
    run_by_hand(engine, parser, folder, examples=20, steps=12)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_tables_hold_what_the_model_says_of_many_examples(
    engine: Engine, parser: BoundedParser, folder: Path
) -> None:
    run_by_hand(engine, parser, folder, examples=150, steps=25)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.scenario(27, "model of the folder")
def test_the_tables_hold_what_the_model_says_while_parts_are_killed(newsroom: Newsroom) -> None:
    newsroom.settings |= {
        "ONRECORD_SETTLE": "0.3",
        "ONRECORD_SCAN_SECONDS": "1",
        "ONRECORD_RING_AGAIN_SECONDS": "3",
    }
    newsroom.open()
    numbers = itertools.count()
    machines: list[MachineOfProcesses] = []

    def machine() -> MachineOfProcesses:
        number = next(numbers)
        room = Running(newsroom, number)
        made = MachineOfProcesses(room, room.folder, newsroom.folder / "aside", number * APART)
        machines.append(made)
        return made

    run_state_machine_as_test(cast(Any, machine), settings=seeded(examples=7, steps=12, shrink=False))
    newsroom.outcome.files = sum(len(made.expected.contents) for made in machines)
    newsroom.check()
    newsroom.outcome.recovery = max(made.slowest for made in machines)
