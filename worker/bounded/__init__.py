"""Splitting and parsing within bounds of time and memory, in a child process that may be killed."""

from worker.bounded.parser import BoundedParser

__all__ = ["BoundedParser"]
