"""A finding: the result of a check of `onrecord doctor`."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the output: how bad it is, the subject of the check, a message, and what to do."""

    level: Level
    subject: str
    message: str
    todo: str = ""


def ok(subject: str, message: str) -> Finding:
    """Return the finding that all is well."""
    return Finding(Level.OK, subject, message)


def warning(subject: str, message: str, todo: str) -> Finding:
    """Return the finding that the subject works, but may soon fail, or does not work in the best way."""
    return Finding(Level.WARNING, subject, message, todo)


def problem(subject: str, message: str, todo: str) -> Finding:
    """Return the finding that the subject does not work."""
    return Finding(Level.PROBLEM, subject, message, todo)
