"""The table of the model's long form: what the examples of one seed did, and how many statements were broken."""

from collections import Counter
from collections.abc import Mapping, Sequence

from tests.faults.model.operations import ABOUT_QUOTES, ABOUT_SPEAKERS

COLUMNS = {
    "seed": ("seed",),
    "operations": ("operations",),
    "kills": ("kills",),
    "decisions": (*ABOUT_SPEAKERS, *ABOUT_QUOTES),
    "undone": ("undo",),
    "forgotten": ("forget",),
    "two at once": ("at once",),
    "read again": ("read again",),
    "rests compared": ("rests compared",),
    "broken": ("broken",),
    "seconds": ("seconds",),
}
"""The columns, each with the counts that it adds up."""


def counted(counts: Counter[str], *, seed: int, broken: int, seconds: float) -> dict[str, int]:
    """Return the line of one seed. `broken`: how many rests or operations were not as they must be."""
    values = counts + Counter({"seed": seed, "broken": broken, "seconds": round(seconds)})
    return {column: sum(values[name] for name in names) for column, names in COLUMNS.items()}


def as_markdown(lines: Sequence[Mapping[str, int]]) -> str:
    """Return the lines as a table in Markdown."""
    rows = [[*COLUMNS], ["--:"] * len(COLUMNS)]
    rows += [[f"{line[column]:,}" for column in COLUMNS] for line in sorted(lines, key=lambda line: line["seed"])]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
