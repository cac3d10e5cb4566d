"""One target, many inputs: counted, timed, and what fails is kept."""

import hashlib
import math
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.damage import varied
from tests.fuzz.targets import Target, targets

SLOW = 5.0  # seconds of this process's time, or of a parsing child's, that no small input may take
ROUND = 1000  # inputs with one seed
VARIANTS = 9  # of each input that hypothesis draws, which costs more than most parsers
CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@dataclass(slots=True)
class Tally:
    """What became of a target's inputs."""

    name: str
    inputs: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def row(self) -> str:
        """A line of the table."""
        refused = ", ".join(f"{count:,} {name}" for name, count in self.outcomes.most_common() if name != "stored")
        stored = self.outcomes["stored"]
        return (
            f"| {self.name} | {self.inputs:,} | {stored:,} | {refused} | {self.slowest:.2f} s | {len(self.failures)} |"
        )


def run(target: Target, inputs: int, first_seed: int, failures: Path | None = None) -> Tally:
    """Give a target that many inputs, in rounds with seeds of their own; a failure ends its round only."""
    tally = Tally(target.name)
    for number in range(-(-inputs // ROUND)):
        _round(target, tally, min(ROUND, inputs - number * ROUND), first_seed + number, failures)
    return tally


def run_by_name(name: str, inputs: int, first_seed: int, failures: Path) -> Tally:
    """The same in a process of its own, which knows targets by their names."""
    return run(next(target for target in targets() if target.name == name), inputs, first_seed, failures)


def _round(target: Target, tally: Tally, inputs: int, own_seed: int, failures: Path | None) -> None:
    last: list[Any] = [None]

    @seed(own_seed)
    @settings(
        max_examples=math.ceil(inputs / (1 + VARIANTS)),
        database=None,
        deadline=None,
        suppress_health_check=CHECKS,
        phases=[Phase.generate, Phase.shrink],
    )
    @given(target.inputs, st.integers(0, 1 << 30))
    def drawn(made: Any, number: int) -> None:
        chance = random.Random(number)
        one(made)
        for _ in range(VARIANTS):
            one(varied(made, chance))

    def one(made: Any) -> None:
        last[0] = made
        begun = time.process_time()
        waited = time.monotonic()
        found = target.read(made)
        taken = time.process_time() - begun
        tally.inputs += 1
        tally.outcomes.update(found)
        tally.slowest = max(tally.slowest, taken)
        # The child's time is not ours to count; waiting for it is, generously, as the machine may be busy.
        assert taken < SLOW and time.monotonic() - waited < 4 * SLOW, f"{taken:.1f} s"

    try:
        drawn()
    except Exception as error:
        kept = _keep(failures, target.name, last[0]) if failures else ""
        tally.failures.append(f"seed {own_seed}: {type(error).__name__}: {str(error)[:300]} {kept}")


def _keep(folder: Path, name: str, made: Any) -> str:
    """Write the smallest input that failed, so that it can become a fixture."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = made if isinstance(made, bytes) else repr(made).encode("utf-8", "backslashreplace")
    path = folder / f"{name.replace(' ', '-').replace('/', '-')}-{hashlib.sha256(raw).hexdigest()[:8]}"
    path.write_bytes(raw)
    return str(path)
