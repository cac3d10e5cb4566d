"""The table of the fault suite: a line a scenario."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from tests.faults.newsroom import Outcome

COLUMNS = ("#", "scenario", "faults injected", "files", "lost", "doubled", "half shown", "back after")


@dataclass(frozen=True, slots=True)
class Line:
    """What one scenario did."""

    number: int
    name: str
    faults: str
    files: int
    lost: int
    doubled: int
    partial: int
    recovery: float | None
    passed: bool = True

    @classmethod
    def of(cls, number: int, name: str, outcome: Outcome) -> Self:
        """The line of a scenario's outcome."""
        faults = ", ".join(f"{times} × {what}" if times > 1 else what for what, times in outcome.faults.items())
        return cls(
            number, name, faults, outcome.files, outcome.lost, outcome.doubled, outcome.partial, outcome.recovery
        )

    def to_json(self) -> dict[str, Any]:
        """For the way from a test process to the one that prints."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any], *, passed: bool) -> Self:
        """And back."""
        return cls(**values | {"passed": passed})


def as_markdown(lines: Sequence[Line]) -> str:
    """The table, in the order of the scenarios' numbers."""
    rows = [COLUMNS, ("--:", "---", "---", "--:", "--:", "--:", "--:", "--:")]
    for line in sorted(lines, key=lambda line: (line.number, line.name)):
        back = "?" if line.recovery is None else f"{line.recovery:.1f} s"
        name = line.name if line.passed else f"**FAILED** {line.name}"
        counts = (f"{line.files:,}", str(line.lost), str(line.doubled), str(line.partial))
        rows.append((str(line.number), name, line.faults, *counts, back))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
