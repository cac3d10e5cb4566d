"""A length of time in a statement."""

from typing import Any

from sqlalchemy import func


def interval(seconds: Any) -> Any:
    """An `interval` of so many seconds: a number, or a bound parameter."""
    return func.make_interval(0, 0, 0, 0, 0, 0, seconds)
