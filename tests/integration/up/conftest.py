"""The running whole, as `tests.stack` sets it up."""

from tests.stack import stack

__all__ = ["stack"]
