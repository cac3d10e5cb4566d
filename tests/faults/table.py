"""The table of the fault suite, with one line for each scenario."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from tests.faults.newsroom import Outcome

COLUMNS = ("#", "scenario", "faults injected", "files", "lost", "doubled", "half shown", "back after")


@dataclass(frozen=True, slots=True)
class Line:
    """The result of one scenario."""

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
        """Return the line for a scenario's outcome."""
        faults = ", ".join(f"{times} × {what}" if times > 1 else what for what, times in outcome.faults.items())
        return cls(
            number, name, faults, outcome.files, outcome.lost, outcome.doubled, outcome.partial, outcome.recovery
        )

    def to_json(self) -> dict[str, Any]:
        """Return the line as JSON values, which the test process sends to the process that prints the table."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any], *, passed: bool) -> Self:
        """Return the line from the values of `to_json`."""
        return cls(**values | {"passed": passed})


def as_markdown(lines: Sequence[Line]) -> str:
    """Return the table as Markdown, in the order of the scenarios' numbers."""
    rows = [COLUMNS, ("--:", "---", "---", "--:", "--:", "--:", "--:", "--:")]
    for line in sorted(lines, key=lambda line: (line.number, line.name)):
        back = "—" if line.recovery is None else f"{line.recovery:.1f} s"
        name = line.name if line.passed else f"**FAILED** {line.name}"
        counts = (f"{line.files:,}", str(line.lost), str(line.doubled), str(line.partial))
        rows.append((str(line.number), name, line.faults, *counts, back))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
