"""What a check of `onrecord doctor` says."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, and what to do."""

    level: Level
    subject: str
    said: str
    todo: str = ""


def ok(subject: str, said: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, subject, said)


def warning(subject: str, said: str, todo: str) -> Finding:
    """It works, but may not for long."""
    return Finding(Level.WARNING, subject, said, todo)


def problem(subject: str, said: str, todo: str) -> Finding:
    """It does not work."""
    return Finding(Level.PROBLEM, subject, said, todo)
