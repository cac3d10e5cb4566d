"""Running one target on many inputs. The outcomes are counted, the time is measured, and failing inputs are kept."""

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

from tests.fuzz.damage import variant
from tests.fuzz.targets import Target, targets

SLOW = 5.0  # at most so many CPU seconds of this process for an input, and at most 4 times as much wall time
ROUND = 1000  # inputs that share one seed
VARIANTS = 9  # make so many variants of each input that hypothesis draws: drawing is slower than most parsers
CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@dataclass(slots=True)
class Tally:
    """The outcomes of the inputs of one target. `slowest` is in CPU seconds."""

    name: str
    inputs: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def row(self) -> str:
        """Return one line of the table."""
        refused = ", ".join(f"{count:,} {name}" for name, count in self.outcomes.most_common() if name != "stored")
        stored = self.outcomes["stored"]
        return (
            f"| {self.name} | {self.inputs:,} | {stored:,} | {refused} | {self.slowest:.2f} s | {len(self.failures)} |"
        )


def run(target: Target, inputs: int, first_seed: int, failures: Path | None = None) -> Tally:
    """Run a target on `inputs` inputs, in rounds that each have a seed. A failure ends only its round."""
    tally = Tally(target.name)
    for number in range(-(-inputs // ROUND)):
        _round(target, tally, min(ROUND, inputs - number * ROUND), first_seed + number, failures)
    return tally


def run_by_name(name: str, inputs: int, first_seed: int, failures: Path) -> Tally:
    """Run the target with this name. The pool calls this, because a target cannot be sent to another process."""
    return run(next(target for target in targets() if target.name == name), inputs, first_seed, failures)


def _round(target: Target, tally: Tally, inputs: int, round_seed: int, failures: Path | None) -> None:
    """Run one round, and add its outcomes to `tally`."""
    last: list[Any] = [None]

    @seed(round_seed)
    @settings(
        max_examples=math.ceil(inputs / (1 + VARIANTS)),
        database=None,
        deadline=None,
        suppress_health_check=CHECKS,
        phases=[Phase.generate, Phase.shrink],
    )
    @given(target.inputs, st.integers(0, 1 << 30))
    def run_variants(drawn: Any, number: int) -> None:
        chance = random.Random(number)
        run_one(drawn)
        for _ in range(VARIANTS):
            run_one(variant(drawn, chance))

    def run_one(value: Any) -> None:
        last[0] = value
        cpu_start = time.process_time()
        start = time.monotonic()
        outcomes = target.read(value)
        seconds = time.process_time() - cpu_start
        tally.inputs += 1
        tally.outcomes.update(outcomes)
        tally.slowest = max(tally.slowest, seconds)
        # `seconds` leaves out the CPU time of a parsing child. The wall time has it, and is longer on a busy machine.
        assert seconds < SLOW and time.monotonic() - start < 4 * SLOW, f"{seconds:.1f} s"

    try:
        run_variants()
    except Exception as error:
        path = _keep(failures, target.name, last[0]) if failures else ""
        tally.failures.append(f"seed {round_seed}: {type(error).__name__}: {str(error)[:300]} {path}")


def _keep(folder: Path, name: str, value: Any) -> str:
    """Write the smallest input that failed, so that it can become a fixture. Return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = value if isinstance(value, bytes) else repr(value).encode("utf-8", "backslashreplace")
    path = folder / f"{name.replace(' ', '-').replace('/', '-')}-{hashlib.sha256(raw).hexdigest()[:8]}"
    path.write_bytes(raw)
    return str(path)
