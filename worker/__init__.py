"""Onrecord: drop news articles into a folder, and ask in SQL who said what, where and when.

Each folder here is called a room: one stage that an article passes through, or one thing that all stages need.
`docs/architecture.md` follows one article through all stages.
"""

import os
import sys


def _begin() -> None:
    """Do what must be done before any other code of ours runs."""
    from worker.surroundings import drop

    drop()
    if _is_command():
        from worker import interrupts

        interrupts.end_at_once()


def _is_command() -> bool:
    """True if this process is the command `onrecord` or `python -m worker`, and not another program that imports us."""
    program = sys.argv[0].rpartition("/")[2] if sys.argv else ""
    return program == "onrecord" or (program == "-m" and "worker" in sys.orig_argv)


try:
    _begin()
except KeyboardInterrupt:
    if not _is_command():
        raise
    os._exit(130)  # so soon, a command has nothing to clean up
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""Keep NumPy to one thread. This must be set before NumPy is imported. Onrecord uses several cores by running several
processes. If NumPy in one process keeps a second core busy, it slows the process that uses that core (measured:
linking took ten times as long)."""


def __getattr__(name: str) -> str:
    """Return `worker.__version__`. It is read only when it is needed, since reading it takes 60 ms."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("onrecord")
    except PackageNotFoundError:  # run from a bare checkout
        return "0"
