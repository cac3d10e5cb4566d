"""A figure (a measured number) with its floor, and the table of all figures."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number with its unit, the floor below which it cannot go, and the aim that it should reach."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    floor_name: str = ""
    aim: str = ""

    def row(self) -> str:
        """Return one line of the table."""
        floor = f"{plain(self.floor)} {self.unit} ({self.floor_name})" if self.floor is not None else "—"
        return f"| {self.name} | {plain(self.value)} {self.unit} | {floor} | {self.aim or '—'} |"


def plain(number: float) -> str:
    """Return a number with about three significant digits."""
    if number >= 100 or number == int(number):
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a Markdown table."""
    head = "| figure | measured | floor of the same run | aim |\n|---|---:|---:|---|"
    return "\n".join([head, *(figure.row() for figure in figures)])
