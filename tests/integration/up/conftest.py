"""The fixture `stack` for these tests."""

from tests.stack import stack

__all__ = ["stack"]
