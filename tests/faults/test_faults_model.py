"""Files are changed in any order while processes die. When all is at rest, the tables must agree with a model."""

import itertools
import logging
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as with_seed
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine, text

from tests.faults.conftest import MODEL
from tests.faults.ground import Ground
from tests.faults.model.by_hand import ByHand
from tests.faults.model.counted import counted
from tests.faults.model.machine_by_hand import MachineByHand
from tests.faults.model.printed import APART
from tests.faults.model.processes import MachineOfProcesses, Running
from tests.faults.model.steps import Steps
from tests.faults.newsroom import Newsroom
from worker.bounded.parser import BoundedParser
from worker.extract.version import GENERATIONS
from worker.parse.format import Limits
from worker.settings import settings as onrecord
from worker.speakers.across import moving
from worker.tasks.app import make_app


@pytest.fixture
def parsers(monkeypatch: pytest.MonkeyPatch, broker_url: str, folder: Path) -> Iterator[list[BoundedParser]]:
    """The parsers of two pool processes. This process can send messages, and begins with the faster extractor."""
    monkeypatch.setenv("ONRECORD_EXTRACTOR", "quoted")
    monkeypatch.setenv("ONRECORD_ARCHIVE", str(folder / "archive"))
    monkeypatch.setenv("ONRECORD_STRIKES", "1000")  # a row may be killed again and again
    monkeypatch.setattr("worker.tasks.process._current", None)
    for name in ("AT_ONCE", "LEAST"):
        monkeypatch.setattr(moving, name, getattr(moving, name))  # restored at the end, as are the generations
    for mode, generation in GENERATIONS.items():
        monkeypatch.setitem(GENERATIONS, mode, generation)
    onrecord.cache_clear()
    app = make_app(broker_url)
    monkeypatch.setattr("worker.tasks.app.app", app)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with BoundedParser(Limits(), 1_500_000_000, 10.0) as one, BoundedParser(Limits(), 1_500_000_000, 10.0) as other:
        yield [one, other]
    structlog.reset_defaults()
    app.close()
    onrecord.cache_clear()


def planned(examples: int, steps: int, **others: Any) -> settings:
    """Return settings of hypothesis for examples that are not kept from one run to the next."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        **others,
    )


NAME = "example"
BATCH, STEPS = 10, 50
"""So many examples, each of so many steps, are made from one seed; then the next seed follows."""
APART_SEEDS = 100_000
"""So many batches may follow from one number that is given as the seed."""
KEPT = ("alembic_version", "outlets", "extractor_versions", "surname_locks", "locks")
"""Tables that are not emptied between examples: they are filled by a migration, or processes remember their rows."""


def empty(engine: Engine) -> None:
    """Delete the rows of all tables but `KEPT`."""
    with engine.begin() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
        connection.execute(text(f"TRUNCATE {', '.join(sorted(set(tables) - set(KEPT)))} CASCADE"))


class Examples:
    """Makes examples that are run by hand, each in its own folder and on empty tables."""

    def __init__(self, engine: Engine, parsers: list[BoundedParser], folder: Path) -> None:
        self.counts: Counter[str] = Counter()
        self._steps, self._parsers, self._folder = Steps(engine), parsers, folder
        self._numbers = itertools.count()
        self._aside = folder / "aside"
        self._aside.mkdir()

    def run(self, plan: settings, seed: int | None = None) -> None:
        """Run the examples of a plan."""

        def machine() -> MachineByHand:
            # So a failure can be made shorter, and the questions about all tables stay fast.
            empty(self._steps.engine)
            own = self._folder / f"example{next(self._numbers)}"
            own.mkdir()
            return MachineByHand(ByHand(self._steps, self._parsers, own, NAME), own, self._aside, 0, self.counts)

        made = machine if seed is None else with_seed(seed)(machine)
        run_state_machine_as_test(cast(Any, made), settings=plan)


@pytest.mark.timeout(900)  # before a failure is shown, hypothesis searches for a shorter one
def test_the_tables_hold_what_the_model_says(engine: Engine, parsers: list[BoundedParser], folder: Path) -> None:
    Examples(engine, parsers, folder).run(planned(15, 20, derandomize=True))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_tables_hold_what_the_model_says_of_many_operations(
    engine: Engine, parsers: list[BoundedParser], folder: Path, request: pytest.FixtureRequest
) -> None:
    seed, most = (int(os.environ.get(f"MODEL_{name}", usual)) for name, usual in (("SEED", 1), ("OPERATIONS", 1000)))
    examples = Examples(engine, parsers, folder)
    began = time.monotonic()
    broken = 1
    try:
        for batch in itertools.count():
            examples.run(planned(BATCH, STEPS, phases=(Phase.generate,)), seed * APART_SEEDS + batch)
            if examples.counts["operations"] >= most:
                break
        broken = 0
    finally:
        line = counted(examples.counts, seed=seed, broken=broken, seconds=time.monotonic() - began)
        request.node.user_properties.append((MODEL, line))


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.scenario(27, "model of the folder, with people who decide")
def test_the_tables_hold_what_the_model_says_while_parts_are_killed(grounded: Newsroom, ground: Ground) -> None:
    newsroom = grounded
    newsroom.settings |= {
        "ONRECORD_SETTLE": "0.3",
        "ONRECORD_SCAN_SECONDS": "1",
        "ONRECORD_RING_AGAIN_SECONDS": "3",
    }
    newsroom.open()
    newsroom.open("backfill", ONRECORD_EXTRACTOR="full")
    numbers = itertools.count()
    machines: list[MachineOfProcesses] = []
    counts: Counter[str] = Counter()

    def machine() -> MachineOfProcesses:
        number = next(numbers)
        room = Running(newsroom, ground, number)
        made = MachineOfProcesses(room, room.folder, newsroom.folder / "aside", number * APART, counts)
        machines.append(made)
        return made

    # Two examples of a seed: a dull one, and one at random. Of more examples, hypothesis begins some as others began,
    # and complains if they go on differently, as processes that run at the same time do.
    for number in range(6):
        run_state_machine_as_test(
            cast(Any, with_seed(number)(machine)), settings=planned(2, 20, phases=(Phase.generate,))
        )
    newsroom.outcome.files = sum(len(made.expected.contents) for made in machines)
    newsroom.witness.end()  # it cannot judge here: an article is shown with fewer quotes once one was rejected
    newsroom.checked = True
    newsroom.outcome.recovery = max(made.slowest for made in machines)
