"""The fixture `stack`: a folder and settings in which `onrecord up` runs (`tests.stack`)."""

from tests.stack import stack

__all__ = ["stack"]
