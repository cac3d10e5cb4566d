"""Facts about one thing: a name and a value, one on each line."""

from typing import TYPE_CHECKING

from worker.cli.answers import write_line

if TYPE_CHECKING:
    from datetime import datetime

FACT = 22
"""The name of a fact takes so many characters."""


def write_fact(name: str, value: object) -> None:
    """Print a fact on one line; nothing, if it is not known."""
    if value not in (None, ""):
        write_line(f"{name:<{FACT}}{value}")


def moment(time: "datetime | None") -> str:
    """Return a time as people read it; an empty text for none."""
    return f"{time:%Y-%m-%d %H:%M}" if time else ""
